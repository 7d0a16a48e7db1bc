"""Do what the bot offered when the visitor says yes."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.turn import KnowledgeAction, Turn, ask


class ActionAccept(KnowledgeAction):
    """Takes the first of the questions that the last answer offered."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_accept"

    def answer(self, turn: Turn) -> list[EventType]:
        """Go on with the first offer."""
        offered = turn.offered()
        if offered:
            return ask(offered[0])
        turn.say("utter_accept_what", turn.ways_on("mission_overview", "areas_overview", "help"))
        return []
