"""What a message claims of people: "Är hon chef?", "Pind är chef och Carlsson projektledare"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from actions.claim_words import WORD, denies, has
from actions.reference import named_where, pointed_back_to
from actions.turn import Turn, one_of
from bot.knowledge import Person, Role


@dataclass(frozen=True)
class Claim:
    """That somebody has a role."""

    person: Person
    role: Role

    def is_true(self, turn: Turn) -> bool:
        """Tell whether the page says so."""
        return self.person in turn.knowledge.with_role(self.role)


def claims(turn: Turn, role: Role | None = None) -> list[Claim]:
    """Return who is said to have which role; nothing if the message claims nothing.

    The role is that of the intent, for a message that names none in words that are known.
    """
    if not turn.is_claim:
        return []
    paired = _paired(_who_and_what(turn, role))
    return list({(person.id, said.id): Claim(person, said) for person, said in paired}.values())


def only_titles(turn: Turn) -> bool:
    """Tell whether titles but stand before names: "kan enhetschefen Daniella Pind ringa?"."""
    names = {e.get("start") for e in turn.message_entities if e["entity"] == "person"}
    ends = [e["end"] for e in turn.message_entities if e["entity"] == "role" and "end" in e]
    return bool(ends) and all(end + 1 in names for end in ends)


def say_whether(turn: Turn, claimed: list[Claim]) -> bool:
    """Say yes or no to claims; return whether all are true."""
    if asks_which(turn):
        for person in people_of(claimed):
            turn.show("utter_role_one", [person], name=person.name, title=person.title.lower())
        return True
    wrong = people_of([claim for claim in claimed if not claim.is_true(turn)])
    right = [claim for claim in claimed if claim.is_true(turn) and claim.person not in wrong]
    for person in wrong:
        utterance = "utter_claim_false" if person is wrong[0] else "utter_role_one"
        turn.show(utterance, [person], name=person.name, title=person.title.lower())
    _say_what_is_right(turn, right, is_all=not wrong)
    return not wrong


def people_of(claimed: list[Claim]) -> list[Person]:
    """Return whom the claims are about, each once."""
    return list({claim.person.id: claim.person for claim in claimed}.values())


def _say_what_is_right(turn: Turn, right: list[Claim], is_all: bool) -> None:
    """Say who has which role as claimed; with a yes before, if all is."""
    yes = "utter_claim_true_after_all" if denies(turn.own_text) else "utter_claim_true"
    for role in dict.fromkeys(claim.role.id for claim in right):
        same = [claim for claim in right if claim.role.id == role]
        people = [claim.person for claim in same]
        title = same[0].role.title if len(people) == 1 else same[0].role.plural
        names = one_of([person.name for person in people], "och")
        if is_all and same[0] is right[0]:
            turn.show(yes, people, names=names, title=title.lower())
        else:
            turn.show("utter_role_one", people, name=names, title=title.lower())


def asks_which(turn: Turn) -> bool:
    """Tell whether two titles are there to choose from: "konsulent eller projektledare?"."""
    roles = [e for e in turn.message_entities if e["entity"] == "role" and "start" in e]
    between = [
        WORD.findall(turn.text[first["end"] : second["start"]].casefold())
        for first, second in pairwise(roles)
    ]
    return any(len(words) < 2 and has(words, "alternatives") for words in between)


def _who_and_what(turn: Turn, role: Role | None) -> list[list[Person] | Role]:
    """Return the people and the roles of the message, in its order."""
    said: list[tuple[int, list[Person] | Role]] = [*named_where(turn)]
    if not said and (back := pointed_back_to(turn)):
        said = [(-1, back)]
    for entity in turn.message_entities:
        known = turn.knowledge.roles.get(f"role_{entity['value']}")
        if entity["entity"] == "role" and known:
            said.append((_place(entity), known))
    said.sort(key=lambda one: one[0])
    if role and not any(isinstance(one, Role) for _, one in said):
        said.append((len(turn.text), role))
    return [one for _, one in said]


def _place(entity: dict[str, Any]) -> int:
    return int(entity.get("start", 0))


def _paired(said: Iterable[list[Person] | Role]) -> Iterator[tuple[Person, Role]]:
    """Return who goes with which role: that which follows, else that which came before."""
    pairs: list[tuple[Person, Role]] = []
    waiting: list[Person] = []
    last: list[Person] = []
    role: Role | None = None
    is_free = is_before = False
    for one in said:
        if not isinstance(one, Role):
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
