"""Tell facts, people, roles and ways to reach them, for every action that does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from actions.turn import FIELDS, Button, Turn, bullets, raised
from bot.dialogue.memory import PERSON
from bot.knowledge import Aspects, Fact, Person, Role, Unit, stems_in

# A longer list is no answer; then those are named whom anybody can turn to.
_MOST: Final = 40
# More names than this are counted.
_NAMED: Final = 4
_WORD: Final = re.compile(r"\w+")
# So many letters of a word tell what it is about, whatever its ending.
_STEM: Final = 5
_OFTEN: Final = 3
# What is asked of these may stand anywhere on the page.
_WHOLE_PAGE: Final = ("unit", "contact_topic")
# A facet that says what the topic is: "är det bara för bibliotekarier?"
_CLEAR_BY_ITSELF: Final = ("for_whom", "with_whom")
_HUMAN: Final = "human"


def facts(turn: Turn, told: Sequence[Fact]) -> None:
    """Tell facts, one after the other, and offer what follows the first."""
    statements = [turn.statement(fact) for fact in told]
    # What several leave out is said once. Easy words say it themselves where it matters.
    says_it = not turn.is_easy and not turn.decision.is_told
    lacks = dict.fromkeys(fact.lacks for fact in told if fact.lacks and says_it)
    ways_on = [name for name in told[0].follow_ups if name not in [one.id for one in told]]
    turn.tell("\n".join([*statements, *lacks]), told[0].id, turn.ways_on(*ways_on))
    turn.told += [f"{fact.id}.what" for fact in told]


def people(turn: Turn, about: Sequence[Person]) -> None:
    """Tell who people are, what they are responsible for and how to reach them."""
    unit = turn.knowledge.unit
    for person in about:
        title = person.title.lower()
        turn.show("utter_person", [person], title=title, name=person.name, unit=unit.name)
        if person.areas:
            turn.say("utter_person_areas", areas=", ".join(person.areas))
        for field in FIELDS.values():
            if value := getattr(person, field):
                turn.say(f"utter_{field}", name=person.name, value=value)
        if person.lacks:
            lacks = [turn.phrase(f"utter_field_{field}") for field in person.lacks]
            fields = raised(turn.one_of(lacks, "and"))
            turn.say("utter_person_missing", name=person.name, fields=fields)
    buttons = turn.ways_on("contact_all", "contact_topic")
    if all(person.phone or person.email for person in about):
        turn.say("utter_anything_else", buttons)
    else:
        turn.say("utter_instead", buttons, instead=unit.instead)
    turn.told += [f"{person.id}.what" for person in about]


def titles(turn: Turn, about: Sequence[Person]) -> None:
    """Tell which title each of some people has, and nothing more."""
    for person in about:
        turn.show("utter_role_one", [person], name=person.name, title=person.title.lower())


def count(turn: Turn, asked: Role | None) -> None:
    """Tell how many have a role, or work here."""
    if asked is None:
        buttons = turn.ways_on("contact_all", "contact_topic")
        turn.say("utter_count", buttons, count=len(turn.knowledge.people))
        return
    found = len(turn.knowledge.with_role(asked))
    noun = (asked.title if found == 1 else asked.plural).lower()
    buttons = turn.ways_on(asked.intent, "contact_all")
    turn.say("utter_count_of", buttons, count=found, noun=noun)


def others(turn: Turn, asked: Role) -> None:
    """List those who have another role."""
    with_role = turn.knowledge.with_role(asked)
    rest = [person for person in turn.knowledge.people.values() if person not in with_role]
    if len(rest) > _MOST:
        everybody(turn)
        return
    lines = bullets(f"{person.name}, {person.title.lower()}" for person in rest)
    buttons = turn.ways_on("contact_all", "contact_topic")
    turn.show("utter_others", rest, plural=asked.plural.lower(), people=lines, buttons=buttons)


def role(turn: Turn, asked: Role) -> None:
    """Tell who has a role."""
    with_role = turn.knowledge.with_role(asked)
    buttons = turn.ways_on(*asked.follow_ups, about=with_role)
    title = asked.title.lower()
    if turn.is_easy and (word := turn.knowledge.word_for(asked)):
        turn.say("utter_word", means=word.means)
    if not with_role:
        turn.say("utter_role_nobody", buttons, title=title)
    elif len(with_role) == 1:
        name = with_role[0].name
        turn.show("utter_role_one", with_role, name=name, title=title, buttons=buttons)
    else:
        names = bullets(person.name for person in with_role)
        plural, count = asked.plural.lower(), len(with_role)
        turn.show(
            "utter_role_many", with_role, count=count, plural=plural, people=names, buttons=buttons
        )
    turn.told.append(asked.intent)


def everybody(turn: Turn) -> None:
    """List all people with their titles, if they are not too many to read."""
    if turn.entities(_HUMAN):
        turn.say("utter_no_human")
    count = len(turn.knowledge.people)
    is_short = count <= _MOST
    listed = [*turn.knowledge.people.values()] if is_short else turn.knowledge.to_turn_to()
    lines = bullets(f"{person.name}, {person.title.lower()}" for person in listed)
    utterance = "utter_everybody" if is_short else "utter_everybody_many"
    turn.show(utterance, listed, count=count, people=lines)
    turn.say_how_to_reach(listed, "contact_topic", "help")
    turn.told.append("contact_all")


def whom_to_turn_to(turn: Turn, known: Sequence[Person]) -> None:
    """Name those responsible for what the message is about, or say that it is unknown."""
    again = turn.was_told("contact_topic")
    turn.told.append("contact_topic")
    if known:
        names = [f"{person.name}, {person.title.lower()}," for person in known]
        buttons = turn.ways_on("contact_phone", "contact_email")
        turn.show("utter_topic_known", known, people=turn.one_of(names, "and"), buttons=buttons)
        return
    if again and (first := turn.knowledge.first_to_turn_to()):
        first_ones = turn.one_of(_with_titles(first), "or")
        turn.say("utter_topic_unknown_again", turn.ways_on("contact_all", "help"), whom=first_ones)
        return
    if turn.missing:
        says_what_is_asked(turn, turn.missing)
    else:
        turn.say("utter_topic_unknown")
    roles = (f"role_{name}" for name in turn.knowledge.unit.turn_to[1:])
    nouns = [found.noun for one in roles if (found := turn.aspects(one)) and found.noun]
    whom(turn, turn.ways_on("contact_all", "help"), nouns)


def ways(turn: Turn, about: Sequence[Person], fields: Sequence[str]) -> None:
    """Give telephone numbers and addresses of people, or of the unit, or say what is missing."""
    if turn.entities(_HUMAN):
        turn.say("utter_no_human")
    if len(about) > _MOST:
        everybody(turn)
        return
    asked: list[Person | Unit] = [*about] or [turn.knowledge.unit]
    for field in fields:
        for one in asked:
            if value := getattr(one, field):
                turn.show(f"utter_{field}", about, name=one.name, value=value)
        lacking = [one.name for one in asked if not getattr(one, field)]
        if lacking:
            count = len(lacking)
            many = "_many" if count > _NAMED else "_several" if count > 1 else ""
            names = turn.one_of(lacking, "and")
            turn.show(f"utter_{field}_missing{many}", about, name=names, count=count)
    _other_ways(turn, asked, fields)


def _other_ways(turn: Turn, asked: Sequence[Person | Unit], fields: Sequence[str]) -> None:
    """Say the next best way: the other address, or where to turn instead."""
    lacking = [one for one in asked if not any(getattr(one, field) for field in fields)]
    others = [(one, way) for one in lacking for way in FIELDS.values() if getattr(one, way)]
    for one, way in others:
        turn.say(f"utter_{way}", name=one.name, value=getattr(one, way))
    buttons = turn.ways_on("contact_topic", "contact_all")
    if others or not lacking:
        turn.say("utter_anything_else", buttons)
    else:
        turn.say("utter_instead", buttons, instead=turn.knowledge.unit.instead)


def not_on_the_page(turn: Turn) -> None:
    """Say that the page does not tell, and whom to ask."""
    to_turn_to = turn.knowledge.first_to_turn_to()
    names = _with_titles(to_turn_to)
    is_again = turn.was_told("not_on_the_page")
    buttons = turn.ways_on("contact_topic", *(() if is_again else ("contact_all",)), "help")
    turn.say(
        turn.named("utter_not_on_the_page_again" if is_again else "utter_not_on_the_page"),
        buttons,
        words=turn.lacking,
        clause=raised(turn.clause or ""),
        whom=turn.one_of(names, "or") if names else turn.knowledge.unit.name,
    )
    if not is_again:
        turn.told += [PERSON + person.id for person in to_turn_to]
    turn.told.append("not_on_the_page")


def says_just_that(turn: Turn, aspects: Aspects | None, buttons: Sequence[Button]) -> bool:
    """Say that just what is asked of a topic is not told, where that is likely; tell whether."""
    if turn.missing:
        what_is_missing(turn, turn.missing)
        return True
    if turn.lacking or not turn.decision.is_missing or not aspects or not aspects.noun:
        return False
    turn.say("utter_not_just_that", noun=turn.filled(aspects.noun, turn.people))
    whom(turn, buttons)
    return True


def says_what_is_asked(turn: Turn, clause: str) -> None:
    """Say that the page does not tell what is asked, in the words of the question."""
    topic = next(iter(turn.ask.topics), "unit")
    aspects = turn.aspects(topic)
    noun = turn.filled(aspects.noun, turn.people) if aspects and aspects.noun else ""
    is_named = bool(stems_in(noun) & stems_in(clause))
    if noun and topic not in _WHOLE_PAGE and turn.decision.is_topic_clear and not is_named:
        turn.say("utter_left_out_of", what=raised(clause), noun=noun)
    else:
        turn.say("utter_left_out", what=raised(clause))


def what_is_missing(turn: Turn, clause: str) -> None:
    """Say that the page does not tell what is asked, what it tells of it, and whom to ask."""
    people, topic = turn.people, next(iter(turn.ask.topics), "unit")
    aspects, key = turn.aspects(topic), f"{topic}.missing"
    says_what_is_asked(turn, clause)
    for person in people:
        if not turn.was_told(f"{person.id}.what"):
            turn.show("utter_only_title", [person], name=person.name, title=person.title.lower())
        turn.told.append(f"{person.id}.what")
    is_of_fact = aspects is not None and not people and topic not in _WHOLE_PAGE
    told = nearest(turn, aspects, turn.ask.facet or "is") if aspects and is_of_fact else None
    is_clear = turn.decision.is_topic_clear or turn.ask.facet in _CLEAR_BY_ITSELF
    is_new = is_clear and topic not in turn.told_before
    if told and not turn.was_told(key) and (is_new or shares_words(turn, told)):
        turn.say("utter_told", text=told)
    turn.told.append(key)
    whom(turn, turn.ways_from(topic))


def says_what_lacks(turn: Turn, *texts: str | None) -> bool:
    """Name what the page tells nothing of, unless one of the texts does; tell whether it did."""
    stems = stems_in(turn.lacking)
    if not stems or any(stems & stems_in(text) for text in texts if text):
        return False
    aspects = (
        turn.aspects(next(iter(turn.ask.topics), "")) if turn.decision.is_topic_clear else None
    )
    if turn.missing:
        says_what_is_asked(turn, turn.missing)
    elif aspects and aspects.noun:
        noun = turn.filled(aspects.noun, turn.people)
        turn.say("utter_lacking_of", words=turn.lacking, noun=noun)
    else:
        turn.say("utter_lacking", words=turn.lacking)
    return True


def nearest(turn: Turn, aspects: Aspects, facet: str = "") -> str | None:
    """Return the sentence about a topic that has most words of the message; the first of equals.

    Where the page lacks what is asked, its words or its topic must be clear.
    """
    claims = (claim for claim in aspects.claims if claim.truth == "yes")
    sentences = [
        *(aspects.told(one) for one in (facet, "is", "what")),
        aspects.short,
        *(f"{raised(claim.because)}." for claim in claims),
    ]
    told = [sentence for sentence in sentences if sentence]
    asked = _asked(turn)
    if turn.lacking and not turn.decision.is_topic_clear:
        told = [sentence for sentence in told if asked & stems_in(sentence)]
    return max(told, key=lambda one: len(asked & stems_in(one)), default=None)


def may_help(turn: Turn, text: str) -> bool:
    """Tell whether a text may help where the page lacks what is asked: topic or words are alike."""
    return turn.decision.is_topic_clear or shares_words(turn, text)


def shares_words(turn: Turn, text: str) -> bool:
    """Tell whether a text has words of the message that few facts have."""
    return bool(_asked(turn) & stems_in(text))


def _asked(turn: Turn) -> set[str]:
    facts = turn.knowledge.facts.values()
    often = Counter(stem for fact in facts for stem in stems_in(fact.statement))
    # What every other fact tells of says nothing of which sentence is meant.
    return {stem for stem in stems_in(turn.text) if _OFTEN * often[stem] < len(facts)}


def whom(turn: Turn, buttons: Sequence[Button], others: Sequence[str] = ()) -> None:
    """Say whom to ask what the page leaves out, if there is anybody beside who is asked about."""
    first = turn.knowledge.first_to_turn_to()
    to_turn_to = [person for person in first if person not in turn.people]
    names = _with_titles(to_turn_to)
    if names:
        turn.say("utter_ask_instead", buttons, whom=turn.one_of([*names, *others], "or"))
        turn.told += [PERSON + person.id for person in to_turn_to]
    else:
        turn.say("utter_anything_else", buttons)


def _with_titles(people: Sequence[Person]) -> list[str]:
    return [f"{person.title.lower()} {person.name}" for person in people]
