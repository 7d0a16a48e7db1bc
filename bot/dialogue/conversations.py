"""Read annotated conversations: what visitors say, and what they mean by it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.dialogue.memory import CHAT, Ask, Memory

# An honest answer to these tells nothing.
_SILENT: Final = ("none", None)
POLAR: Final = ("yes", "no", "unsaid")


@dataclass(frozen=True)
class Turn:
    """One message of a conversation, what was asked before it, and what it asks itself.

    Attributes:
        is_alone: whether the text is what would have to be asked without the conversation.
        page: what the page makes of it: told, missing, yes, no, unsaid, whose matter it is.
        subjects: the words that name what the page tells nothing of; None where nobody has looked.
        asked: the words that ask each thing, in order; empty where nobody has marked them.

    """

    writer: str
    text: str
    before: Memory
    asks: tuple[Ask, ...]
    is_alone: bool = False
    page: str | None = None
    subjects: tuple[str, ...] | None = None
    asked: tuple[str, ...] = ()

    @property
    def main(self) -> Ask:
        """The first thing that wants an answer, else the first of all."""
        return next(iter(self.asking), self.asks[0])

    @property
    def asking(self) -> tuple[Ask, ...]:
        """What wants an answer."""
        return tuple(ask for ask in self.asks if ask.facet or ask.polar)

    def in_parts(self, texts: Sequence[str]) -> Iterator[Turn]:
        """Yield what it asks as turns of one thing each; every one follows those before it."""
        before = self.before
        for text, ask in zip(texts, self.asking, strict=False):
            yield Turn(self.writer, text, before, (ask,))
            before = before.after((ask,))


def read_turns(path: Path) -> Iterator[Turn]:
    """Yield the turns of a file of conversations, one conversation a line.

    What a turn would be without its conversation follows as a first turn.

    Raises:
        ValueError: a line is no conversation.

    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            memory = Memory()
            for turn in json.loads(line)["turns"]:
                asks = tuple(_ask(means) for means in turn["means"]) or (Ask("ack"),)
                page = _page(turn["means"])
                subjects = tuple(turn["subjects"]) if "subjects" in turn else None
                text = str(turn["text"])
                asked = tuple(str(one["span"]) for one in turn["means"] if "span" in one)
                yield Turn(path.stem, text, memory, asks, False, page, subjects, asked)
                if alone := turn.get("alone"):
                    yield Turn(path.stem, str(alone), Memory(), asks, is_alone=True, page=page)
                memory = memory.after(asks)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}:{number}: {error!r}") from error


def _page(means: list[dict[str, Any]]) -> str | None:
    asking = [one for one in means if one.get("facet") or one.get("page") in POLAR]
    return next((one.get("page") for one in asking or means), None)


def _ask(means: dict[str, Any]) -> Ask:
    is_silent = means.get("page") in _SILENT
    topics = tuple(means.get("topic") or ()) or (CHAT,)
    return Ask(
        str(means["act"]),
        topics,
        None if is_silent else means.get("facet"),
        means.get("page") in POLAR,
    )
