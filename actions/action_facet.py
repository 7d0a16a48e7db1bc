"""Answer what is asked of a topic: when, of whom, how to sign up."""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import EventType, SlotSet

from actions import telling
from actions.decided import (
    aspects_of,
    decided,
    filled,
    people_in,
    raised,
    remember_said,
    was_said,
)
from actions.turn import FIELDS, KnowledgeAction, Turn
from bot.dialogue.memory import PERSON, Ask
from bot.dialogue.resolver import UNCLEAR
from bot.knowledge import Person

_WAYS: Final = {"phone": ("phone",), "email": ("email",)}
_WHO_IT_IS: Final = (UNCLEAR, "what", "who", "title", "is", "list", "amount", None)
# What one can ask of reaching somebody beside whom.
_BESIDE_WHOM: Final = ("when", "where", "cost", "signup", "language", "why", "source")
_OF_WHO_DOES: Final = ("who", "contact", "duties")
_UNKNOWN_OF_THE_UNIT: Final = (UNCLEAR, "is", "can", "other", None)
_WHOLE: Final = ("what", None)


class ActionFacet(KnowledgeAction):
    """Tells the facet in a sentence of its own, or says that the page leaves it out."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return "action_facet"

    def answer(self, turn: Turn) -> list[EventType]:
        """Answer about people, else about the topics."""
        ask = decided(turn)
        people = people_in(turn, ask.topics)
        if people:
            return self._about_people(turn, ask, people)
        topic = ask.topics[0] if ask.topics else "unit"
        if role := turn.knowledge.roles.get(topic):
            with_role = turn.knowledge.with_role(role)
            if ask.facet in _WAYS and with_role:
                return telling.ways(turn, with_role, _WAYS[ask.facet])
            if ask.facet in (*_WHO_IT_IS, "contact"):
                return telling.role(turn, role)
        if topic == "contact_all" and ask.facet in (*_WHO_IT_IS, "contact"):
            return telling.everybody(turn)
        if topic == "contact_all" and ask.facet in _WAYS:
            return telling.ways(turn, list(turn.knowledge.people.values()), _WAYS[ask.facet])
        if topic == "contact_topic" and ask.facet not in _BESIDE_WHOM:
            return telling.whom_to_turn_to(turn)
        if topic == "unit" and ask.facet in (*_WAYS, "contact"):
            return telling.ways(turn, [], _WAYS.get(str(ask.facet), tuple(FIELDS.values())))
        if topic == "unit" and ask.facet == "what":
            topic = turn.knowledge.unit.overview or topic
        if topic == "unit" and ask.facet in _UNKNOWN_OF_THE_UNIT:
            return telling.not_on_the_page(turn)
        return _about_topic(turn, ask, topic)

    def _about_people(self, turn: Turn, ask: Ask, people: list[Person]) -> list[EventType]:
        if ask.facet in _WAYS:
            return telling.ways(turn, people, _WAYS[ask.facet])
        if ask.facet == "contact":
            return telling.ways(turn, people, tuple(FIELDS.values()))
        if ask.facet in _WHO_IT_IS and not was_said(turn, f"{people[0].id}.what"):
            return telling.people(turn, people)
        if ask.facet == "duties" and any(person.areas for person in people):
            return telling.people(turn, people)
        if ask.facet == "duties":
            for person in people:
                title = person.title.lower()
                turn.show("utter_role_one", [person], name=person.name, title=title)
        events = _about_topic(turn, ask, PERSON + people[0].id)
        return [*events, *turn.remember(people=people)]


def _about_topic(turn: Turn, ask: Ask, topic: str) -> list[EventType]:
    """Tell what the page tells of the facet, then what it leaves out of it."""
    aspects, people = aspects_of(turn, topic), people_in(turn, ask.topics)
    facet = ask.facet or "what"
    key = f"{topic}.{facet}"
    fact = turn.knowledge.facts.get(topic)
    is_named = fact in turn.knowledge.facts_named(turn.text)
    is_whole = facet in _WHOLE or (facet == "meaning" and is_named)
    if fact and is_whole and not was_said(turn, f"{topic}.what"):
        return telling.fact(turn, fact)
    noun = (aspects and aspects.noun) or ""
    if facet in _OF_WHO_DOES and turn.knowledge.responsible_for(f"{turn.text} {noun}"):
        return telling.whom_to_turn_to(turn, noun)
    if facet == UNCLEAR and fact and fact.short:
        turn.say("utter_told", text=fact.short)
        turn.say("utter_no_more_of_it", turn.ways_on(*fact.follow_ups))
        return [*_remembered(turn, topic), *remember_said(key)]
    told = aspects.told(facet) if aspects else None
    left = aspects.left_out(facet) if aspects else None
    again = "_again" if was_said(turn, key) else ""
    buttons = turn.ways_on(*(fact.follow_ups if fact else ("contact_topic", "contact_all")))
    if facet == "meaning" and (word := turn.knowledge.word_in(turn.text)):
        turn.say("utter_word", buttons, means=word.means)
        return [*_remembered(turn, topic), *remember_said(key)]
    if told:
        turn.say(f"utter_told{again}", [] if left else buttons, text=filled(told, people))
    if left:
        says_whom = (
            not again
            and (not told or topic == "unit" or facet in _OF_WHO_DOES)
            and telling.knows_whom(turn)
        )
        text = raised(filled(left, people))
        turn.say(f"utter_left_out{again}", [] if says_whom else buttons, what=text)
        if says_whom:
            telling.whom(turn, buttons)
    if not told and not left:
        turn.say("utter_not_told", buttons)
    return [*_remembered(turn, topic), *remember_said(key)]


def _remembered(turn: Turn, topic: str) -> list[EventType]:
    """Return events that keep the topic for actions that look at the last question."""
    if topic in turn.knowledge.questions:
        return [*turn.remember(people=[]), SlotSet("question", topic)]
    return []
