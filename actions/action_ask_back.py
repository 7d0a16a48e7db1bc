"""Ask which of the nearest questions the visitor meant."""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import EventType

from actions.reference import (
    OF_A_PERSON,
    asks_for_the_rest,
    asks_on,
    asks_whether_a_stranger_is,
    named,
    ordinals,
    points_back,
    still_about,
)
from actions.turn import KnowledgeAction, Turn

_CHOICES: Final = 3
_NOTHING: Final = ("nlu_fallback", "oos")


class ActionAskBack(KnowledgeAction):
    """Offers the questions that the message resembles most, when none is near enough."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_ask_back"

    def answer(self, turn: Turn) -> list[EventType]:
        """Ask back, unless the conversation makes the nearest question clear."""
        near = [intent for intent in turn.ranked() if intent in turn.knowledge.questions]
        nearest = next((name for name in turn.ranked() if name not in _NOTHING), "")
        about_somebody = named(turn) or points_back(turn) or turn.entities("other_person")
        if nearest in OF_A_PERSON and about_somebody:
            return turn.take_as(nearest)
        if turn.entities("role") and asks_whether_a_stranger_is(turn):
            turn.say_unknown_person()
            return turn.remember(people=[])
        if matter := still_about(turn):
            return turn.take_as(matter)
        if asks_for_the_rest(turn):
            return turn.take_as("contact_all")
        if turn.listed() and ordinals(turn):
            return turn.take_as("refer")
        if asks_on(turn):
            return turn.take_as("more")
        turn.say("utter_unsure", turn.ways_on(*near[:_CHOICES]) or turn.ways_on("help"))
        named_here = named(turn)
        return turn.remember(people=named_here) if named_here else []
