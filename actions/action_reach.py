"""Give a telephone number or an e-mail address, or say that it is missing."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import EventType

from actions import telling
from actions.reference import PeopleAction, means_another, still_about
from actions.turn import FIELDS, Turn
from bot.knowledge import Person

# "Kan du be henne ringa mig?"
_CALL_ME: Final = re.compile(
    r"\b(?:be|säg(?: till| åt)?|hälsa)\b.*\b(?:ring|hör|kontakt|mejl|mail)"
    r"|\bring(?:a|er)?(?: upp)? mig\b|\bhöra? av (?:sig|er|dig)\b|\bkoppla\b",
    re.IGNORECASE,
)


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
        named = [way for way in turn.entities("way") if way in FIELDS.values()]
        return telling.ways(turn, people, named if len(named) > 1 else [FIELDS[turn.intent]])
