"""Look up the parts of names by how they are spelled, how they sound, and what is near that."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import OSA

from bot.nlu.folding import fold, remembering_words, without_diacritics
from bot.nlu.name_words import is_surname, name_words, nicknames
from bot.nlu.tokens import WORD

# A shorter word has too many neighbours one letter away ("spara", "Sara").
_FUZZY: Final = 5
_LONG: Final = 8
# Beside another name of the same person, shorter words count too: "Eva Frid".
_SHORTEST_BESIDE: Final = 2
# Folding takes letters away, but seldom more than it leaves: "Alllvarsdotter".
_LONGEST_UNFOLDED: Final = 2
# An h that no vowel follows is not heard: "Sarah", "Lundh", "Tröhn".
_SILENT: Final = re.compile(r"(?<=.)h(?![aeiouy])")

# Letters of the neighbouring languages that have no diacritics to take away.
_NEIGHBOURS: Final = str.maketrans("øæ", "öä")

Places = Mapping[str, frozenset[int]]
_NOWHERE: Final[Places] = {}


class Likeness(IntEnum):
    """How much a word is like a part of a name."""

    NEAR = 1
    SOUNDS = 2
    SPELLED = 3


@dataclass(frozen=True)
class Found:
    """Where a word may stand in whose names, and how sure that is."""

    places: Places
    likeness: Likeness
    distance: int = 0
    # Only near a part that has too many neighbours to be known by them alone.
    is_short: bool = False
    # It begins a part as it stands: "Ann" of "Anna".
    is_cut: bool = False
    # It is a genitive: "Annas".
    is_genitive: bool = False
    # It is what bearers of a first name are called: "Kattis".
    is_nickname: bool = False


class Spellings:
    """The parts of all names: words, halves of hyphenated ones, and neighbours written together.

    A part is found by looking up the folded word, or the word with a letter or two left out,
    so that the time for a message does not grow with the list. A word that is much longer than
    the longest part is near none, and is not looked at: the time for it has a bound.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        """Index full names by person id."""
        self._places: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._spelled: set[str] = set()
        self._near: dict[str, set[str]] = defaultdict(set)
        self._called: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._stems: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._longest = 0
        self.find = remembering_words(self._find)
        for person, name in names.items():
            words = WORD.findall(name)
            for place, word in enumerate(words):
                self._add(word, person, {place})
                if place and (stem := _stem(word)):
                    self._stems[stem][person].add(place)
            for place, pair in enumerate(pairwise(words)):
                self._add("".join(pair), person, {place, place + 1})
            for given in {name.casefold().partition(" ")[0], words[0].casefold()}:
                for nickname in nicknames().get(given, ()):
                    self._called[without_diacritics(nickname)][person].add(0)

    def _add(self, part: str, person: str, places: set[int]) -> None:
        lower = part.casefold()
        self._spelled |= {lower, without_diacritics(lower)}
        folded = sound(part)
        self._places[folded][person] |= places
        self._longest = max(self._longest, len(folded))
        for variant in _variants(folded):
            self._near[variant].add(folded)

    def is_spelled(self, word: str) -> bool:
        """Tell whether a word, or its genitive, is part of a name as it is spelled."""
        return any(form.casefold() in self._spelled for form in _bare_forms(word))

    def sharing(self, name: str) -> list[str]:
        """Return the ids of the people who have a word of this name in theirs."""
        words = [
            sound(form)
            for word in WORD.findall(name)
            if self._may_be_a_part(word)
            for form in _bare_forms(word)
        ]
        return sorted({person for word in words for person in self._places.get(word, ())})

    def sounding(self, word: str) -> Found | None:
        """Return where a word stands that sounds like a part of a name."""
        folded = sound(word) if self._may_be_a_part(word) else ""
        return Found(self._where([folded]), Likeness.SOUNDS) if folded in self._places else None

    def _find(self, word: str) -> Found | None:
        """Return the likeliest parts that a word, or else its genitive, may be."""
        if not self._may_be_a_part(word):
            return None
        found = [
            replace(one, is_genitive=form != word)
            for form in _bare_forms(word)
            for one in self._form(form)
        ]
        likeliest = sorted(found, key=lambda one: (-one.likeness, one.distance))
        return likeliest[0] if likeliest else None

    def _form(self, word: str) -> Iterator[Found]:
        folded = sound(word)
        if folded in self._places:
            is_spelled = word.casefold() in self._spelled
            likeness = Likeness.SPELLED if is_spelled else Likeness.SOUNDS
            yield Found(self._where([folded]), likeness)
        elif called := self._called.get(without_diacritics(word.casefold())):
            yield Found(_frozen(called), Likeness.NEAR, distance=1, is_nickname=True)
        # "Lundell" is no slip in "Lunde": it is a name, and somebody else's.
        elif not is_surname(word, capital_counts=False) and (near := self._nearest(folded)):
            long = {part: distance for part, distance in near.items() if len(part) >= _FUZZY}
            is_short = not long or len(folded) < _FUZZY - 1
            distance = min((long or near).values())
            is_cut = any(part.startswith(folded) for part in long or near)
            yield Found(self._where(long or near), Likeness.NEAR, distance, is_short, is_cut)
        elif not is_surname(word, capital_counts=False) and (stem := _stem(word)) in self._stems:
            yield Found(_frozen(self._stems[stem]), Likeness.NEAR, distance=1, is_short=True)

    def _may_be_a_part(self, word: str) -> bool:
        return len(word) <= _LONGEST_UNFOLDED * self._longest

    def _where(self, parts: Iterable[str]) -> Places:
        places: dict[str, set[int]] = defaultdict(set)
        for part in parts:
            for person, where in self._places[part].items():
                places[person] |= where
        return _frozen(places) or _NOWHERE

    def _nearest(self, folded: str) -> dict[str, int]:
        """Return the parts that are a slip away, two where they are long, and begin alike."""
        if not _SHORTEST_BESIDE <= len(folded) <= self._longest + 2:
            return {}
        near = {part for variant in _variants(folded) for part in self._near.get(variant, ())}
        distances = {part: OSA.distance(folded, part) for part in near if part[0] == folded[0]}
        return {part: d for part, d in distances.items() if d <= (2 if len(part) >= _LONG else 1)}


