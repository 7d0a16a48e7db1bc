"""Find the people of the unit in what a visitor writes, in any spelling within reason."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from rapidfuzz.distance import OSA

from bot.nlu.folding import fold, remembering_words, without_diacritics

WORD: Final = re.compile(r"[^\W\d_]+")
_JOINS_A_NAME: Final = re.compile(r",? |[\-‐‑–]")
# A shorter word has too many neighbours one letter away ("spara", "Sara").
_SHORTEST_FUZZY: Final = 5
_LONG_NAME: Final = 8
_FIRST_NAMES: Final = Path(__file__).with_name("first_names.txt")
_WORD_BEFORE: Final = re.compile(r"([^\W\d_]+) $")
# "En trogen läsare" and "jag bor i Lunden" resemble names, but none follows these words.
_WITH_A_NOUN: Final = re.compile(
    r"\b(?:en|ett|det|den|de|i|på|vid|min|vår|er|så|mycket|väldigt) $", re.IGNORECASE
)


@dataclass(frozen=True)
class Mention:
    """Words of a message that name somebody: [start, end) and who it may be."""

    start: int
    end: int
    people: tuple[str, ...]


@dataclass(frozen=True)
class _Match:
    """One word that may be these places of these people's names."""

    start: int
    end: int
    word: str
    places: Mapping[str, frozenset[int]]
    exact: bool

    def is_first_name(self) -> bool:
        return any(0 in places for places in self.places.values())


class NameIndex:
    """All names of the unit, folded and indexed by their parts.

    The parts of a name are its words, the halves of hyphenated ones, and neighbouring
    words written together. A part is found by looking up the folded word, or the word
    with a letter left out, so that the time for a message does not grow with the list.
    """

    def __init__(self, names: Mapping[str, str], ordinary: Collection[str] = ()) -> None:
        """Index names.

        Args:
            names: full name by person id.
            ordinary: words of everyday language, in lower case, that resemble names.

        """
        self._ordinary = frozenset(ordinary)
        self._places: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._spellings: set[str] = set()
        self._near: dict[str, set[str]] = defaultdict(set)
        self._parts = remembering_words(self._looked_up)
        for person, name in names.items():
            words = WORD.findall(name)
            for place, word in enumerate(words):
                self._add(word, person, {place})
            for place, pair in enumerate(pairwise(words)):
                self._add("".join(pair), person, {place, place + 1})

    def beside(self, ordinary: Collection[str]) -> NameIndex:
        """Return an index of the same names that knows these everyday words."""
        other = copy(self)
        other._ordinary = frozenset(ordinary)
        return other

    def _add(self, part: str, person: str, places: set[int]) -> None:
        lower = part.casefold()
        self._spellings |= {lower, without_diacritics(lower)}
        folded = fold(part)
        self._places[folded][person] |= places
        if len(folded) >= _SHORTEST_FUZZY:
            for variant in _variants(folded):
                self._near[variant].add(folded)

    def find(self, text: str) -> list[Mention]:
        """Return the people that the text names, in the order of the text."""
        groups = list(_neighbours(text, list(self._matches(text))))
        strangers = [
            pair for pair in pairwise(groups) if self._are_two_names_of_a_stranger(text, *pair)
        ]
        of_strangers = [group for pair in strangers for group in pair]
        return [
            Mention(group[0].start, group[-1].end, _in_common(group))
            for group in groups
            if group not in of_strangers and (len(group) > 1 or self._stands_alone(text, group[0]))
        ]

    def _are_two_names_of_a_stranger(
        self, text: str, first: list[_Match], last: list[_Match]
    ) -> bool:
        """Tell whether one's first name and another's surname stand together: "anna larsson"."""
        return (
            len(first) == len(last) == 1
            and text[first[0].end : last[0].start] == " "
            and first[0].is_first_name()
            and first[0].exact
            and not last[0].is_first_name()
            and (
                last[0].exact
                or last[0].word[0].isupper()
                or last[0].word.casefold() not in self._ordinary
            )
        )

    def is_exact(self, word: str) -> bool:
        """Tell whether a word, or its genitive, is part of one of our names as it is spelled."""
        return any(form.casefold() in self._spellings for form in _bare_forms(word))

    def sharing_a_name(self, name: str) -> list[str]:
        """Return the ids of the people who have a word of this name in theirs."""
        words = [fold(form) for word in WORD.findall(name) for form in _bare_forms(word)]
        return sorted({person for word in words for person in self._places.get(word, ())})

    def _matches(self, text: str) -> Iterator[_Match]:
        for found in WORD.finditer(text):
            for form in _bare_forms(found.group()):
                exact = form.casefold() in self._spellings
                if parts := self._parts(form):
                    places: dict[str, set[int]] = defaultdict(set)
                    for part in parts:
                        for person, where in self._places[part].items():
                            places[person] |= where
                    frozen = {person: frozenset(where) for person, where in places.items()}
                    yield _Match(found.start(), found.end(), form, frozen, exact)
                    break

    def _looked_up(self, word: str) -> set[str]:
        """Return the parts of names that the word is, or else may be."""
        folded = fold(word)
        return {folded} if folded in self._places else self._nearest(folded)

    def _nearest(self, folded: str) -> set[str]:
        if len(folded) < _SHORTEST_FUZZY - 1:
            return set()
        near = {part for variant in _variants(folded) for part in self._near.get(variant, ())}
        return {
            part
            for part in near
            if OSA.distance(folded, part) <= (2 if len(part) >= _LONG_NAME else 1)
        }

    def _stands_alone(self, text: str, match: _Match) -> bool:
        """Tell whether one word by itself names one of our people."""
        if match.exact and match.is_first_name():
            return not _another_surname_follows(text, match.end)
        if self._another_first_name_precedes(text, match.start):
            return False
        if match.word.casefold() in self._ordinary:
            inside = match.word[0].isupper() and bool(WORD.search(text[: match.start]))
            return match.exact and inside
        is_short = not match.is_first_name() and len(fold(match.word)) < _LONG_NAME
        return match.exact or not is_short or not _WITH_A_NOUN.search(text[: match.start])

    def _another_first_name_precedes(self, text: str, start: int) -> bool:
        """Tell whether another's first name comes before: "Håkan Hellström"."""
        before = _WORD_BEFORE.search(text[:start])
        if not before:
            return False
        word = before.group(1)
        capital_counts = bool(WORD.search(text[: before.start()])) or text[start].isupper()
        return is_first_name(word, capital_counts) or (
            word.istitle() and word.casefold() not in self._ordinary
        )


