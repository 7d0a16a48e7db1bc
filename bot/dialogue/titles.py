"""Who is said to have which title: "Är hon chef?", "Pind är chef och Carlsson projektledare"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.dialogue.heard import Heard
from bot.dialogue.references import References, says
from bot.dialogue.title_words import is_claim, only_confirms
from bot.knowledge import Knowledge
from bot.nlu.parts import sentences


@dataclass(frozen=True)
class TitleOf:
    """That somebody has a role: the id of a person, and the intent of a role."""

    person: str
    role: str


def is_claiming(heard: Heard) -> bool:
    """Tell whether a message claims something of whom it names: "Anna är väl chef?"."""
    return is_claim(heard.text, [heard.words_of(one) for one in heard.of_kind("role")])


def titles_said(
    heard: Heard, references: References, knowledge: Knowledge, role: str | None = None
) -> tuple[TitleOf, ...]:
    """Return who is said to have which role; nothing if the message claims nothing.

    The role is that of the intent, for a message that names none in words that are known.
    """
    if not is_claiming(heard) or references.is_of_visitors_own() or _is_of_holder(heard):
        return ()
    paired = _paired(_who_and_what(heard, references, knowledge, role))
    return tuple(dict.fromkeys(TitleOf(person, said) for person, said in paired))


def are_only_titles(heard: Heard) -> bool:
    """Tell whether titles but stand before names: "kan enhetschefen Daniella Pind ringa?"."""
    names = {one.get("start") for one in heard.of_kind("person")}
    ends = [one["end"] for one in heard.of_kind("role") if "end" in one]
    return bool(ends) and all(end + 1 in names for end in ends)


def _is_of_holder(heard: Heard) -> bool:
    """Tell whether "hon" is who has the title before it: "chefen, är det hon som bestämmer?"."""
    roles = [int(one["end"]) for one in heard.of_kind("role") if "end" in one]
    pronouns = [int(one["end"]) for one in heard.of_kind("pronoun") if "end" in one]
    if not roles or not pronouns or heard.of_kind("person"):
        return False
    is_after = max(roles) < min(pronouns)
    return is_after and not only_confirms(heard.text[max(pronouns) :])


def _who_and_what(
    heard: Heard, references: References, knowledge: Knowledge, role: str | None
) -> list[list[str] | str]:
    """Return the people and the roles of the message, in its order."""
    said: list[tuple[int, list[str] | str]] = [*references.groups()]
    if not said and (back := references.pointed_back_to() or _everybody(heard, knowledge)):
        said = [(-1, back)]
    for entity in heard.of_kind("role"):
        name = f"role_{entity['value']}"
        if name in knowledge.roles:
            said.append((int(entity.get("start", 0)), name))
    said.sort(key=lambda one: one[0])
    if role and not any(isinstance(one, str) for _, one in said):
        said.append((len(heard.text), role))
    return [one for _, one in said]


def _everybody(heard: Heard, knowledge: Knowledge) -> list[str]:
    """Return all people if nothing but a title is said of all: "är alla konsulenter, eller?"."""
    if not says(heard.text, "all"):
        return []
    after = max((one["end"] for one in heard.of_kind("role") if "end" in one), default=0)
    ends = (end for start, end in sentences(heard.text) if start < after <= end)
    end = next(ends, len(heard.text))
    return list(knowledge.people) if after and only_confirms(heard.text[after:end]) else []


def _paired(said: Iterable[list[str] | str]) -> Iterator[tuple[str, str]]:
    """Return who goes with which role: that which follows, else that which came before."""
    pairs: list[tuple[str, str]] = []
    waiting: list[str] = []
    last: list[str] = []
    role: str | None = None
    is_free = is_before = False
    for one in said:
        if not isinstance(one, str):
            waiting += one
            continue
        if waiting and is_free and role:  # "chefen Anna och konsulenten Eva"
            pairs += [(person, role) for person in waiting]
            last, waiting, is_before = waiting, [], True
        elif waiting:
            pairs += [(person, one) for person in waiting]
            last, waiting, is_before = waiting, [], False
            role, is_free = one, False
            continue
        role, is_free = one, True
    if role and waiting:
        pairs += [(person, role) for person in waiting]
    elif role and is_free and is_before:  # "är konsulenten Anna chef?"
        pairs = [pair for pair in pairs if pair[0] not in last]
        pairs += [(person, role) for person in last]
    yield from pairs
