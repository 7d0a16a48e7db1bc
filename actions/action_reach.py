"""Give a telephone number or an e-mail address, or say that it is missing."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.reference import PeopleAction
from actions.turn import Turn, one_of
from bot.knowledge import Person, Unit

# The field that each intent asks for; the utterances are named after it.
FIELDS = {"contact_phone": "phone", "contact_email": "email"}


class ActionReach(PeopleAction):
    """Answers for people that are named or pointed at, else for the unit."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_reach"

    def answer_about(self, turn: Turn, people: list[Person]) -> list[EventType]:
        """Give what is known and say once what is missing."""
        field = FIELDS[turn.intent]
        if not people and turn.entities("other_person"):
            turn.say_unknown_person()
            return turn.remember(people=[])
        asked: list[Person | Unit] = [*people] or [turn.knowledge.unit]
        for one in asked:
            value = getattr(one, field)
            if value:
                turn.show(f"utter_{field}", people, name=one.name, value=value)
        lacking = [one for one in asked if not getattr(one, field)]
        if lacking:
            several = "_several" if len(lacking) > 1 else ""
            names = one_of([one.name for one in lacking], "och")
            turn.show(f"utter_{field}_missing{several}", people, name=names)
        self._offer_other_ways(turn, asked, field)
        return turn.remember(people=people)

    def _offer_other_ways(self, turn: Turn, asked: list[Person | Unit], field: str) -> None:
        """Say the next best way: the other address, or where to turn instead."""
        other = "email" if field == "phone" else "phone"
        known = [one for one in asked if getattr(one, other) and not getattr(one, field)]
        for one in known:
            turn.say(f"utter_{other}", name=one.name, value=getattr(one, other))
        buttons = turn.ways_on("contact_topic", "contact_all")
        if known or all(getattr(one, field) for one in asked):
            turn.say("utter_anything_else", buttons)
        else:
            turn.say("utter_instead", buttons, instead=turn.knowledge.unit.instead)
