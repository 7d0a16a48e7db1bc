"""Answer over what was told: sum up, compare, count, list."""

from __future__ import annotations

from collections.abc import Sequence

from actions import telling
from actions.turn import KnowledgeAction, Turn, bullets
from bot.knowledge import Fact


class ActionOverTold(KnowledgeAction):
    """Sums up, compares, counts or lists what the conversation has been about."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return "action_over_told"

    def answer(self, turn: Turn) -> None:
        """Answer over the topics that are named, else over those that were told."""
        facts, topic = _told(turn), next(iter(turn.ask.topics), "")
        if turn.ask.act == "summarise":
            _sum_up(turn, facts)
        elif turn.ask.act == "compare":
            _compare(turn, facts)
        elif topic in turn.knowledge.roles:
            telling.role(turn, turn.knowledge.roles[topic])
        elif topic == "contact_all" or turn.people:
            telling.everybody(turn)
        elif topic in turn.knowledge.facts:
            telling.facts(turn, [turn.knowledge.facts[topic]])
        else:
            _sum_up(turn, facts)


def _told(turn: Turn) -> list[Fact]:
    """Return the facts that the conversation has been about, the first first."""
    topics = [one for topics in reversed(turn.memory.earlier) for one in topics]
    known = turn.knowledge.facts
    return [known[one] for one in dict.fromkeys(topics) if one in known]


def _sum_up(turn: Turn, facts: Sequence[Fact]) -> None:
    shorts = [fact.short for fact in facts if fact.short]
    if not shorts:
        turn.say_phrase("utter_refer_to_what")
    elif len(shorts) == 1:
        turn.say("utter_told", turn.ways_on(*facts[0].follow_ups), text=shorts[0])
    else:
        turn.say("utter_summary", turn.ways_on("help"), facts=bullets(shorts))


def _compare(turn: Turn, facts: Sequence[Fact]) -> None:
    """Set two or more beside each other: facts that are named, else the last that were told."""
    if len(turn.people) > 1:
        telling.people(turn, turn.people)
        return
    named = turn.knowledge.facts_named(turn.text)
    last = facts[-1].id if facts else ""
    beside = [turn.knowledge.facts[one] for one in turn.knowledge.list_with(last)]
    compared = named if len(named) > 1 else beside or facts[-2:]
    shorts = [fact.short for fact in compared if fact.short]
    if len(shorts) < 2:
        _sum_up(turn, facts)
    else:
        turn.say("utter_compared", turn.ways_on("help"), facts=bullets(shorts))
