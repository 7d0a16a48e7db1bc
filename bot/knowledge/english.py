"""The same knowledge for who writes English: every text that a reply may hold is English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.knowledge.models import (
    Aspects,
    EnglishAspects,
    EnglishFact,
    EnglishWords,
    Fact,
    Knowledge,
    Role,
    Topic,
)


@lru_cache(maxsize=1)
def in_english(knowledge: Knowledge) -> Knowledge:
    """Return the knowledge in English; what has no English stays as it is.

    Claims, words of the glossary and the things of a fact are left out: an answer in English tells
    the whole fact.
    """
    words = knowledge.english
    if words is None:
        return knowledge
    unit, roles = knowledge.unit, knowledge.roles.values()
    titles = {role.title: role.english.title for role in roles if role.english}
    topics = (one for one in knowledge.topics.values() if isinstance(one, Topic))
    return Knowledge(
        unit.model_copy(update={"instead": unit.english.instead}) if unit.english else unit,
        [_fact(fact, fact.english, words) for fact in knowledge.facts.values()],
        [_role(role) for role in roles],
        [
            person.model_copy(update={"title": titles.get(person.title, person.title)})
            for person in knowledge.people.values()
        ],
        {**knowledge.questions, **words.questions},
        topics=[_topic(topic, topic.english, words) for topic in topics],
    )


def is_in_english(knowledge: Knowledge, topics: Iterable[str]) -> bool:
    """Tell whether what may be said of topics is there in English."""
    kinds = (one.partition(":")[0] for one in topics)
    return not {*kinds} & {*_without_english(knowledge)}


def lacks_english(knowledge: Knowledge) -> list[str]:
    """Return the ids of facts, roles, topics and questions that have no English, in their order."""
    if knowledge.english is None:
        return []
    questions = knowledge.questions.keys() - knowledge.english.questions.keys()
    own = {*knowledge.facts, *knowledge.roles}
    unit = [] if knowledge.unit.english else ["unit"]
    found = [*_without_english(knowledge), *unit, *sorted(questions - own)]
    return list(dict.fromkeys(found))


def _without_english(knowledge: Knowledge) -> Iterator[str]:
    for fact in knowledge.facts.values():
        is_filled = bool(fact.missing and fact.missing.value)
        if fact.english is None or (is_filled and not fact.english.filled):
            yield fact.id
    for intent, role in knowledge.roles.items():
        if role.english is None:
            yield intent
    for name, topic in knowledge.topics.items():
        if not isinstance(topic, Topic):
            continue
        if topic.english is None or not topic.tells.keys() <= topic.english.tells.keys():
            yield name


def _fact(fact: Fact, english: EnglishFact | None, words: EnglishWords) -> Fact:
    if english is None:
        return fact
    answer = english.answer.strip()
    tells = {**dict.fromkeys(fact.tells, answer), **english.tells}
    missing = fact.missing and fact.missing.model_copy(update={"answer": english.filled or answer})
    return fact.model_copy(
        update={
            **_aspects(fact, english, words, tells),
            "question": english.question,
            "answer": answer,
            "short": answer,
            "more": english.more,
            "missing": missing,
            "simple": None,
            "lacks": None,
            "lists": [],
        }
    )


def _role(role: Role) -> Role:
    return role.model_copy(update=dict(role.english)) if role.english else role


def _topic(topic: Topic, english: EnglishAspects | None, words: EnglishWords) -> Topic:
    if english is None:
        return topic
    return topic.model_copy(update=_aspects(topic, english, words, english.tells))


def _aspects(
    aspects: Aspects, english: EnglishAspects, words: EnglishWords, tells: dict[str, str]
) -> dict[str, object]:
    """Return what of a topic is told and left out, and what it is called."""
    what = {**words.leaves_out, **english.leaves_out}
    leaves_out = {
        facet: (words.nothing_more if facet in tells else words.nothing)
        .replace("{what}", what[facet])
        .replace("{noun}", english.noun)
        for facet in aspects.leaves_out
        if facet in what
    }
    return {"noun": english.noun, "tells": tells, "leaves_out": leaves_out, "claims": []}
