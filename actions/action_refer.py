"""Answer about the one of a list that the visitor points at: "den andra"."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.turn import KnowledgeAction, Turn, ask


class ActionRefer(KnowledgeAction):
    """Goes on as if the visitor had chosen that one of the last list."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_refer"

    def answer(self, turn: Turn) -> list[EventType]:
        """Find what is pointed at and ask about it."""
        listed = turn.listed() or turn.offered()
        place = self._place(turn, listed)
        if place is None or not -1 <= place < len(listed):
            turn.say("utter_refer_to_what", turn.ways_on("areas_overview", "contact_all", "help"))
            return []
        return ask(listed[place])

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
