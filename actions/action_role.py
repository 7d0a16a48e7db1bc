"""Tell who has a role: the head of the unit, the consultants, the project leader."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import EventType

from actions import telling
from actions.claims import claims, people_of, say_whether
from actions.reference import (
    asks_for_the_same,
    asks_whether_a_stranger_is,
    asks_which_of_them,
    asks_who_did_it,
    goes_on_about,
    means_another,
    same_question_about,
)
from actions.turn import KnowledgeAction, Turn

# Of more people than this, who has the role is another question than who has not.
_A_FEW: Final = 3
# "Vilka är inte konsulenter?", "vilka jobbar där förutom konsulenterna?"
_ALL_BUT: Final = re.compile(
    r"\bvilka\b.*\binte\b|\b(?:förutom|utom|bortsett från)\b", re.IGNORECASE
)


class ActionRole(KnowledgeAction):
    """Names everybody who has the role that the intent asks for."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_role"

    def answer(self, turn: Turn) -> list[EventType]:
        """Name whoever has the role."""
        role = turn.knowledge.roles.get(turn.intent)
        if role is None:
            turn.say("utter_oos")
            return []
        if matter := goes_on_about(turn):
            return turn.take_as(matter)
        if asks_whether_a_stranger_is(turn):
            turn.say_unknown_person()
            return turn.remember(people=[])
        if means_another(turn):
            return turn.take_as("repeat")
        if asks_who_did_it(turn):
            return turn.take_as("more")
        if _ALL_BUT.search(turn.text):
            return turn.take_as("contact_all")
        people = turn.knowledge.with_role(role)
        if people and asks_for_the_same(turn):
            return same_question_about(turn, people)
        buttons = turn.ways_on(*role.follow_ups, about=people)
        title = role.title.lower()
        if claimed := claims(turn, role):
            is_true = say_whether(turn, claimed)
            about = people_of(claimed)
            if is_true or len(about) > 1 or len(people) > _A_FEW:
                turn.say("utter_anything_else", buttons)
                return turn.remember(people=about, beside=people)
        among = asks_which_of_them(turn)
        if among and not any(person in people for person in among):
            turn.say("utter_none_of_them", title=title)
        return telling.role(turn, role)
