"""List everybody who works at the unit."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import EventType

from actions import telling
from actions.reference import asks_for_others, still_about
from actions.turn import KnowledgeAction, Turn, ask

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
        if _A_HUMAN.search(turn.text):
            turn.say("utter_no_human")
        return telling.everybody(turn)
