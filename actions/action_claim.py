"""Say yes or no to a claim, or that the page does not settle it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rasa_sdk.events import EventType, SlotSet

from actions import telling
from actions.claim_words import denies
from actions.claims import Claim, claims, people_of, say_whether
from actions.decided import (
    aspects_of,
    decided,
    filled,
    people_in,
    raised,
    remember_said,
    was_said,
)
from actions.turn import KnowledgeAction, Turn
from bot.dialogue.claim_model import UNSAID
from bot.dialogue.memory import PERSON
from bot.knowledge import Aspects, Person

# Of more people than this, who has the role is another question than who has not.
_A_FEW: Final = 3
_GENERAL: Final = ("is", "can", "other")


class ActionClaim(KnowledgeAction):
    """Answers with yes, no, or what the page says about it and that it says no more."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return "action_claim"

    def answer(self, turn: Turn) -> list[EventType]:
        """Answer a claim about titles, else about the topic."""
        ask = decided(turn)
        people = people_in(turn, ask.topics)
        if claimed := claims(turn) or self._of_titles(turn, people):
            is_true = say_whether(turn, claimed)
            role = claimed[0].role
            if not is_true and len(claimed) == 1 and len(turn.knowledge.with_role(role)) <= _A_FEW:
                return telling.role(turn, role)
            turn.say("utter_anything_else", turn.ways_on("contact_all", "contact_topic"))
            return turn.remember(people=people_of(claimed))
        if people and ask.facet in ("phone", "email"):
            return telling.ways(turn, people, (ask.facet,))
        asked = turn.knowledge.roles.get(next(iter(ask.topics), ""))
        if asked and not people and turn.entities("role"):
            return telling.role(turn, asked)
        topic = PERSON + people[0].id if people else next(iter(ask.topics), "unit")
        aspects = aspects_of(turn, topic)
        fact = turn.knowledge.facts.get(topic)
        buttons = turn.ways_on(*(fact.follow_ups if fact else ("contact_topic", "contact_all")))
        facet = ask.facet or "is"
        key = f"{topic}.{facet}.claim"
        again = "_again" if was_said(turn, key) else ""
        decision = turn.slot("decision") or {}
        if claim := turn.knowledge.claims.get(str(decision.get("claim"))):
            kind = _kind(decision["truth"], denies(turn.own_text))
            turn.say(f"utter_claim_{kind}", buttons, because=filled(claim.because, people))
            remembered = [*turn.remember(people=people), SlotSet("question", topic)]
            return [*remembered, *remember_said(key)]
        if topic == "unit" and facet in _GENERAL:
            return telling.not_on_the_page(turn)
        told = _nearest(aspects, facet) if aspects else None
        left = aspects.left_out(facet) if aspects else None
        if told and decision.get("truth") != UNSAID:
            # Near enough to what the page says, but not surely the same.
            turn.say(f"utter_told{again}", text=filled(told, people))
            turn.say("utter_no_more_of_it", buttons)
        else:
            is_special = bool(left) and facet not in _GENERAL
            for person in people:
                title = person.title.lower()
                turn.show("utter_only_title", [person], name=person.name, title=title)
            if told and not people and not again:
                turn.say("utter_told_instead", text=filled(told, people))
            if left and not people and (is_special or again):
                turn.say("utter_left_out", buttons, what=raised(filled(left, people)))
            else:
                is_told = bool(people or (told and not again))
                turn.say("utter_no_more_of_it" if is_told else f"utter_unsettled{again}", buttons)
        remembered = turn.remember(people=people)
        if topic in turn.knowledge.questions:
            remembered.append(SlotSet("question", topic))
        return [*remembered, *remember_said(key)]

    @staticmethod
    def _of_titles(turn: Turn, people: Sequence[Person]) -> list[Claim]:
        """Return that each of these people has each title that the message names."""
        roles = [turn.knowledge.roles.get(f"role_{name}") for name in turn.entities("role")]
        return [Claim(person, role) for person in people for role in roles if role]


def _kind(truth: str, is_denied: bool) -> str:
    """Return how it is said: "Ja", or "Jo" to a denial; "Nej" answers both ways of asking."""
    return "yes_after_all" if truth == "yes" and is_denied else truth


def _nearest(aspects: Aspects, facet: str) -> str | None:
    """Return what the page tells of the facet, else of the topic."""
    sentences = (aspects.told(facet), aspects.told("is"), aspects.told("what"), aspects.short)
    return next(filter(None, sentences), None)
