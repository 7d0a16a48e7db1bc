"""Answer what is asked of a topic: what it is, when, of whom, how to sign up."""

from __future__ import annotations

from typing import Final

from actions import telling
from actions.turn import WAYS, KnowledgeAction, Turn, raised
from bot.dialogue.decision import UNCLEAR
from bot.dialogue.matter_model import OFFER, REPORT
from bot.dialogue.memory import PERSON
from bot.knowledge import Person, Role

_WHO_IT_IS: Final = (UNCLEAR, "what", "who", "title", "is", "list", "amount", None)
# What is answered by a title alone once people are spoken of.
_BRIEFLY: Final = (UNCLEAR, "is")
# What one can ask of reaching somebody beside whom.
_BESIDE_WHOM: Final = ("when", "where", "cost", "signup", "language", "why", "source")
_OF_WHO_DOES: Final = ("who", "contact", "duties")
_UNKNOWN_OF_THE_UNIT: Final = (UNCLEAR, "is", "can", "other", None)
_UNIT: Final = "unit"
_NOT_TOLD: Final = "unit_missing"
_LISTED: Final = ("amount", "list")
_WHOLE: Final = ("what", None)
# Facets that do not say by themselves what is asked for.
_GENERAL: Final = (UNCLEAR, "what", "is", "can", "other", "list", "how", "example")


