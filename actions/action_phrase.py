"""Utter a phrase of the bot's own."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.turn import KnowledgeAction, Turn


class ActionPhrase(KnowledgeAction):
    """Utters the phrase of domain.yml that is named after the intent."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_phrase"

    def answer(self, turn: Turn) -> list[EventType]:
        """Utter it."""
        turn.say(f"utter_{turn.intent}")
        return []
