"""Give a telephone number or an e-mail address, or say that it is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rasa_sdk.events import EventType

from actions.reference import PeopleAction, means_another, still_about
from actions.turn import FIELDS, Turn, one_of
from bot.knowledge import Person, Unit

# "Kan du be henne ringa mig?"
_CALL_ME: Final = re.compile(
    r"\b(?:be|säg(?: till| åt)?|hälsa)\b.*\b(?:ring|hör|kontakt|mejl|mail)"
    r"|\bring(?:a|er)?(?: upp)? mig\b|\bhöra? av (?:sig|er|dig)\b|\bkoppla\b",
    re.IGNORECASE,
)
# More names than this are counted.
_NAMED: Final = 4


class ActionReach(PeopleAction):
    """Answers for people that are named or pointed at, else for the unit."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_reach"

    def answer_about(self, turn: Turn, people: list[Person]) -> list[EventType]:
        """Give what is known and say once what is missing."""
        if not people and turn.entities("other_person"):
            turn.say_unknown_person()
            return turn.remember(people=[])
        if not people and (matter := still_about(turn)):
            return turn.take_as(matter)
        if not people and means_another(turn):
            return turn.take_as("repeat")
        if _CALL_ME.search(turn.text):
            turn.say("utter_no_human")
        asked: list[Person | Unit] = [*people] or [turn.knowledge.unit]
        ways = [way for way in turn.entities("way") if way in FIELDS.values()]
        fields = ways if len(ways) > 1 else [FIELDS[turn.intent]]
        for field in fields:
            self._tell(turn, asked, people, field)
        self._offer_other_ways(turn, asked, fields)
        return turn.remember(people=people)

    def _tell(
        self, turn: Turn, asked: list[Person | Unit], people: list[Person], field: str
    ) -> None:
        """Give the field of everybody who has it, and say once who lacks it."""
        for one in asked:
            if value := getattr(one, field):
                turn.show(f"utter_{field}", people, name=one.name, value=value)
        lacking = [one.name for one in asked if not getattr(one, field)]
        if lacking:
            count = len(lacking)
            many = "_many" if count > _NAMED else "_several" if count > 1 else ""
            names = one_of(lacking, "och")
            turn.show(f"utter_{field}_missing{many}", people, name=names, count=count)

    def _offer_other_ways(
        self, turn: Turn, asked: list[Person | Unit], fields: Sequence[str]
    ) -> None:
        """Say the next best way: the other address, or where to turn instead."""
        lacking = [one for one in asked if not any(getattr(one, field) for field in fields)]
        others = [(one, way) for one in lacking for way in FIELDS.values() if getattr(one, way)]
        for one, way in others:
            turn.say(f"utter_{way}", name=one.name, value=getattr(one, way))
        buttons = turn.ways_on("contact_topic", "contact_all")
        if others or not lacking:
            turn.say("utter_anything_else", buttons)
        else:
            turn.say("utter_instead", buttons, instead=turn.knowledge.unit.instead)