class ActionFacet(KnowledgeAction):
    """Tells the facet in a sentence of its own, or says that the page leaves it out."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return "action_facet"

    def answer(self, turn: Turn) -> None:
        """Answer about people, a role, the unit, or a fact."""
        topic, facet = next(iter(turn.ask.topics), _UNIT), turn.ask.facet
        role = turn.knowledge.roles.get(topic)
        if facet in WAYS and turn.intent == _NOT_TOLD and turn.missing:
            # "Hur gammal är chefen?" after her number.
            telling.says_what_is_asked(turn, turn.missing)
            telling.whom(turn, turn.ways_from(topic))
        elif topic == "contact_topic" and facet not in _BESIDE_WHOM:
            telling.whom_to_turn_to(turn, turn.people)
        elif turn.people:
            _about_people(turn, turn.people)
        elif role and facet in WAYS and (with_role := turn.knowledge.with_role(role)):
            telling.ways(turn, with_role, WAYS[facet])
        elif role and facet in (*_WHO_IT_IS, "contact"):
            _say_if_none(turn, role)
            _listed_or_counted(turn, role)
            if turn.intent != role.intent and (left := _left_out_of_list(turn, topic)):
                turn.say("utter_left_out", what=raised(left))
        elif topic == "contact_all" and turn.ask.role in turn.knowledge.roles:
            telling.others(turn, turn.knowledge.roles[turn.ask.role])
        elif topic == "contact_all" and facet in (*_WHO_IT_IS, "contact"):
            _listed_or_counted(turn)
        elif topic == "contact_all" and facet in WAYS:
            telling.ways(turn, list(turn.knowledge.people.values()), WAYS[facet])
        elif topic == _UNIT and facet in WAYS:
            telling.ways(turn, [], WAYS[facet])
        elif topic == _UNIT and facet in _UNKNOWN_OF_THE_UNIT:
            telling.not_on_the_page(turn)
        elif topic == _UNIT and facet == "what" and not (turn.missing and turn.ask.act == "follow"):
            _about_topic(turn, turn.knowledge.unit.overview or topic)
        else:
            _about_topic(turn, topic)


def _listed_or_counted(turn: Turn, role: Role | None = None) -> None:
    """List people, or tell how many they are, if that is asked for; one is named."""
    is_one = role is not None and len(turn.knowledge.with_role(role)) == 1
    if turn.missing and turn.ask.facet == "amount":  # "Hur mycket tjänar de?"
        telling.says_what_is_asked(turn, turn.missing)
        telling.whom(turn, turn.ways_from(role.intent if role else "contact_all"))
        return
    if turn.ask.facet == "amount" and not is_one:
        telling.count(turn, role)
    elif role:
        telling.role(turn, role)
    else:
        telling.everybody(turn)


def _left_out_of_list(turn: Turn, topic: str) -> str | None:
    """Return what the page leaves out of how many there are, or which, of what a role does."""
    aspects = turn.aspects(topic)
    return aspects.left_out(str(turn.ask.facet)) if aspects and turn.ask.facet in _LISTED else None


def _say_if_none(turn: Turn, role: Role) -> None:
    """Say that none of those has the role among whom one was asked for."""
    among = [turn.knowledge.people[one.person] for one in turn.decision.titles]
    if among and not any(person in turn.knowledge.with_role(role) for person in among):
        turn.say("utter_none_of_them", title=role.title.lower())


def _about_people(turn: Turn, people: list[Person]) -> None:
    facet, told = turn.ask.facet, turn.was_told(f"{people[0].id}.what")
    is_later = len(turn.memory.messages) > 1
    is_of_title = (
        facet == "title" or (is_later and facet in _BRIEFLY) or (told and facet in _WHO_IT_IS)
    )
    knows_duties = facet == "duties" and any(person.areas for person in people)
    if facet in WAYS:
        telling.ways(turn, people, WAYS[facet])
    elif facet == UNCLEAR and told and telling.says_just_that(turn, turn.aspects("person"), []):
        turn.told.append(f"{people[0].id}.what")
    elif is_of_title:
        telling.titles(turn, people)
    elif facet in _WHO_IT_IS or knows_duties:
        telling.people(turn, people)
    else:
        if facet in ("duties", "other"):
            telling.titles(turn, people)
        _about_topic(turn, PERSON + people[0].id)


def _about_topic(turn: Turn, topic: str) -> None:
    """Tell what the page tells of the facet, then what it leaves out of it."""
    aspects, people = turn.aspects(topic), turn.people
    facet = turn.ask.facet or "what"
    key = f"{topic}.{facet}"
    fact = turn.knowledge.facts.get(topic)
    is_named = fact in turn.knowledge.facts_named(turn.text)
    is_whole = facet in _WHOLE or (facet == "meaning" and is_named)
    # A fact has easy words, its facets have none.
    is_whole = is_whole or (turn.is_easy and facet in _GENERAL and bool(fact and fact.told(facet)))
    # "Och nätverken?" is of the one thing.
    is_of_item = turn.ask.item in turn.knowledge.items and facet in _WHOLE
    is_told = turn.was_told(f"{topic}.what") or is_of_item
    is_asked_anew = turn.ask.act == "ask" or not is_told
    if fact and is_whole and is_asked_anew:
        asked = [
            turn.knowledge.facts[one] for one in turn.ask.topics if one in turn.knowledge.facts
        ]
        telling.says_what_lacks(turn)
        telling.facts(turn, asked or [fact])
        return
    turn.told.append(key)
    buttons = turn.ways_from(topic)
    if topic in (OFFER, REPORT) and turn.clause:  # "Kan man annonsera hos er?" only asks.
        telling.says_what_is_asked(turn, turn.clause)
        telling.whom(turn, buttons)
        return
    if facet == UNCLEAR and telling.says_just_that(turn, aspects, buttons):
        return
    is_new = facet == UNCLEAR and not turn.lacking and not turn.was_told(f"{topic}.what")
    if fact and is_new:
        telling.facts(turn, [fact])
        return
    if facet == UNCLEAR and fact and (nearest := telling.nearest(turn, fact)):
        is_lacking = telling.says_what_lacks(turn)
        turn.say("utter_told", buttons if is_lacking else [], text=nearest)
        if not is_lacking:
            turn.say("utter_no_more_of_it", buttons)
        return
    # "Vem är det?" is of the organisation that the fact tells of.
    named = turn.knowledge.words_in(fact.answer) if fact and fact.of_another else []
    word = turn.knowledge.word_in(turn.text) or next(iter(named), None)
    if facet == "meaning" and word:
        if aspects and aspects.noun:
            noun = turn.filled(aspects.noun, people)
            turn.say("utter_word_of", buttons, means=word.means, noun=noun)
        else:
            turn.say("utter_word", buttons, means=word.means)
        return
    told = aspects.told(facet) if aspects else None
    if topic in (OFFER, REPORT) and turn.ask.polar:  # Nothing is offered, only asked.
        told = None
    left = aspects.left_out(facet) if aspects else None
    if told and turn.decision.is_told:
        left = None
    if fact and facet == "what" and is_told:  # "Vilken paragraf?" asks for a detail of it.
        detail = telling.nearest(turn, fact)
        told = detail if detail and telling.shares_words(turn, detail) else told
    again = "_again" if turn.was_told(key) else ""
    if topic == _UNIT and turn.clause and (turn.lacking or (left and not told)):
        # Nothing of the kind is told: "när eller hur mycket det är" would say less.
        telling.says_what_is_asked(turn, turn.clause)
        telling.whom(turn, buttons)
        return
    if turn.missing and facet in _GENERAL and not turn.lacking:
        telling.what_is_missing(turn, turn.missing)
        return
    if telling.says_what_lacks(turn, told, left) and facet in _GENERAL:
        left = None
        if not told:
            telling.whom(turn, buttons)
            return
    if told:
        turn.say(f"utter_told{again}", [] if left else buttons, text=turn.filled(told, people))
    if left:
        is_of_somebody = fact is None or facet in _OF_WHO_DOES
        says_whom = not again and (not told or is_of_somebody)
        text = raised(turn.filled(left, people))
        turn.say(f"utter_left_out{again}", [] if says_whom else buttons, what=text)
        if says_whom:
            telling.whom(turn, buttons)
    if not told and not left:
        turn.say("utter_not_told", buttons)