def _frozen(places: Mapping[str, set[int]]) -> Places:
    return {person: frozenset(where) for person, where in places.items()}


def _stem(word: str) -> str:
    """Return how the father's name in a surname sounds, nothing without one: "Larsdotter"."""
    lower = word.casefold()
    endings = [one for one in name_words().patronyms.endings if lower.endswith(one)]
    if not endings:
        return ""
    stem = sound(lower.removesuffix(max(endings, key=len))).rstrip("s")
    return stem if len(stem) > _SHORTEST_BESIDE else ""


def is_unmistakable(word: str) -> bool:
    """Tell whether a word is so long that few others are a slip away: "kataina"."""
    return len(sound(word)) >= _LONG - 1


def is_distinct(word: str) -> bool:
    """Tell whether a word is so long that few others sound like it."""
    return len(sound(word)) >= _FUZZY


def sound(word: str) -> str:
    """Return a word as it sounds: folded, without an h that is not heard."""
    lower = word.casefold().translate(_NEIGHBOURS)
    if len(lower) >= _FUZZY:  # "Hällström"; short words would come near each other.
        lower = lower.replace("ä", "e")
    return _SILENT.sub("", fold(lower))


def _bare_forms(word: str) -> Iterator[str]:
    """The word as written, then without a genitive s."""
    yield word
    if len(word) > 3 and word[-1] in "sS":
        yield word[:-1]


def _variants(part: str) -> set[str]:
    """The part itself, with one letter left out after the first and, where it is long, two."""
    once = {part[:i] + part[i + 1 :] for i in range(1, len(part))}
    if len(part) < _LONG:
        return {part} | once
    return {part} | once | {w[:i] + w[i + 1 :] for w in once for i in range(1, len(w))}
