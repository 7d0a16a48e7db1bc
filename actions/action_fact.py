"""Answer with a fact of the knowledge files."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.reference import named, names_another_topic, points_into_a_list
from actions.turn import KnowledgeAction, Turn


class ActionFact(KnowledgeAction):
    """Tells the fact whose id is the intent, and offers its follow-ups."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_fact"

    def answer(self, turn: Turn) -> list[EventType]:
        """Tell the fact."""
        fact = turn.knowledge.facts.get(turn.intent)
        if fact is None:
            # Removed from the files while the bot runs, and the model still knows it.
            turn.say("utter_oos")
            return []
        if points_into_a_list(turn):
            return turn.take_as("refer")
        if names_another_topic(turn):
            return turn.take_as("contact_topic")
        turn.tell(fact.text, fact.id, turn.ways_on(*fact.follow_ups))
        listed = [f"/{name}" for name in fact.lists] or None
        return turn.remember(people=[], listed=listed, beside=named(turn))
