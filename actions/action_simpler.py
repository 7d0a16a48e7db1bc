"""Say the last answer in simpler words."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.reference import DISTRESS
from actions.turn import KnowledgeAction, Turn


class ActionSimpler(KnowledgeAction):
    """Tells the simpler text of the last fact, or says that there is none."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_simpler"

    def answer(self, turn: Turn) -> list[EventType]:
        """Tell it, without changing what the conversation is about."""
        if (last := turn.last_question()) in DISTRESS:  # "Du fattar inte!"
            return turn.take_as(last)
        # Before any answer, it is the bot's matter that is hard to understand.
        about = turn.last_question() or turn.knowledge.unit.overview
        fact = turn.knowledge.facts.get(about or "")
        if fact and fact.simple:
            turn.tell(fact.simple, fact.id, turn.ways_on(*fact.follow_ups))
        else:
            turn.say("utter_no_simpler")
        return []
