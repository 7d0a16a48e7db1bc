"""What was decided on a message, and what an answer to it needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.turn import Turn, one_of
from bot.dialogue.memory import PERSON, Ask, Memory
from bot.knowledge import Aspects, Person


def decided(turn: Turn) -> Ask:
    """Return the thing that the message asks."""
    decision: dict[str, Any] = turn.slot("decision") or {}
    asks = [Ask.of_slot(one) for one in decision.get("asks", ())]
    return asks[0] if asks else Ask("ask")


def memory_of(turn: Turn) -> Memory:
    """Return what was asked so far, this message last."""
    return Memory.of_slot(turn.slot("memory"))


def people_in(turn: Turn, topics: Iterable[str]) -> list[Person]:
    """Return the people among the topics."""
    ids = (one.removeprefix(PERSON) for one in topics if one.startswith(PERSON))
    return [turn.knowledge.people[one] for one in ids if one in turn.knowledge.people]


def aspects_of(turn: Turn, topic: str) -> Aspects | None:
    """Return what is told of a topic, facet by facet; people share theirs."""
    return turn.knowledge.topics.get("person" if topic.startswith(PERSON) else topic)


def filled(text: str, people: Sequence[Person]) -> str:
    """Return a text with names and titles put in."""
    if not people:
        return text
    names = one_of([person.name for person in people], "och")
    titles = one_of(list(dict.fromkeys(person.title.lower() for person in people)), "och")
    return text.replace("{name}", names).replace("{title}", titles)


def raised(text: str) -> str:
    """Return the text with a capital first."""
    return text[:1].upper() + text[1:]


def remember_said(*keys: str) -> list[EventType]:
    """Return events that keep what this reply told, so that the next does not repeat it."""
    return [SlotSet("said", list(keys))]


def was_said(turn: Turn, key: str) -> bool:
    """Tell whether the reply before told this."""
    return key in (turn.slot("said") or ())
