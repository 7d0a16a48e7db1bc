"""Answer over what was told: sum up, compare, count, list."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import telling
from actions.decided import decided, memory_of, people_in
from actions.turn import KnowledgeAction, Turn, bullets
from bot.knowledge import Fact, Person


class ActionOverTold(KnowledgeAction):
    """Sums up, compares, counts or lists what the conversation has been about."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return "action_over_told"

    def answer(self, turn: Turn) -> list[EventType]:
        """Answer over the topics that are named, else over those that were told."""
        ask = decided(turn)
        facts, people = self._facts(turn), people_in(turn, ask.topics)
        if ask.act == "summarise":
            return _summed_up(turn, facts)
        if ask.act == "compare":
            return _compared(turn, facts, people)
        topic = next(iter(ask.topics), "")
        if topic in turn.knowledge.roles:
            return telling.role(turn, turn.knowledge.roles[topic])
        if topic == "contact_all" or people:
            return telling.everybody(turn)
        fact = turn.knowledge.facts.get(topic)
        return telling.fact(turn, fact) if fact else _summed_up(turn, facts)

    def _facts(self, turn: Turn) -> list[Fact]:
        """Return the facts that the conversation has been about, the first first."""
        topics = [one for topics in reversed(memory_of(turn).earlier) for one in topics]
        known = turn.knowledge.facts
        return [known[one] for one in dict.fromkeys(topics) if one in known]


def _summed_up(turn: Turn, facts: list[Fact]) -> list[EventType]:
    shorts = [fact.short for fact in facts if fact.short]
    if not shorts:
        turn.say("utter_refer_to_what")
    elif len(shorts) == 1:
        turn.say("utter_told", turn.ways_on(*facts[0].follow_ups), text=shorts[0])
    else:
        turn.say("utter_summary", turn.ways_on("help"), facts=bullets(shorts))
    return []


def _compared(turn: Turn, facts: list[Fact], people: list[Person]) -> list[EventType]:
    """Set two or more beside each other: facts that are named, else the last that were told."""
    if len(people) > 1:
        return telling.people(turn, people)
    named = turn.knowledge.facts_named(turn.text)
    last = facts[-1].id if facts else ""
    beside = [turn.knowledge.facts[one] for one in turn.knowledge.list_with(last)]
    compared = named if len(named) > 1 else beside or facts[-2:]
    shorts = [fact.short for fact in compared if fact.short]
    if len(shorts) < 2:
        return _summed_up(turn, facts)
    turn.say("utter_compared", turn.ways_on("help"), facts=bullets(shorts))
    return []
