"""Ask who or which question the visitor meant."""

from __future__ import annotations

from typing import Final

from actions.turn import INTENTS_OF_WAYS, KnowledgeAction, Turn
from bot.dialogue.decision import ASK_BACK

_CHOICES: Final = 3
# More buttons than this are a list to read; then the visitor is asked for the full name.
_PEOPLE: Final = 4


class ActionAskBack(KnowledgeAction):
    """Offers the people or the questions among which the message does not tell."""

    def name(self) -> str:
        """Return the name that the policy and the rules use."""
        return ASK_BACK

    def answer(self, turn: Turn) -> None:
        """Ask for the one that is meant."""
        people = turn.ask.people
        if len(people) > _PEOPLE:
            turn.say("utter_whom", turn.ways_on("contact_all"))
        elif people:
            intent = INTENTS_OF_WAYS.get(str(turn.ask.facet), "contact_person")
            buttons = [turn.knowledge.button(intent, person) for person in people]
            turn.say("utter_which_person", buttons)
        elif turn.ask.facet:
            turn.say("utter_whom", turn.ways_on("contact_all", turn.knowledge.first_role.intent))
        else:
            near = [intent for intent in turn.ranked() if intent in turn.knowledge.questions]
            turn.say("utter_unsure", turn.ways_on(*near[:_CHOICES]) or turn.ways_on("help"))
