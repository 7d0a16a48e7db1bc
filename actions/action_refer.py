"""Answer about the one of a list that the visitor points at: "den andra"."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.action_same_question import ask_about
from actions.turn import KnowledgeAction, Turn, ask
from bot.knowledge import Person


class ActionRefer(KnowledgeAction):
    """Goes on as if the visitor had chosen that one of the last list."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_refer"

    def answer(self, turn: Turn) -> list[EventType]:
        """Find what is pointed at and ask about it."""
        other = self._the_other_person(turn)
        if other:
            return ask_about(turn, other)
        listed = turn.listed() or turn.offered()
        place = self._place(turn, listed)
        if place is None or not -1 <= place < len(listed):
            turn.say("utter_refer_to_what", turn.ways_on("areas_overview", "contact_all", "help"))
            return []
        return ask(listed[place])

    def _the_other_person(self, turn: Turn) -> Person | None:
        """Return whom "inte hon, den andra" means: the last one who is not "hon"."""
        if not turn.entities("pronoun") or "2" not in turn.entities("ordinal"):
            return None
        focus = turn.focus()
        return next((person for person in turn.mentioned() if person not in focus), None)

    def _place(self, turn: Turn, listed: list[str]) -> int | None:
        """Return the index in the list, -1 for the last, None when nothing says which."""
        for value in turn.entities("ordinal"):
            if value.isdigit():
                return int(value) - 1
            if value == "last":
                return -1
            if value == "middle" and len(listed) % 2:
                return len(listed) // 2
            if value == "next":
                return self._after_the_last_one(turn, listed)
        return None

    def _after_the_last_one(self, turn: Turn, listed: list[str]) -> int | None:
        last = f"/{turn.last_question()}"
        return listed.index(last) + 1 if last in listed else None
