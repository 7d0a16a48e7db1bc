"""One message, or one part of it, as the pipeline understood it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.language.languages import LANGUAGE, SWEDISH
from bot.nlu.parts import ASKED, PART

Entity = Mapping[str, Any]
_START: Final = "start"
# More names and numbers than whoever asks would write, and few enough to compare with each other.
_MOST_ENTITIES: Final = 40


@dataclass(frozen=True)
class Heard:
    """One message, or one part of it.

    Attributes:
        text: what the visitor wrote; of a message that asks several things, the part of one.
        intent: what the classifier takes it for.
        margin: how near that is; above 0 is likely.
        margins: how near every intent is by its words, in the order of the classifier's labels.
        nearest: intents by how near they are, the nearest first.
        is_chosen: whether a button was pressed.
        is_part: whether the message asks something else too, each part of it by itself.
        is_beside_care: whether another part tells of distress, which has been answered.
        offered: the payloads of the buttons under the last answer.
        told: keys of what the last answer told, and the people whom it named.
        entities: Rasa's parse data, in the order of the message, the first forty.
        language: that of the message; None where its words do not tell.
        asked: the words that ask, if others only tell; empty if that is not known.

    """

    text: str
    intent: str
    margin: float
    margins: Sequence[float]
    nearest: Sequence[str]
    is_chosen: bool
    is_part: bool
    is_beside_care: bool
    offered: Sequence[str]
    entities: Sequence[Entity]
    told: Sequence[str] = ()
    language: str | None = None
    asked: str = ""

    @classmethod
    def of(
        cls,
        text: str,
        parsed: Mapping[str, Any],
        margin: float | None,
        margins: Sequence[float],
        offered: Sequence[str],
        told: Sequence[str] = (),
    ) -> Heard:
        """Read Rasa's parse data; without a margin a button was pressed."""
        # A line of help beside it is of the whole message.
        others = [part for part in parsed.get("further") or () if part.get("text") != text]
        text = str(parsed.get(PART) or text)
        return cls(
            text=text,
            intent=str((parsed.get("intent") or {}).get("name")),
            margin=margin or 0.0,
            margins=margins,
            nearest=[str(one["name"]) for one in parsed.get("intent_ranking") or ()],
            is_chosen=margin is None,
            is_part=bool(parsed.get("is_part") or others),
            is_beside_care=bool(parsed.get("beside_care")),
            offered=offered,
            entities=sorted(parsed.get("entities") or (), key=_start)[:_MOST_ENTITIES],
            told=told,
            language=parsed.get(LANGUAGE),
            asked=str(parsed.get(ASKED) or ""),
        )

    def of_kind(self, kind: str) -> list[Entity]:
        """Return the entities of one kind."""
        return [entity for entity in self.entities if entity["entity"] == kind]

    def values(self, kind: str) -> list[str]:
        """Return the values of one kind of entity, each once."""
        return list(dict.fromkeys(str(entity["value"]) for entity in self.of_kind(kind)))

    def words_of(self, entity: Entity) -> str:
        """Return what the visitor wrote for an entity; nothing if it came with a button."""
        is_written = _START in entity and not self.is_chosen
        return self.text[entity[_START] : entity["end"]] if is_written else ""

    @property
    def is_other_language(self) -> bool:
        """Whether it is written in another language than Swedish."""
        return self.language not in (None, SWEDISH)

    @property
    def length(self) -> int:
        """How many words the message has."""
        return len(self.text.split())


def _start(entity: Entity) -> int:
    return int(entity.get(_START, 0))
