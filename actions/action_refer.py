"""Answer about the one of a list that the visitor points at: "den andra"."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.reference import (
    answered_about_people,
    asks_on,
    ordinals,
    pointed_at,
    same_question_about,
    the_other,
)
from actions.turn import KnowledgeAction, Turn, ask


class ActionRefer(KnowledgeAction):
    """Goes on as if the visitor had chosen that one of the last list."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_refer"

    def answer(self, turn: Turn) -> list[EventType]:
        """Find what is pointed at and ask about it."""
        here = [f"/{turn.last_question()}", *turn.about_each(turn.focus())]
        listed = self._list_with(turn)
        current = next((payload for payload in here if payload in listed), None)
        if "2" in ordinals(turn):
            other = the_other(turn)
            if other and (
                turn.entities("pronoun") or (not current and answered_about_people(turn))
            ):
                return same_question_about(turn, [other])
            if turn.entities("group") and current:
                return ask(*[payload for payload in listed if payload != current])
        if not turn.listed() and answered_about_people(turn) and len(turn.mentioned()) > 1:
            listed = turn.about_each(reversed(turn.mentioned()))  # "Den första igen."
        # "3" may be a button, where fewer were listed.
        chosen = pointed_at(turn, listed, after=current) or pointed_at(turn, turn.offered())
        if chosen:
            return ask(chosen)
        if asks_on(turn):
            return turn.take_as("more")
        turn.say("utter_refer_to_what")
        return []

    def _list_with(self, turn: Turn) -> list[str]:
        """Return the last list, else one that the last answer belongs to, else the offers."""
        if turn.is_list_left:
            return turn.offered()
        if listed := turn.listed():
            return listed
        beside = turn.knowledge.list_with(turn.last_question() or "")
        return [f"/{name}" for name in beside] or turn.offered()
