"""Say the last answer again."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.reference import OF_A_PERSON
from actions.turn import KnowledgeAction, Turn, ask, ask_about


class ActionRepeat(KnowledgeAction):
    """Answers the last question once more."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_repeat"

    def answer(self, turn: Turn) -> list[EventType]:
        """Ask it again, about the same people."""
        last = turn.last_question()
        if last is None:
            turn.say("utter_refer_to_what")
            return []
        return ask_about(last, turn.focus()) if last in OF_A_PERSON else ask(f"/{last}")
