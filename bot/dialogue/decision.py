"""What was decided on a message: what it asks, and what answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bot.dialogue.memory import Ask
from bot.dialogue.titles import TitleOf

# What answers a kind of question, by the names that domain.yml has for actions.
FACET: Final = "action_facet"
CLAIM: Final = "action_claim"
AGAIN: Final = "action_again"
OVER_TOLD: Final = "action_over_told"
SAY: Final = "action_say"
ASK_BACK: Final = "action_ask_back"
STRANGER: Final = "action_stranger"
# What is asked of the topic is not clear enough to be answered by itself.
UNCLEAR: Final = "unclear"
# Of a claim that is only near, not settled.
UNSAID: Final = "unsaid"


@dataclass(frozen=True)
class Decision:
    """What a message asks, and which action answers; None leaves it to the rules.

    Attributes:
        phrase: what is said, of an answer that is one phrase.
        truth: of a yes-or-no question, what is so: yes, no, or unsaid.
        claim: the id of the claim that settles it, or "".
        titles: who is said to have which title, or among whom one who has it is asked for.
        lacks: where words of the message name what the page tells nothing of: [start, end).
        is_topic_clear: whether it is clear all the same what topic they belong to.
        is_missing: whether the page is likely to tell nothing of what is asked.
        is_told: whether it surely tells it, so that what it leaves out beside it is not asked.
        is_by_context: whether only the conversation tells what it is about.
        is_told_otherwise: whether the intent answers it where no claim settles it.
        is_easy: whether easy words are wanted from now on; None where nothing is said of it.

    """

    asks: tuple[Ask, ...]
    action: str | None = None
    phrase: str = ""
    truth: str = ""
    claim: str = ""
    titles: tuple[TitleOf, ...] = ()
    lacks: tuple[tuple[int, int], ...] = ()
    is_topic_clear: bool = False
    is_missing: bool = False
    is_told: bool = False
    is_by_context: bool = False
    is_told_otherwise: bool = False
    is_easy: bool | None = None

    def as_slot(self) -> dict[str, Any] | None:
        """Return plain values that a slot can hold; nothing where the rules answer."""
        if self.action is None:
            return None
        return {
            "action": self.action,
            "asks": [ask.as_slot() for ask in self.asks],
            "phrase": self.phrase,
            "truth": self.truth,
            "claim": self.claim,
            "titles": [[one.person, one.role] for one in self.titles],
            "lacks": [list(place) for place in self.lacks],
            "is_topic_clear": self.is_topic_clear,
            "is_missing": self.is_missing,
            "is_told": self.is_told,
        }

    @classmethod
    def of_slot(cls, value: dict[str, Any] | None) -> Decision:
        """Return what `as_slot` wrote."""
        value = value or {}
        return cls(
            asks=tuple(Ask.of_slot(one) for one in value.get("asks", ())) or (Ask("ask"),),
            action=value.get("action"),
            phrase=str(value.get("phrase", "")),
            truth=str(value.get("truth", "")),
            claim=str(value.get("claim", "")),
            titles=tuple(TitleOf(*one) for one in value.get("titles", ())),
            lacks=tuple((start, end) for start, end in value.get("lacks", ())),
            is_topic_clear=bool(value.get("is_topic_clear")),
            is_missing=bool(value.get("is_missing")),
            is_told=bool(value.get("is_told")),
        )
