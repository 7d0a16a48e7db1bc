"""Whom and what a message points at: names, titles, "hon", "de", "den andra"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from bot.dialogue.heard import Entity, Heard
from bot.dialogue.memory import NOBODY, PERSON, Memory
from bot.knowledge import Knowledge

CONTACT_ALL: Final = "contact_all"
CONTACT_TOPIC: Final = "contact_topic"
# After more people than this, a bare "numret?" is about the unit.
_A_FEW: Final = 3
# So far back a list is picked from.
_LISTS_LOOKED_AT: Final = 4
# What was asked beside the unit's matters does not end what was spoken of.
_PASSING: Final = ("other", "local", "bot", "privacy")
_WORDS: Final = Path(__file__).with_name("closed_classes.yml")
_WORD: Final = re.compile(r"\w+")
_SECOND: Final = "2"


class References:
    """What one message points at, in the light of what was asked before it."""

    def __init__(self, heard: Heard, memory: Memory, knowledge: Knowledge) -> None:
        """Look at the message, the conversation, and the facts of the moment."""
        self._heard = heard
        self._memory = memory
        self._knowledge = knowledge

    # Whom it names.

    def groups(self) -> list[tuple[int, list[str]]]:
        """Return for each name where it stands, and whom it fits, narrowed by the conversation."""
        by_place: dict[object, list[str]] = {}
        for entity in self._heard.of_kind("person"):
            name = str(entity["value"])
            if name in self._knowledge.people:
                place = name if self._heard.is_chosen else entity.get("start", name)
                by_place.setdefault(place, []).append(name)
        known = self.mentioned()
        return [
            (
                place if isinstance(place, int) else 0,
                group if len(group) == 1 else [one for one in group if one in known][:1] or group,
            )
            for place, group in by_place.items()
        ]

    def named(self) -> list[str]:
        """Return the people that the message names, or whose title it names.

        "Är hon chef?" is about her, "chefen, har hon nummer?" about the head.
        """
        people = [one for _, group in self.groups() for one in group]
        if people or self._heard.values("other_person"):
            return list(dict.fromkeys(people))
        roles = (self._knowledge.roles.get(f"role_{title}") for title in self._titles())
        with_role = (self._knowledge.with_role(role) for role in roles if role)
        return list(dict.fromkeys(person.id for people in with_role for person in people))

    def unclear(self) -> list[str]:
        """Return the people among whom the message does not tell: two Annas, "hon" of two."""
        if groups := self.groups():
            return next((group for _, group in groups if len(group) > 1), [])
        focus = self.focus()
        if self._heard.values("pronoun") and len(focus) > 1 and not self.named():
            return [] if self._pointed_at(focus) else focus
        return []

    def is_of_visitors_own(self) -> bool:
        """Tell whether a title is somebody's beside the visitor: "är hon min chef?"."""
        return any(self._before(one) in words_of("ours") for one in self._heard.of_kind("role"))

    def roles(self) -> list[str]:
        """Return the roles that the message names."""
        named = (f"role_{value}" for value in self._heard.values("role"))
        return [name for name in named if name in self._knowledge.roles]

    # Whom it points back to.

    def meant(self) -> list[str]:
        """Return the people that the message names or points back to; nobody means the unit."""
        if people := self.named():
            return people
        focus = self.focus()
        if self._heard.values("other_person"):
            return []
        if self.names_a_place() and (one := self._pointed_at(focus)):
            return [one]
        if self._heard.values("group"):
            several = self.several()
            one = None if self._means_as_many() else self._pointed_at(several)
            return [one] if one else several
        if self._heard.values("pronoun"):
            return self.she()
        return [] if self._heard.values("unit") or len(focus) > _A_FEW else focus

    def pointed_back_to(self) -> list[str]:
        """Return the people that "hon" or "de" stands for."""
        if self._heard.values("group"):
            return self.several()
        return self.she() if self._heard.values("pronoun") else []

    def she(self) -> list[str]:
        """Return whom "hon" means: who is spoken of, or was just offered or named by the bot."""
        if focus := self.focus():
            return focus
        if len(offered := self._offered()) == 1:
            return offered
        if self.is_of_nobody():  # Whom to ask was named, but somebody else is spoken of.
            return []
        return named if len(named := self._just_named()) == 1 else self.mentioned()[:1]

    def is_of_nobody(self) -> bool:
        """Tell whether who was spoken of last is not among the staff."""
        people = (one for one in self._memory.earlier if NOBODY in one or self._people_of(one))
        return NOBODY in next(people, ())

    def _just_named(self) -> list[str]:
        """Return the people whom the last answer offered, else those it named beside its topic."""
        told = [one.removeprefix(PERSON) for one in self._heard.told if one.startswith(PERSON)]
        return self._offered() or [one for one in told if one in self._knowledge.people]

    def _offered(self) -> list[str]:
        """Return the people on the buttons under the last answer."""
        buttons = (
            json.loads("{" + one.partition("{")[2]) for one in self._heard.offered if "{" in one
        )
        offered = dict.fromkeys(str(one["person"]) for one in buttons if "person" in one)
        return [one for one in offered if one in self._knowledge.people]

    def several(self) -> list[str]:
        """Return whom "de" means: those of the last answer or list, or the last two spoken of."""
        focus, mentioned = self.focus(), self.mentioned()
        if len(focus) > 1:
            return focus
        listed = [one.removeprefix(PERSON) for one in self._listed() if one.startswith(PERSON)]
        if not focus and listed:
            return listed
        named = self._just_named()
        if not focus and len(named) > 1:
            return named
        # "De två" may be who was asked about, and whom the bot named.
        spoken_of = mentioned[1::-1] if len(mentioned) > 1 else [*dict.fromkeys([*focus, *named])]
        return spoken_of if len(mentioned) > 1 or self._means_as_many() else focus

    def asks_for_others(self) -> bool:
        """Tell whether those are asked for who have not the title: "vilka är inte chefer?"."""
        is_denied = any(self._before(one) in words_of("not") for one in self._heard.of_kind("role"))
        return is_denied or says(self._heard.text, "all_but")

    def among(self) -> list[str]:
        """Return among whom the message asks for one: "Vem av dem är chef?"."""
        groups = self._heard.of_kind("group")
        return self.several() if any(self._before(one) in words_of("of") for one in groups) else []

    def focus(self) -> list[str]:
        """Return the people that the conversation is about now."""
        topics = next(
            (topics for topics in self._memory.earlier if not set(topics) <= set(_PASSING)), ()
        )
        return self._people_of(topics)

    def mentioned(self) -> list[str]:
        """Return the people of the conversation, those of the last answers first."""
        people = (one for topics in self._memory.earlier for one in self._people_of(topics))
        return list(dict.fromkeys(people))

    # What it picks from a list.

    def ordinals(self) -> list[str]:
        """Return what the message points at by number; "alla tre" and "2+2" point at nothing."""
        found = self._heard.of_kind("ordinal")
        # "Nummer ett och tre": where one number chooses, the others do.
        are_choosing = any(self._is_cardinal(one) and self._is_choosing(one) for one in found)
        return [str(one["value"]) for one in found if are_choosing or not self._is_cardinal(one)]

    def picked(self) -> list[str]:
        """Return the topics, or the payloads of buttons, that an ordinal means; none if none."""
        listed, current, _ = self._list()
        if _SECOND in self.ordinals():
            other = next((one for one in self.mentioned() if one not in self.focus()), None)
            is_of_people = len(self.focus()) == 1 and current is None
            if other and (self._heard.values("pronoun") or is_of_people):
                return [PERSON + other]
            if self._heard.values("group") and current:
                return [one for one in listed if one != current]
        if not listed and len(self.mentioned()) > 1:
            listed = [PERSON + one for one in reversed(self.mentioned())]  # "Den första igen."
        # "3" may be a button, where fewer were listed.
        is_number = any(self._heard.words_of(e).isdecimal() for e in self._heard.of_kind("ordinal"))
        offered = list(self._heard.offered) if is_number or not listed else []
        one = self._pointed_at(listed, current) or self._pointed_at(offered)
        return [one] if one else []

    def beside(self, named: Sequence[str] = ()) -> list[str]:
        """Return the topics that are named or pointed at, to be set beside each other."""
        told = [one for one in self._memory.told if self._is_one_thing(one)]
        if named := named or self.names():  # "Vad skiljer det från det digitala?"
            return [*[one for one in told if one not in named][-1:], *named][-max(2, len(named)) :]
        listed = list(dict.fromkeys(filter(self._is_one_thing, self._list()[0])))
        pointed = self._all_pointed_at(listed or told)
        if len(pointed) > 1:
            return pointed
        several = [one for one in self._memory.topics if self._is_one_thing(one)]
        several = several if len(several) > 1 else list(dict.fromkeys(self._listed()))
        how_many = next(filter(None, map(self._cardinal, self._heard.of_kind("ordinal"))), None)
        if several and (pointed or how_many in (None, len(several))):
            told = several
        elif not how_many:
            how_many = 2
        count = how_many or len(told)
        return told[:count] if "1" in self.ordinals() else told[-count:]

    def names(self) -> list[str]:
        """Return the people, roles and facts that the message names, in its order."""
        people = [(place, PERSON + one) for place, group in self.groups() for one in group[:1]]
        roles = [
            (entity.get("start", 0), f"role_{entity['value']}")
            for entity in self._heard.of_kind("role")
            if f"role_{entity['value']}" in self._knowledge.roles
        ]
        facts = [
            (fact.place_in(self._heard.text) or 0, fact.id)
            for fact in self._knowledge.facts_named(self._heard.text)
        ]
        return list(dict.fromkeys(one for _, one in sorted([*people, *roles, *facts])))

    def _is_one_thing(self, topic: str) -> bool:
        known = (*self._knowledge.facts, *self._knowledge.roles)
        return topic.startswith(PERSON) or topic in known

    def picked_from(self) -> tuple[str, ...]:
        """Return the topics whose list is picked from."""
        return self._list()[2]

    def has_list(self) -> bool:
        """Tell whether something was listed, or what was told last belongs to a list."""
        return bool(self._list()[0]) or len(self.mentioned()) > 1

    def is_of_reply(self) -> bool:
        """Tell whether something of the last answer is meant: "det sista du sa"."""
        return says(self._heard.text, "in_the_reply")

    def is_menu_left(self) -> bool:
        """Tell whether the last answer was about nothing and offered buttons."""
        return bool(self._heard.offered) and self._memory.is_chatting

    def _list(self) -> tuple[list[str], str | None, tuple[str, ...]]:
        """Return the last list, or that of what was told last; that one, and what lists them."""
        offered = list(self._heard.offered)
        earlier = self._memory.earlier[:_LISTS_LOOKED_AT]
        if self.is_menu_left() or not earlier:
            return offered, None, ()
        if together := self._memory.together:
            return list(together), None, together
        current = earlier[0][0] if len(earlier[0]) == 1 else None
        within, is_of_reply = self._list_of(self._memory.within), self.is_of_reply()
        if current in within and not is_of_reply:
            return within, current, self._memory.within
        own = self._list_of(earlier[0])
        # What one sentence names is no list where one was told that it belongs to.
        if not own or (self._knowledge.claims.keys() >= set(own) and not is_of_reply):
            # What belongs to a list is picked from it, beside itself.
            for topics in earlier[1:]:
                if current in (listed := self._list_of(topics)):
                    return listed, current, topics
        if not own and (beside := self._knowledge.list_with(current or "")):
            return beside, current, (current or "",)
        for topics in earlier:
            # What one sentence named is no list any more once something else was told.
            is_list = topics == earlier[0] or not set(self._list_of(topics)) & {
                *self._knowledge.claims
            }
            if is_list and (listed := self._list_of(topics)):
                return listed, None, topics
        return offered, None, ()

    def _listed(self) -> list[str]:
        """Return what the last answer listed, as topics."""
        return self._list_of(self._memory.topics)

    def _list_of(self, topics: Sequence[str]) -> list[str]:
        """Return what an answer about topics lists: the parts of a fact, or people."""
        if CONTACT_ALL in topics:
            return [PERSON + one for one in self._knowledge.people]
        if CONTACT_TOPIC in topics and len(topics) == 1:
            return [PERSON + one.id for one in self._knowledge.to_turn_to()]
        facts = [self._knowledge.facts[one] for one in topics if one in self._knowledge.facts]
        if len(facts) > 1:
            return [fact.id for fact in facts]
        if facts:
            return facts[0].lists
        people = self._people_of(topics)
        return [PERSON + one for one in people] if len(people) > 1 else []

    def _people_of(self, topics: Iterable[str]) -> list[str]:
        people: list[str] = []
        for topic in topics:
            if topic.startswith(PERSON):
                people.append(topic.removeprefix(PERSON))
            elif role := self._knowledge.roles.get(topic):
                people += [one.id for one in self._knowledge.with_role(role)]
            elif topic == CONTACT_TOPIC:
                people += [one.id for one in self._knowledge.first_to_turn_to()]
        return [one for one in dict.fromkeys(people) if one in self._knowledge.people]

    def _pointed_at(self, choices: Sequence[str], after: str | None = None) -> str | None:
        """Return which of the choices an ordinal means; "nästa" is the one after `after`."""
        return next(iter(self._all_pointed_at(choices, after)), None)

    def _all_pointed_at(self, choices: Sequence[str], after: str | None = None) -> list[str]:
        """Return which of the choices the ordinals mean, in the order of the message."""
        found = []
        for value in self.ordinals():
            if value.isdigit() and 1 <= int(value) <= len(choices):
                found.append(choices[int(value) - 1])
            if value == "last" and choices:
                found.append(choices[-1])
            if value == "middle" and len(choices) % 2:
                found.append(choices[len(choices) // 2])
            if value == "next" and after in choices[:-1]:
                found.append(choices[choices.index(after) + 1])
        return list(dict.fromkeys(found))

    def _titles(self) -> list[str]:
        """Return the titles that the message names before any pronoun."""
        kinds = [entity["entity"] for entity in self._heard.entities]
        before = kinds.index("pronoun") if "pronoun" in kinds else len(kinds)
        titles = [e["value"] for e in self._heard.entities[:before] if e["entity"] == "role"]
        return list(dict.fromkeys(titles))

    def names_a_place(self) -> bool:
        """Tell whether an ordinal stands for somebody: "den sista", but not "ett nummer"."""
        return any(self._before(one) in words_of("the") for one in self._heard.of_kind("ordinal"))

    def ends_with_a_place(self) -> bool:
        """Tell whether a message ends with an ordinal: "vad betyder den sista?"."""
        ends = [one["end"] for one in self._heard.of_kind("ordinal") if "end" in one]
        return self.names_a_place() and not any(map(str.isalnum, self._heard.text[max(ends) :]))

    def _means_as_many(self) -> bool:
        """Tell whether a number says how many: "de två"."""
        return any(
            self._is_cardinal(one) and self._before(one) in words_of("they")
            for one in self._heard.of_kind("ordinal")
        )

    def _is_cardinal(self, ordinal: Entity) -> bool:
        written = self._heard.words_of(ordinal).casefold()
        return written.isdigit() or written in words_of("cardinals")

    def _cardinal(self, entity: Entity) -> int | None:
        """Return how many a number says that points at nothing: "de två"."""
        value = str(entity["value"])
        is_counting = self._is_cardinal(entity) and not self._is_choosing(entity)
        return int(value) if is_counting and value.isdigit() else None

    def _is_choosing(self, ordinal: Entity) -> bool:
        """Tell whether a number chooses: "nummer 2", or nothing beside "2 tack"."""
        text = self._heard.text.casefold()
        around = text[: ordinal["start"]] + " " + text[ordinal["end"] :]
        if set(_WORD.findall(around)) <= words_of("around_a_number"):
            return not any(sign in around for sign in "+*/=")
        return self._before(ordinal) in words_of("before_a_number")

    def _before(self, entity: Entity) -> str:
        """Return the word before an entity."""
        before = _WORD.findall(self._heard.text[: entity.get("start", 0)].casefold())
        return before[-1] if before else ""


def says(text: str, kind: str) -> bool:
    """Tell whether a text holds a word, or some words in a row, of a closed class."""
    padded = f" {' '.join(_WORD.findall(text.casefold()))} "
    return any(f" {said} " in padded for said in words_of(kind))


@cache
def words_of(kind: str) -> frozenset[str]:
    """Return the words of a closed class."""
    lists: dict[str, list[str]] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return frozenset(lists[kind])
