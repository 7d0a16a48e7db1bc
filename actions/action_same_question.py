"""Answer the question of the last turn again, about somebody else."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.reference import PeopleAction, same_question_about
from actions.turn import Turn
from bot.knowledge import Person


class ActionSameQuestion(PeopleAction):
    """Repeats a question about a person: "och Sara då?"."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_same_question"

    def answer_about(self, turn: Turn, people: list[Person]) -> list[EventType]:
        """Ask again about whom the message means."""
        if people:
            return same_question_about(turn, people)
        if turn.entities("other_person"):
            turn.say_unknown_person()
        else:
            turn.say("utter_whom", turn.ways_on("contact_all", turn.knowledge.first_role.intent))
        return []
