"""Tell who has a role: the head of the unit, the consultants, the project leader."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.reference import (
    asks_for_the_same,
    asks_whether_a_stranger_is,
    goes_on_about,
    meant,
    same_question_about,
)
from actions.turn import KnowledgeAction, Turn, bullets
from bot.knowledge import Person


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
        people = turn.knowledge.with_role(role)
        if people and asks_for_the_same(turn):
            return same_question_about(turn, people)
        for person in _asked_about(turn):
            if person not in people:  # "Är hon chef?" No.
                title = person.title.lower()
                turn.show("utter_role_one", [person], name=person.name, title=title)
        buttons = turn.ways_on(*role.follow_ups)
        title = role.title.lower()
        if not people:
            turn.say("utter_role_nobody", buttons, title=title)
        elif len(people) == 1:
            turn.show("utter_role_one", people, name=people[0].name, title=title, buttons=buttons)
        else:
            names = bullets(person.name for person in people)
            plural, count = role.plural.lower(), len(people)
            turn.show(
                "utter_role_many", people, count=count, plural=plural, people=names, buttons=buttons
            )
        listed = turn.about_each(people)
        return turn.remember(people=people, listed=listed)


def _asked_about(turn: Turn) -> list[Person]:
    """Return whom the message asks this of: by name, or as "hon"."""
    return meant(turn) if turn.entities("person") or turn.entities("pronoun") else []
