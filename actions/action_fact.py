"""Answer with a fact of the knowledge files."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.reference import (
    asks_how_many,
    asks_who_did_it,
    counts_something_else,
    goes_on_about,
    named,
    names_another_topic,
    points_into_a_list,
)
from actions.turn import KnowledgeAction, Turn
from bot.knowledge import Fact


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
        if matter := goes_on_about(turn):
            return turn.take_as(matter)
        if asks_how_many(turn):
            return turn.take_as("repeat")
        if asks_who_did_it(turn):
            return turn.take_as("more")
        if counts_something_else(turn, fact):
            return turn.take_as("unit_missing")
        if points_into_a_list(turn):
            return turn.take_as("refer")
        if names_another_topic(turn):
            return turn.take_as("contact_topic")
        told = _side_by_side(turn, fact)
        texts = [one.statement.strip() for one in told]
        # What several leave out is said once.
        lacks = dict.fromkeys(one.lacks for one in told if one.lacks)
        ways_on = [name for name in fact.follow_ups if name not in [one.id for one in told]]
        turn.tell("\n".join([*texts, *lacks]), fact.id, turn.ways_on(*ways_on))
        lists = [one.id for one in told] if len(told) > 1 else fact.lists
        listed = [f"/{name}" for name in lists] or None
        return turn.remember(people=[], listed=listed, beside=named(turn))


def _side_by_side(turn: Turn, fact: Fact) -> list[Fact]:
    """Return all the facts that the message names, if this is one of them.

    "Vad är skillnaden mellan det öppna och det digitala?" asks for two at once.
    """
    named_facts = turn.knowledge.facts_named(turn.text)
    names = [one.id for one in named_facts]
    others = [one for one in turn.further if one["intent"]["name"] not in names]
    if fact not in named_facts or others:
        return [fact]
    turn.further = []
    return named_facts
