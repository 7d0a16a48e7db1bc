"""Tell whom to contact about a topic."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import telling
from actions.reference import still_about
from actions.turn import KnowledgeAction, Turn


class ActionTopic(KnowledgeAction):
    """Names those responsible for the topic, or says that it is unknown and whom to ask."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_topic"

    def answer(self, turn: Turn) -> list[EventType]:
        """Name people."""
        if matter := still_about(turn):
            return turn.take_as(matter)
        return telling.whom_to_turn_to(turn)
