"""Utter a phrase of the bot's own."""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import EventType

from actions.reference import (
    STAYING,
    asks_about_it,
    asks_on_what_is_missing,
    goes_on_about,
    still_about,
)
from actions.turn import KnowledgeAction, Turn
from bot.settings import settings

# Whoever says so after help with an emergency is not in one.
_ENDING: Final = ("thanks", "goodbye")


class ActionPhrase(KnowledgeAction):
    """Utters the phrase of domain.yml that is named after the intent."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_phrase"

    def answer(self, turn: Turn) -> list[EventType]:
        """Utter it."""
        in_danger = turn.last_question() == "emergency" and turn.intent not in _ENDING
        unclear = (turn.intent == "oos" or in_danger) and still_about(turn)
        if turn.intent not in STAYING and (matter := unclear or goes_on_about(turn)):
            return turn.take_as(matter)
        if turn.intent == "oos" and asks_about_it(turn):
            return turn.take_as("more")
        if turn.intent == "oos" and asks_on_what_is_missing(turn):
            return turn.take_as("unit_missing")
        if turn.intent == "privacy" and settings().collect_questions:
            turn.say("utter_privacy_collecting")
            return []
        again = turn.intent == turn.last_question() and turn.intent in STAYING
        turn.say(f"utter_{turn.intent}_again" if again else f"utter_{turn.intent}")
        return turn.remember() if turn.intent in STAYING else []
