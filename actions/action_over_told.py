"""Answer over what was told: sum up, compare, count, list."""

from __future__ import annotations

from collections.abc import Sequence

from actions import in_short, telling
from actions.turn import KnowledgeAction, Turn, bullets
from bot.dialogue.form import form_wanted


class ActionOverTold(KnowledgeAction):
    """Sums up, compares, counts or lists what the conversation has been about."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return "action_over_told"

    def answer(self, turn: Turn) -> None:
        """Answer over the topics that are named, else over those that were told."""
        topics, topic = turn.ask.topics, next(iter(turn.ask.topics), "")
        if turn.ask.act == "summarise":
            _sum_up(turn, topics)
        elif turn.ask.act == "compare":
            _compare(turn, topics)
        elif turn.ask.act == "count":
            _count(turn, topics)
        elif topic in turn.knowledge.roles:
            telling.role(turn, turn.knowledge.roles[topic])
        elif topic == "contact_all" or turn.people:
            telling.everybody(turn)
        elif topic in turn.knowledge.facts:
            telling.facts(turn, [turn.knowledge.facts[topic]])
        else:
            _sum_up(turn, turn.memory.told)


def _sum_up(turn: Turn, topics: Sequence[str]) -> None:
    # What was asked of a fact comes after what it tells.
    whole = [in_short.lines(turn, [topic], is_of_all=True) for topic in topics]
    asked = [in_short.lines(turn, [topic]) for topic in topics]
    both = (" ".join(dict.fromkeys([*a, *b])) for a, b in zip(whole, asked, strict=True))
    told = [line for line in dict.fromkeys(both) if line]
    form = form_wanted(turn.text)
    if not told:
        turn.say_phrase("utter_refer_to_what")
    elif form:
        in_short.in_form(turn, topics, form)
    elif len(told) == 1:
        turn.say("utter_told", turn.ways_on("help"), text=told[0])
    else:
        turn.say("utter_summary", turn.ways_on("help"), facts=bullets(told))
    turn.told += [f"{topic}.short" for topic in topics]


def _count(turn: Turn, topics: Sequence[str]) -> None:
    """Say that questions are not counted, and what was told."""
    told = in_short.lines(turn, topics)
    buttons = turn.ways_on("help")
    if told:
        turn.say("utter_not_counted", buttons, facts=bullets(told))
    else:
        turn.say("utter_nothing_counted", buttons)


def _compare(turn: Turn, topics: Sequence[str]) -> None:
    """Set those beside each other that are meant, and say that the page compares nothing."""
    # What is set beside each other is no question by itself.
    turn.further = [one for one in turn.further if one["intent"]["name"] not in topics]
    words = turn.knowledge.words_in(turn.text) if turn.ask.facet == "meaning" else []
    told = in_short.lines(turn, topics, is_of_all=True)
    if words:
        means = bullets(word.means for word in words)
        turn.say("utter_words_compared", turn.ways_on("help"), means=means)
    elif len(told) > 1:
        turn.say("utter_compared", turn.ways_on("help"), facts=bullets(told))
    else:
        turn.say("utter_compare_with_what", turn.ways_on("help"))
