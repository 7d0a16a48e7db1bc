"""Answer the question of the last turn again, about somebody else."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.action_reach import FIELDS
from actions.turn import KnowledgeAction, Turn, ask
from bot.knowledge import Person


class ActionSameQuestion(KnowledgeAction):
    """Repeats a question about a person: "och Sara då?"."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_same_question"

    def answer(self, turn: Turn) -> list[EventType]:
        """Ask again about whom the message names."""
        people = turn.named()
        if not people:
            if turn.entities("other_person"):
                turn.say_unknown_person()
            else:
                turn.say("utter_whom", turn.ways_on("contact_all", "role_head"))
            return []
        return ask_about(turn, people[0])


def ask_about(turn: Turn, person: Person) -> list[EventType]:
    """Return events that ask the last question about this person, or who it is."""
    last = turn.last_question()
    intent = last if last in FIELDS else "contact_person"
    return ask(turn.knowledge.button(str(intent), person.id)["payload"])
