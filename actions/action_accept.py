"""Do what the bot offered when the visitor says yes."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import EventType

from actions.reference import DISTRESS
from actions.turn import KnowledgeAction, Turn, ask

# Said to what was told, not to an offer.
_ACKNOWLEDGES: Final = re.compile(
    r"(?:\W*\b(?:ok|okej|oki|okey|ah?a+|jaha|jas+å|mm+|hm+|jo ?men|då så|så pass)\b)+\W*",
    re.IGNORECASE,
)


class ActionAccept(KnowledgeAction):
    """Takes the first of the questions that the last answer offered."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_accept"

    def answer(self, turn: Turn) -> list[EventType]:
        """Go on with the first offer; "vilka då?" asks on about what was said instead."""
        last = turn.last_question()
        if turn.intent == "which" and last:
            if last == "contact_person" and not turn.focus():
                return turn.take_as("contact_all")
            return turn.take_as("more" if last in turn.knowledge.facts else "repeat")
        if last in DISTRESS:
            return turn.take_as(last)
        if _ACKNOWLEDGES.fullmatch(turn.text):
            turn.say("utter_decline", turn.ways_on("help", "contact_topic"))
            return []
        if turn.entities("pronoun") and turn.focus():  # "Ja, just hon."
            return turn.take_as("contact_person")
        offered = turn.offered()
        if offered:
            return ask(offered[0])
        turn.say("utter_accept_what")
        return []
