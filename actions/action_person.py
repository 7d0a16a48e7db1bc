"""Tell who somebody is."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.claims import claims, only_titles
from actions.reference import PeopleAction
from actions.turn import FIELDS, Turn, ask, one_of
from bot.knowledge import Person


class ActionPerson(PeopleAction):
    """Tells name, title, responsibilities and ways to reach whom the message is about."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_person"

    def answer_about(self, turn: Turn, people: list[Person]) -> list[EventType]:
        """Tell about whom the message names, or whom the conversation was about."""
        if len(people) == 1 and (question := self._asked_which(turn, people[0])):
            return ask(question)
        if not people and turn.entities("other_person"):
            turn.say_unknown_person()
            return turn.remember(people=[])
        if not people:
            turn.say("utter_whom", turn.ways_on("contact_all", turn.knowledge.first_role.intent))
            return turn.remember()
        claimed = claims(turn)
        if claimed and not (only_titles(turn) and all(one.is_true(turn) for one in claimed)):
            return turn.take_as(claimed[0].role.intent)
        for person in people:
            self._tell(turn, person)
        buttons = turn.ways_on("contact_all", "contact_topic")
        if all(person.phone or person.email for person in people):
            turn.say("utter_anything_else", buttons)
        else:
            turn.say("utter_instead", buttons, instead=turn.knowledge.unit.instead)
        listed = turn.about_each(people) if len(people) > 1 else None
        return turn.remember(people=people, listed=listed)

    def _asked_which(self, turn: Turn, person: Person) -> str | None:
        """Return the question to which this person's name is the answer: "Vem av dem?"."""
        payloads = [turn.knowledge.button(intent, person.id)["payload"] for intent in FIELDS]
        return next((payload for payload in turn.offered() if payload in payloads), None)

    def _tell(self, turn: Turn, person: Person) -> None:
        unit = turn.knowledge.unit.name
        turn.show("utter_person", [person], title=person.title.lower(), name=person.name, unit=unit)
        if person.areas:
            turn.say("utter_person_areas", areas=", ".join(person.areas))
        if person.phone:
            turn.say("utter_phone", name=person.name, value=person.phone)
        if person.email:
            turn.say("utter_email", name=person.name, value=person.email)
        if person.lacks:
            fields = one_of(person.lacks, "och").capitalize()
            turn.say("utter_person_missing", name=person.name, fields=fields)
