"""Tell topics in few words: a line each, or as many sentences or points as are wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from actions.turn import INTENTS_OF_WAYS, Turn, bullets, raised
from bot.dialogue.form import FIRST_NAMES, NAMES, POINTS, WORDS, Form
from bot.dialogue.memory import PERSON
from bot.knowledge import Fact, Person

_BULLET: Final = "- "
_GENERAL: Final = ("what", "list", "amount", "who", "title", "is")
# Where a sentence ends and another begins.
_BETWEEN: Final = re.compile(r"(?<=[.!?”])\s+(?=[^\W\da-zåäö])")
_WHOLE: Final = re.compile(r"[.!?]”?$")


def lines(
    turn: Turn, topics: Iterable[str], *, simply: bool = False, is_of_all: bool = False
) -> list[str]:
    """Return a line for each topic: what was told of it, as short or as simple as can be.

    It may be of the whole topic, whatever was asked of it.
    """
    asked = turn.memory.facet_of
    told = (_line(turn, one, "" if is_of_all else asked(one) or "", simply) for one in topics)
    return list(dict.fromkeys(line for line in told if line))


def _line(turn: Turn, topic: str, facet: str, simply: bool) -> str | None:
    knowledge = turn.knowledge
    person = knowledge.people.get(topic.removeprefix(PERSON)) if topic.startswith(PERSON) else None
    fact, aspects = knowledge.facts.get(topic), turn.aspects(topic)
    told = aspects.told(facet) if aspects and facet not in _GENERAL else None
    left = aspects.left_out(facet) if aspects and not aspects.told(facet) else None
    if person and facet in INTENTS_OF_WAYS:
        value = getattr(person, facet)
        missing = "" if value else "_missing"
        return turn.phrase(f"utter_{facet}{missing}", name=person.name, value=value)
    if told and topic == "unit":
        return turn.filled(told, [])
    if left and facet not in _GENERAL:
        return turn.phrase(
            "utter_left_out", what=raised(turn.filled(left, [person] if person else []))
        )
    if person:
        return turn.phrase("utter_role_one", name=person.name, title=person.title.lower())
    if role := knowledge.roles.get(topic):
        having = knowledge.with_role(role)
        if len(having) == 1:
            return turn.phrase("utter_role_one", name=having[0].name, title=role.title.lower())
        noun = role.plural.lower()
        return turn.phrase("utter_count_of", count=len(having), noun=noun)
    if topic == "contact_all":
        return turn.phrase("utter_count", count=len(knowledge.people))
    if topic == "contact_topic" and aspects and (left := aspects.left_out("who")):
        return turn.phrase("utter_left_out", what=raised(left))
    if topic == "unit":
        fact = knowledge.facts.get(knowledge.unit.overview or "")
    if fact and (simply or turn.is_easy) and fact.easy and _BULLET not in fact.easy:
        return fact.easy.strip()
    return fact.short if fact else None


def in_form(turn: Turn, topics: Sequence[str], form: Form) -> None:
    """Tell topics in the form that is wanted, as far as the knowledge files allow."""
    if form.kind in (NAMES, FIRST_NAMES):
        _names(turn, topics, form.kind)
    elif form.kind == WORDS or (form.count == 1 == len(topics) and not form.is_each):
        shortest(turn, topics, form.count if form.kind == WORDS else None)
    else:
        fact = turn.knowledge.facts.get(topics[0]) if len(topics) == 1 else None
        parts = _parts(turn, fact, form) if fact else _of_several(turn, topics, form)
        # What was told of several topics is no shorter than a line each.
        fewest = len(lines(turn, topics)) if len(topics) > 1 else 1
        wanted = parts if form.count is None or form.is_each else parts[: max(form.count, fewest)]
        text = bullets(wanted) if form.kind == POINTS or form.is_each else " ".join(wanted)
        asked = form.count if form.count and not form.is_each else len(wanted)
        is_less, is_more = len(wanted) < asked, len(wanted) > asked
        then = "utter_no_more_of_it" if is_less else "utter_no_shorter" if is_more else ""
        _say(turn, topics, text, then)


def shortest(turn: Turn, topics: Sequence[str], words: int | None = None) -> None:
    """Tell topics as short as can be; say so where that was told or is longer than is wanted."""
    told = lines(turn, topics)
    was_told = all(turn.was_told(f"{one}.short") for one in topics) or _is_as_short(turn, topics)
    is_short = words is None or len(" ".join(told).split()) <= words
    turn.told += [f"{topic}.short" for topic in topics]
    if was_told and turn.ask.act == "simpler":
        turn.say_phrase("utter_no_simpler")
    elif was_told:
        turn.say_phrase("utter_no_shorter")
    else:
        text = bullets(told) if len(told) > 1 else told[0]
        _say(turn, topics, text, "" if is_short else "utter_no_shorter")


def _is_as_short(turn: Turn, topics: Sequence[str]) -> bool:
    """Tell whether what the last reply told of a topic was no longer than its line."""
    fact, role = turn.knowledge.facts.get(topics[0]), turn.knowledge.roles.get(topics[0])
    if fact and turn.was_told(f"{fact.id}.what"):
        return fact.statement.strip() == fact.short
    if role and turn.was_told(role.intent):
        return len(turn.knowledge.with_role(role)) == 1
    return False


def _say(turn: Turn, topics: Sequence[str], text: str, then: str = "") -> None:
    """Say a text, and a phrase after it, with one set of buttons."""
    buttons = _ways_on(turn, topics)
    turn.say("utter_told", [] if then else buttons, text=text)
    if then:
        turn.say(then, buttons)


def _ways_on(turn: Turn, topics: Sequence[str]) -> list[dict[str, str]]:
    fact = turn.knowledge.facts.get(topics[0]) if len(topics) == 1 else None
    return turn.ways_on(*(fact.follow_ups if fact else ("help",)))


def _names(turn: Turn, topics: Sequence[str], kind: str) -> None:
    """Tell no more than the names of people, or of what a fact lists."""
    people: list[Person] = []
    nouns: list[str] = []
    for topic in topics:
        if topic == "contact_all":
            people += turn.knowledge.people.values()
        elif role := turn.knowledge.roles.get(topic):
            people += turn.knowledge.with_role(role)
        elif topic.startswith(PERSON):
            people.append(turn.knowledge.people[topic.removeprefix(PERSON)])
        elif fact := turn.knowledge.facts.get(topic):
            listed = [turn.knowledge.facts.get(one) for one in fact.lists or [fact.id]]
            nouns += [raised(one.noun) for one in listed if one and one.noun]
    named = [one.name.split()[0] if kind == FIRST_NAMES else one.name for one in people]
    told = list(dict.fromkeys([*named, *nouns]))
    if told:
        turn.show("utter_told", people, text=bullets(told) if len(told) > 1 else told[0])
    else:
        shortest(turn, topics)


def _of_several(turn: Turn, topics: Sequence[str], form: Form) -> list[str]:
    """Return a line for each topic, and more of them where more are wanted."""
    told = lines(turn, topics, is_of_all=True)
    facts = [turn.knowledge.facts[one] for one in topics if one in turn.knowledge.facts]
    more = [part for fact in facts for part in _sentences(fact)]
    is_enough = form.count is None or form.is_each
    return told if is_enough else list(dict.fromkeys([*told, *more]))


def _parts(turn: Turn, fact: Fact, form: Form) -> list[str]:
    """Return sentences or points of a fact: as many as are wanted, if there are so many."""
    facts = turn.knowledge.facts
    listed = list(dict.fromkeys(one for one in fact.lists if one != fact.id))
    of_list = [line for one in listed if (line := turn.knowledge.line_of(one))]
    own = _sentences(fact)
    if form.is_each or form.count == len(of_list) > 1:
        return of_list or own
    if form.count is None:
        marked = [one.removeprefix(_BULLET) for one in _lines(fact.statement, marked=True)]
        return marked or own
    if form.count == 1:
        return [fact.short] if fact.short else own
    if fact.id == turn.knowledge.unit.overview:
        leads_to = [facts[one].short for one in fact.follow_ups if one in facts]
        own = list(dict.fromkeys([*_split(fact.statement), *filter(None, leads_to), *own]))
    return own if len(own) >= form.count else max(own, of_list, key=len)


def _sentences(fact: Fact) -> list[str]:
    """Return the sentences of a fact in its order, then those of what more there is of it."""
    is_list = bool(_lines(fact.statement, marked=True))
    own, more = _split(fact.statement), _split(fact.more or "")
    found = [fact.short or "", *more, *own] if is_list else [*own, *more]
    return list(dict.fromkeys(filter(None, found)))


def _lines(text: str, *, marked: bool) -> list[str]:
    every = (line.strip() for line in text.splitlines())
    return [line for line in every if line.startswith(_BULLET) == marked]


def _split(text: str) -> list[str]:
    """Return the whole sentences of a text beside its list."""
    found = [one for line in _lines(text, marked=False) for one in _BETWEEN.split(line)]
    return [one for one in found if _WHOLE.search(one)]
