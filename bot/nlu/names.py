"""Find the people of the unit, and strangers, in what a visitor writes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Final

from bot.nlu.bearers import Bearer, bearer
from bot.nlu.folding import without_diacritics
from bot.nlu.name_words import WordList, is_first_name, name_words
from bot.nlu.reading import BEGINNING, Reading
from bot.nlu.spellings import Found, Likeness, Spellings, is_distinct, is_unmistakable
from bot.nlu.tokens import WORD, Token, tokens
from bot.nlu.whole_names import Part, Span, unknown_names, whole_name

# With so many parts of the name, the first half of the first name may be missing.
_HALF_IS_ENOUGH: Final = 3
# No shorter name is looked for in a longer word.
_SHORTEST: Final = 3
_JOINTS: Final = (", ", ",")


@dataclass(frozen=True)
class Mention:
    """Words of a message that name somebody: [start, end) and which of our people it may be.

    Nobody of them: a stranger, whom `elsewhere` tells to have the same name as one of ours.
    """

    start: int
    end: int
    people: tuple[str, ...]
    elsewhere: bool = False


class NameIndex:
    """All names of the unit, folded and indexed by their parts."""

    def __init__(self, names: Mapping[str, str], ordinary: Collection[str] = ()) -> None:
        """Index names.

        Args:
            names: full name by person id.
            ordinary: words of everyday language, in lower case, that resemble names.

        """
        self._spellings = Spellings(names)
        self._know(ordinary)
        self._parts = {person: WORD.findall(name) for person, name in names.items()}
        # "Åsa-Maria" is one first name, of which "Maria" alone is none.
        self._given = {
            person: len(WORD.findall(name.split()[0])) for person, name in names.items() if name
        }

    def beside(self, ordinary: Collection[str]) -> NameIndex:
        """Return an index of the same names that knows these everyday words."""
        other = copy(self)
        other._know(ordinary)
        return other

    def _know(self, ordinary: Collection[str]) -> None:
        """Keep the everyday words, also as keyboards without dots and rings write them."""
        bare = {without_diacritics(word) for word in ordinary}
        names = {word for word in bare if self._spellings.is_spelled(word)}
        self._ordinary = frozenset(ordinary) | (bare - names)
        self._beginnings = frozenset(word[:BEGINNING] for word in self._ordinary)

    def sharing_a_name(self, name: str) -> list[str]:
        """Return the ids of the people who have a word of this name in theirs."""
        return self._spellings.sharing(name)

    def find(self, text: str) -> list[Mention]:
        """Return the people of the unit that the text names, in the order of the text."""
        return [mention for mention in self.everybody(text) if mention.people]

    def everybody(self, text: str) -> list[Mention]:
        """Return the same, and the strangers: those who bear other names, or work elsewhere.

        The visitor's own name is left out.
        """
        reading = Reading(tokens(text), self._ordinary, self._beginnings)
        spans = self._spans(reading)
        spans += unknown_names(reading, spans, self._spellings.find)
        mentions = []
        for span in sorted(spans, key=lambda span: span.first):
            whose = bearer(reading, span)
            if whose is not Bearer.VISITOR:
                start, end = reading.place(span.first, span.last)
                is_ours = whose is Bearer.OURS
                elsewhere = not is_ours and bool(span.people)
                mentions.append(Mention(start, end, span.people if is_ours else (), elsewhere))
        return mentions

    def _spans(self, reading: Reading) -> list[Span]:
        """Return whole names in which at least one word is of our people."""
        groups = list(self._neighbours(reading.tokens, list(self._matches(reading))))
        spans: list[Span] = []
        following: Span | None = None
        for group in reversed(groups):
            if following and group[0].first >= following.first:
                continue  # The name that follows has taken it in.
            span = whole_name(reading, self._span(group), following, self._parts)
            if spans and span.last > spans[-1].first:
                spans.pop()
            is_near = all(part.found.likeness is Likeness.NEAR for part in group)
            following = None if is_near else span
            is_name = not (span.is_compound(reading) or span.is_of_a_company(reading))
            is_sure = not span.people or len(group) > 1
            if is_name and (is_sure or self._stands_alone(reading, group[0], span)):
                spans.append(span)
        return _apart(spans[::-1])

    def _span(self, group: list[Part]) -> Span:
        """Return the span of parts of a name; "Maria Berg" is nobody of ours."""
        span = Span.of(group)
        is_half = self._is_second_half(group[0]) and 1 < len(group) < _HALF_IS_ENOUGH
        return replace(span, people=()) if is_half else span

    def _matches(self, reading: Reading) -> Iterator[Part]:
        """Return the words, and pairs of words, that may be parts of our people's names."""
        known = [self._like(reading, token.text) for token in reading.tokens]
        taken = 0
        for place, found in enumerate(known):
            if place < taken:
                continue
            joined = self._joined(reading.tokens, known, place)
            if joined:
                taken = place + 2
                yield self._part(reading, place, taken, joined)
            elif found:
                yield self._part(reading, place, place + 1, found)

    def _like(self, reading: Reading, word: str) -> Found | None:
        """Return which parts of names a word may be; "Daniel" is a name of its own."""
        found = self._spellings.find(word) or self._called_so(reading, word)
        if found is None or found.is_nickname or found.likeness is not Likeness.NEAR:
            return found
        is_another = is_first_name(word, True) and (found.is_cut or found.is_short)
        is_anothers = reading.is_known(word) and found.is_short and not found.is_cut
        is_far = reading.is_known(word) and found.distance > 1
        return None if is_another or is_anothers or is_far else found

    def _called_so(self, reading: Reading, word: str) -> Found | None:
        """Return whose name a longer word is made of: "Pinden", "Örjannumret"."""
        lower = word.casefold().removesuffix("s")
        if name := _without(lower, name_words().said_of_ours):
            found = self._spellings.find(name)
            is_given = found and all(0 in places for places in found.places.values())
            return found if found and is_given and found.likeness is Likeness.SPELLED else None
        surname = _without(lower, name_words().pet_endings)
        found = self._spellings.find(surname) if surname else None
        if not found or found.likeness is not Likeness.SPELLED or reading.is_everyday(surname):
            return None
        is_surname = not any(0 in places for places in found.places.values())
        return replace(found, likeness=Likeness.NEAR, distance=1) if is_surname else None

    def _joined(self, words: list[Token], known: list[Found | None], place: int) -> Found | None:
        """Return what two words are if they are one that was split: "alvars dotter"."""
        if place + 1 >= len(words) or not words[place + 1].is_spaced:
            return None
        two = [one.likeness if one else None for one in known[place : place + 2]]
        if Likeness.SPELLED in two or all(two):
            return None
        together = words[place].text + words[place + 1].text
        before = known[place - 1] if place else None
        if before and before.likeness is Likeness.SPELLED:  # "örjan häll ström"
            found = self._spellings.find(together)
            return found if found and not found.is_short and not any(two) else None
        return self._spellings.sounding(together)

    def _part(self, reading: Reading, first: int, last: int, found: Found) -> Part:
        is_given = any(min(places) < self._given[one] for one, places in found.places.items())
        word = "".join(token.text for token in reading.tokens[first:last])
        return Part(first, last, word, found, is_given)

    def _stands_alone(self, reading: Reading, part: Part, span: Span) -> bool:
        """Tell whether one word by itself names one of our people."""
        found = part.found
        if span.last - span.first > part.last - part.first:
            return found.likeness > Likeness.NEAR  # An initial is beside it.
        is_whose = part.is_given and found.is_genitive
        is_a_place = reading.is_of_a_place(part.first, part.last, part.is_given, is_whose)
        if self._is_second_half(part) or is_a_place:
            return False
        is_ordinary = reading.is_everyday(part.word)
        if found.likeness is Likeness.SPELLED:
            return part.is_given or not is_ordinary or reading.is_meant(part.first, part.last)
        if found.is_nickname and is_first_name(part.word.title(), True):
            return False  # "Ella" may be her own name, "Dani" is short for another.
        if found.is_nickname and reading.is_capital_inside(part.first):
            return True
        if is_ordinary or found.is_short or (found.distance and reading.is_known(part.word)):
            return False
        if not part.is_given and reading.has_article(part.first):
            return False
        is_clear = is_distinct(part.word) if part.is_given else not reading.is_known(part.word)
        if found.likeness is Likeness.SOUNDS and is_clear:
            return True
        if part.is_given and found.distance == 1 and is_unmistakable(part.word):
            return True
        return reading.asks_about_a_person(part.first, part.last)

    def _is_second_half(self, part: Part) -> bool:
        """Tell whether it is but the Maria of an Åsa-Maria."""
        return all(
            0 not in places and min(places) < self._given[person]
            for person, places in part.found.places.items()
        )

    def _neighbours(self, words: list[Token], parts: list[Part]) -> Iterator[list[Part]]:
        """Group neighbouring parts that are different parts of one person's name."""
        group: list[Part] = []
        for part in parts:
            if group and _are_joined(words, group[-1], part) and _may_follow(group, part):
                group.append(part)
            else:
                if group:
                    yield group
                group = [part]
        if group:
            yield group


def _without(word: str, endings: WordList) -> str:
    """Return a word without an ending of the list; nothing if it has none, or little beside."""
    ending = next((one for one in endings.endings if word.endswith(one)), "")
    stem = word.removesuffix(ending)
    return stem if ending and len(stem) >= _SHORTEST else ""


def _are_joined(words: list[Token], before: Part, part: Part) -> bool:
    token = words[part.first]
    is_near = token.is_spaced or token.is_hyphened or token.is_elided
    return (is_near or token.gap in _JOINTS) and before.last == part.first


def _may_follow(group: list[Part], part: Part) -> bool:
    """Tell whether it goes on with the same person's name, and is like it at all."""
    if not Span.of([*group, part]).people:
        return False
    together = [*group, part]
    return any(one.found.likeness > Likeness.NEAR for one in together) or all(
        not one.found.is_short for one in together
    )


def _apart(spans: list[Span]) -> list[Span]:
    """Return the spans without what a longer name before them holds."""
    apart: list[Span] = []
    for span in spans:
        if apart and span.first < apart[-1].last:
            span = replace(span, first=apart[-1].last)
        if span.first < span.last:
            apart.append(span)
    return apart
