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
        """Go on with the first offer; "vilka då?" asks on about what was said instead."""
        last = turn.last_question()
        if turn.intent == "which" and last:
            if last == "contact_person" and not turn.focus():
                return turn.take_as("contact_all")
            return turn.take_as("more" if last in turn.knowledge.facts else "repeat")
        if last == "emergency":
            return turn.take_as(last)
        offered = turn.offered()
        if offered:
            return ask(offered[0])
        turn.say("utter_accept_what")
        return []
