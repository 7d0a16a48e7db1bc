"""Ask which of the nearest questions the visitor meant."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.turn import KnowledgeAction, Turn

_CHOICES = 3


class ActionAskBack(KnowledgeAction):
    """Offers the questions that the message resembles most, when none is near enough."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_ask_back"

    def answer(self, turn: Turn) -> list[EventType]:
        """Ask back, about the people that the message named."""
        near = [intent for intent in turn.ranked() if intent in turn.knowledge.questions]
        if turn.entities("other_person") and near[:1] and near[0].startswith("contact_"):
            turn.say_unknown_person()
            return []
        buttons = turn.ways_on(*near[:_CHOICES])
        turn.say("utter_unsure", buttons or turn.ways_on("help"))
        named = turn.named()
        return turn.remember(people=named) if named else []
