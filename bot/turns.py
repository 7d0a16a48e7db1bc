"""One turn of a conversation as it is told: the reply, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

# The parts of a turn that are timed.
UNDERSTANDING: Final = "understanding"
ACTING: Final = "acting"
SAVING: Final = "saving"


@dataclass(frozen=True)
class Said:
    """One utterance: its text, the phrase of domain.yml or None, and the answer's id or None."""

    text: str
    phrase: str | None
    answer: str | None


@dataclass(frozen=True)
class Step:
    """What one question of a message was taken for, and what the bot did.

    Attributes:
        text: the question's own words; of a payload, the payload.
        intent: what it was taken for.
        ranking: the intents that it resembles and their confidence, nearest first; empty
            for what an action went on with.
        entities: Rasa's parse data.
        actions: what was run.
        said: what was uttered.

    """

    text: str
    intent: str
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[dict[str, Any], ...]
    actions: tuple[str, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Observed:
    """One turn: the reply, and the way to it.

    Attributes:
        text: what the visitor wrote.
        items: the reply, as clients get it.
        steps: the message, and what actions went on with.
        before: slots that were set when the message came.
        after: slots that are set now.
        seconds: of understanding, acting and saving; of an encoder that was asked too.

    """

    text: str
    items: list[dict[str, Any]]
    steps: tuple[Step, ...] = ()
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    seconds: dict[str, float] | None = None

    @property
    def reply(self) -> str:
        """The texts of the reply, a line break between them."""
        return "\n".join(item["text"] for item in self.items)
