"""Leave what the bot offered when the visitor says no."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.turn import KnowledgeAction, Turn


class ActionDecline(KnowledgeAction):
    """Offers other questions; "nej, Sara" is a question about Sara."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_decline"

    def answer(self, turn: Turn) -> list[EventType]:
        """Offer other ways."""
        if turn.entities("person") or turn.entities("role"):
            return turn.take_as("same_question")
        turn.say("utter_decline", turn.ways_on("help", "contact_topic"))
        return []
