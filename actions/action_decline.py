"""Leave what the bot offered when the visitor says no."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import EventType

from actions.reference import DISTRESS
from actions.turn import KnowledgeAction, Turn

# "Det stämmer inte", "du har fel": no answer to an offer, and nothing to agree with.
_DISAGREES: Final = re.compile(
    r"\bfell*\b|felaktig|stämmer|stämde|\bsant?\b|lögn|inte det jag|missförst|missuppfatt|fatta",
    re.IGNORECASE,
)


class ActionDecline(KnowledgeAction):
    """Offers other questions; "nej, Sara" is a question about Sara."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_decline"

    def answer(self, turn: Turn) -> list[EventType]:
        """Offer other ways."""
        if (last := turn.last_question()) in DISTRESS:  # "Nej det går inte" is no good-bye.
            return turn.take_as(last)
        if turn.entities("person") or turn.entities("role"):
            return turn.take_as("same_question")
        utterance = "utter_disagree" if _DISAGREES.search(turn.text) else "utter_decline"
        turn.say(utterance, turn.ways_on("help", "contact_topic"))
        return []
