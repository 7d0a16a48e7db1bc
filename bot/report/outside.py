"""Count what is said of the unit, or of danger, in reply to texts about something else."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from bot.engine.observed import ObservedAgent
from bot.turns import Observed, Said

# What a reply may tell, by how the names of its phrases begin. The gravest comes first, and a
# reply counts once: a fact that ends in "står inte på sidan" is a fact.
ALARM: Final = "alarm"
FACT: Final = "fact"
PEOPLE: Final = "people"
WAYS: Final = "ways"
LEFT_OUT: Final = "left_out"
# Says that the unit may know, and nothing of it. It is told apart, and no false answer.
REFERRED: Final = "referred"
_PHRASES: Final = {
    ALARM: ("utter_emergency", "utter_unwell", "utter_worried"),
    FACT: ("utter_told", "utter_claim_yes", "utter_claim_no", "utter_summary", "utter_compared"),
    PEOPLE: (
        "utter_everybody",
        "utter_role_",
        "utter_claim_true",
        "utter_claim_false",
        "utter_none_of_them",
        "utter_count",
        "utter_others",
        "utter_only_title",
        "utter_topic_",
        "utter_which_person",
    ),
    WAYS: ("utter_phone", "utter_email", "utter_person_missing", "utter_no_ways"),
    LEFT_OUT: (
        "utter_left_out",
        "utter_lacks",
        "utter_lacking_of",
        "utter_not_just_that",
        "utter_unsettled",
        "utter_word_of",
    ),
    REFERRED: ("utter_not_on_the_page",),
}
KINDS: Final = tuple(_PHRASES)
# They tell of a person, unless nobody of that name works here.
_OF_A_PERSON: Final = ("utter_person", "utter_person_areas")


def kind_of_reply(said: Iterable[Said]) -> str | None:
    """Return the gravest thing that a reply tells of the unit; None if it tells nothing of it."""
    kinds = {_kind(one) for one in said}
    return next((kind for kind in KINDS if kind in kinds), None)


def _kind(said: Said) -> str | None:
    if said.phrase is None:  # Facts are told without a phrase.
        return FACT
    if said.phrase in _OF_A_PERSON:
        return PEOPLE
    return next((kind for kind, names in _PHRASES.items() if said.phrase.startswith(names)), None)


def count(agent: ObservedAgent, texts: Iterable[str]) -> dict[str, Any]:
    """Return how many replies to texts about something else tell what, each a first message."""
    replies = (asyncio.run(agent.observe(uuid.uuid4().hex, text)) for text in texts)
    found = Counter(kind_of_reply(_said(reply)) for reply in replies)
    kinds = {kind: found[kind] for kind in KINDS}
    return {
        "total": found.total(),
        "false": sum(kinds.values()) - kinds[REFERRED],
        "alarms": kinds[ALARM],
        "kinds": kinds,
    }


def _said(turn: Observed) -> Iterable[Said]:
    return (said for step in turn.steps for said in step.said)
