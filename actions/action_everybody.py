"""List everybody who works at the unit."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import EventType

from actions.reference import asks_for_others, still_about
from actions.turn import KnowledgeAction, Turn, ask, bullets

# A longer list is no answer; then those are named whom anybody can turn to.
_MOST: Final = 40
# "Koppla mig till en riktig människa, inte en robot."
_A_HUMAN: Final = re.compile(
    r"m[äa]nn?isk|mänsklig|levande|koppla|robot|\bbot\b|chattbot|dator|maskin|riktig", re.IGNORECASE
)


class ActionEverybody(KnowledgeAction):
    """Lists all people with their titles, if they are not too many to read."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_everybody"

    def answer(self, turn: Turn) -> list[EventType]:
        """List people."""
        if matter := still_about(turn):
            return turn.take_as(matter)
        if asks_for_others(turn):
            teller = turn.knowledge.teller_of(turn.last_question() or "")
            return ask(f"/{teller}") if teller else turn.take_as("more")
        count = len(turn.knowledge.people)
        is_short = count <= _MOST
        people = [*turn.knowledge.people.values()] if is_short else turn.knowledge.to_turn_to()
        lines = bullets(f"{person.name}, {person.title.lower()}" for person in people)
        if _A_HUMAN.search(turn.text):
            turn.say("utter_no_human")
        utterance = "utter_everybody" if is_short else "utter_everybody_many"
        turn.show(utterance, people, count=count, people=lines)
        turn.say_how_to_reach(people, "contact_topic", "help")
        listed = turn.about_each(people)
        return turn.remember(people=[], listed=listed)
