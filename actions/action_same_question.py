"""Answer the question of the last turn again, about somebody else."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.claim_words import is_said
from actions.claims import claims
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
        if people and is_said(turn.own_text) and (claimed := claims(turn)):
            # "anna å örjan e di konsulenter båda två"
            return turn.take_as(claimed[0].role.intent)
        if people:
            return same_question_about(turn, people)
        if turn.entities("other_person"):
            turn.say_unknown_person()
        else:
            turn.say("utter_whom", turn.ways_on("contact_all", turn.knowledge.first_role.intent))
        return []