def is_first_name(word: str, capital_counts: bool) -> bool:
    """Tell whether a word is a common first name.

    One that is an everyday word too must have a capital, where that does not only begin a
    sentence.
    """
    names, also_words = _first_names()
    lower = word.casefold()
    return lower in names or (lower in also_words and capital_counts and word.istitle())


@cache
def _first_names() -> tuple[frozenset[str], frozenset[str]]:
    lines = _FIRST_NAMES.read_text(encoding="utf-8").casefold().splitlines()
    names = [line for line in lines if not line.startswith("#")]
    here = names.index("---")
    return frozenset(names[:here]), frozenset(names[here + 1 :])


def _bare_forms(word: str) -> Iterable[str]:
    """The word as written, then without a genitive s."""
    yield word
    if len(word) > 3 and word[-1] in "sS":
        yield word[:-1]


def _variants(part: str) -> set[str]:
    """The part itself, with one letter left out and, where it is long, two."""
    once = {part[:i] + part[i + 1 :] for i in range(len(part))}
    if len(part) < _LONG_NAME:
        return {part} | once
    return {part} | once | {w[:i] + w[i + 1 :] for w in once for i in range(len(w))}


def _neighbours(text: str, matches: list[_Match]) -> Iterator[list[_Match]]:
    """Group neighbouring matches that are different parts of one person's name."""
    group: list[_Match] = []
    for match in matches:
        joined = group and _JOINS_A_NAME.fullmatch(text[group[-1].end : match.start])
        if joined and _in_common([*group, match]):
            group.append(match)
        else:
            if group:
                yield group
            group = [match]
    if group:
        yield group


def _in_common(group: list[_Match]) -> tuple[str, ...]:
    """The people in whose name every match is a part of its own."""
    people = set(group[0].places)
    for match in group[1:]:
        people &= set(match.places)
    return tuple(
        sorted(
            person
            for person in people
            if len(frozenset().union(*(m.places[person] for m in group))) >= len(group)
        )
    )


_NEXT_WORD: Final = re.compile(r" ([A-ZÅÄÖ][^\W\d_]{2,})")


def _another_surname_follows(text: str, end: int) -> bool:
    """Tell whether a capitalised word follows: "Sara Stridsberg" is not our Sara.

    A message in title case or capitals throughout tells nothing.
    """
    found = _NEXT_WORD.match(text, end)
    if not found or found.group(1).isupper():
        return False
    rest = WORD.findall(text[found.end() :])
    return not (rest and all(word[0].isupper() for word in rest))
