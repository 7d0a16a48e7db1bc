"""How far a name goes: what stands beside a word of it and makes it somebody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.nlu.name_words import is_first_name
from bot.nlu.reading import Reading
from bot.nlu.spellings import Found, Likeness

# No name has more words on one side of a word of it.
_FURTHEST: Final = 4
# Nobody's name has a longer word.
_LONGEST: Final = 30
_AND: Final = "&"


@dataclass(frozen=True)
class Part:
    """Words [first, last) that may be these places of these people's names."""

    first: int
    last: int
    word: str
    found: Found
    is_given: bool


@dataclass(frozen=True)
class Span:
    """Words [first, last) that are one whole name; whose it may be, nobody's for a stranger."""

    first: int
    last: int
    people: tuple[str, ...] = ()
    has_given: bool = True
    has_surname: bool = False

    @classmethod
    def of(cls, group: list[Part]) -> Span:
        """Return the span of neighbouring parts of one name."""
        people = set(group[0].found.places)
        for part in group[1:]:
            people &= set(part.found.places)
        together = tuple(
            sorted(
                person
                for person in people
                if len(frozenset().union(*(p.found.places[person] for p in group))) >= len(group)
            )
        )
        has_surname = any(not part.is_given for part in group)
        has_given = any(part.is_given for part in group)
        return cls(group[0].first, group[-1].last, together, has_given, has_surname)

    def is_compound(self, reading: Reading) -> bool:
        """Tell whether it is but part of a longer word: "Larsson-utställningen", "EVA-mattor"."""
        if self.people:
            return False
        words = reading.tokens[self.first + 1 : self.last + 1]
        is_small = any(token.is_hyphened and not token.is_capital for token in words)
        is_name = reading.is_first_name(self.first) and not reading.is_capital_inside(self.first)
        return is_small and not (is_name and not reading.tokens[self.first].is_capital)

    def is_of_a_company(self, reading: Reading) -> bool:
        """Tell whether surnames are joined as firms and writers join them: "Roslund & Berg"."""
        after = reading.at(self.last)
        gaps = [reading.tokens[self.first].gap, after.gap if after else ""]
        return not self.has_given and any(gap.strip() == _AND for gap in gaps)


def whole_name(
    reading: Reading, span: Span, following: Span | None, parts: Mapping[str, list[str]]
) -> Span:
    """Return the span with what belongs to the name on both sides.

    What makes it longer than our people's names makes it somebody else's. `following` is the
    next name in the text; `parts` are the words of our people's names.
    """
    span = _with_initials(reading, span, parts)
    last = _end(reading, span, following)
    first = _start(reading, span)
    if (first, last) == (span.first, span.last):
        return span
    return replace(span, first=first, last=last, people=())


def _with_initials(reading: Reading, span: Span, parts: Mapping[str, list[str]]) -> Span:
    """Return the span with an initial that fits: "Kajsa L", "K. Larson", "Lunde, K."."""
    after, before = reading.at(span.last), reading.before(span.first)
    if (
        after
        and after.is_initial
        and after.gap in (" ", ", ")
        and not span.has_surname * span.has_given
    ):
        fitting = _with_initial(span.people, parts, after.lower)
        if fitting:
            return replace(span, last=span.last + 1, people=fitting)
    gap = reading.tokens[span.first].gap
    if before and len(before.text) == 1 and gap in (" ", ". ", ".") and not span.has_given:
        fitting = _with_initial(span.people, parts, before.lower)
        if fitting and (gap != " " or before.is_initial):
            return replace(span, first=span.first - 1, people=fitting)
    return span


def _with_initial(
    people: Iterable[str], parts: Mapping[str, list[str]], initial: str
) -> tuple[str, ...]:
    return tuple(
        person
        for person in people
        if any(part.casefold().startswith(initial) for part in parts[person])
    )


def _end(reading: Reading, span: Span, following: Span | None) -> int:
    """Return where the name ends that begins with these words."""
    end = span.last
    for _ in range(_FURTHEST):
        steps = _step(reading, span, end, following)
        if not steps:
            break
        end += steps
    return end


def _step(reading: Reading, span: Span, end: int, following: Span | None) -> int:
    """Return how many words from `end` on go on with the name."""
    token = reading.at(end)
    if token is None:
        return 0
    if following and following.first == end and not token.is_hyphened:
        return _step_into(reading, span, following) if token.is_spaced else 0
    if token.is_hyphened and token.lower in reading.words.said_of_ours:
        return 0
    if token.is_hyphened or token.is_elided:
        return 1
    if token.gap == ", " and not span.has_given:
        is_known = reading.is_first_name(end) or not reading.is_ordinary(token.text)
        is_turned = is_known and reading.is_capital_inside(end) and not reading.is_no_name(end)
        return int(is_turned and end == span.last)
    if not token.is_spaced:
        return 0
    if not span.has_given and end == span.last:
        return 0
    follows_ours = not span.has_surname and end == span.last
    return _surname_from(reading, end, follows_ours)


def _step_into(reading: Reading, span: Span, following: Span) -> int:
    """Return the length of the next name if it is this one's surname: "anna larsson"."""
    is_strangers = not following.people and span.has_given and not following.has_given
    is_anothers = span.has_given and not span.has_surname and not following.has_given
    return following.last - following.first if is_strangers or is_anothers else 0


def _surname_from(reading: Reading, place: int, follows_ours: bool = False) -> int:
    """Return how many words from here are a surname: "von Essen", "O'Connor", "J Maas", "Ek"."""
    token, after = reading.tokens[place], reading.at(place + 1)
    has_room = after is not None and (after.is_spaced or after.is_hyphened)
    is_epithet = after is not None and has_room and after.lower in reading.words.epithets
    if is_epithet and token.lower in reading.words.epithets_follow:
        return 2
    if token.lower in reading.words.particles and not reading.is_capital_inside(place):
        is_surname = has_room and (
            token.lower in reading.words.surname_follows
            or reading.is_surname(place + 1, follows_ours)
        )
        is_one_more = has_room and after is not None and after.lower in reading.words.particles
        further = is_one_more and _surname_from(reading, place + 1, follows_ours)
        return 2 if is_surname else int(bool(further))
    if len(token.text) == 1 and after is not None and after.is_elided:
        return 2
    if token.is_initial and reading.capitals_tell:
        return 1
    return int(reading.is_surname(place, follows_ours))


def _start(reading: Reading, span: Span) -> int:
    """Return where the name begins that ends with these words."""
    start = span.first
    for _ in range(_FURTHEST):
        steps = _step_back(reading, span, start)
        if not steps:
            break
        start -= steps
    return start


def _step_back(reading: Reading, span: Span, start: int) -> int:
    """Return how many words before `start` belong to the name."""
    token, before = reading.tokens[start], reading.before(start)
    if before is None:
        return 0
    if token.is_hyphened:
        return 1
    if token.is_elided and len(before.text) == 1:
        return 1
    if token.gap == ". " and before.is_initial and not span.has_given:
        return 1
    if not token.is_spaced:
        return 0
    if before.lower in reading.words.particles and not reading.is_capital_inside(start - 1):
        further = reading.before(start - 1)
        is_name = further is not None and reading.tokens[start - 1].is_spaced
        return 2 if is_name and _is_given(reading, start - 2) and not span.has_given else 0
    return int(_is_given(reading, start - 1, firmly=span.has_given))


def _is_given(reading: Reading, place: int, firmly: bool = False) -> bool:
    """Tell whether a word before a surname is a first name: "Håkan Hellström", "Öjje Hellström".

    Before a first name, only a common first name is one, `firmly`.
    """
    token = reading.tokens[place]
    if reading.is_no_name(place) or token.lower in reading.words.honorifics:
        return False
    if token.lower in reading.words.others_titles:
        return False
    is_two_capitals = reading.capitals_tell and reading.tokens[place + 1].is_capital
    if reading.is_first_name(place) or (is_two_capitals and is_first_name(token.text, True)):
        return True
    has_capital = token.is_capital or reading.tokens[place + 1].is_capital
    if not firmly and not (reading.capitals_tell and has_capital):
        # "björn hellström": beside a surname of ours, what is also a word is a first name.
        is_noun = reading.is_everyday(reading.tokens[place + 1].text)
        is_name = not is_noun and is_first_name(token.text.title(), True)
        return is_name or reading.begins_like_no_word(place)
    if firmly or not reading.capitals_tell or not token.is_capital:
        return False
    return not token.begins or not reading.is_ordinary(token.text)


def unknown_names(
    reading: Reading, known: list[Span], find: Callable[[str], Found | None]
) -> list[Span]:
    """Return where words that are nobody's of ours look like a name: two of them, or a capital."""
    taken = {place for span in known for place in range(span.first, span.last)}
    spans: list[Span] = []
    place = 0
    while place < len(reading.tokens):
        end = place if place in taken else _unknown_end(reading, place, taken, find)
        is_one = end - place == 1 and _is_a_name(reading, place, find)
        span = Span(place, end)
        if (end - place > 1 or is_one) and not span.is_compound(reading):
            spans.append(span)
        place = max(end, place + 1)
    return spans


def _unknown_end(
    reading: Reading, first: int, taken: set[int], find: Callable[[str], Found | None]
) -> int:
    """Return where the name of a stranger that begins here ends; here if none does."""
    if not _begins_a_name(reading, first):
        return first
    end = first + 1
    is_named = reading.tokens[first].is_capital or reading.is_first_name(first)
    while (token := reading.at(end)) and end not in taken and end - first <= _FURTHEST:
        is_joined = token.is_spaced or token.is_hyphened or token.is_elided
        is_capital = reading.capitals_tell and reading.tokens[first].is_capital
        goes_on = token.is_hyphened or token.is_elided or reading.is_surname(end)
        if not is_named and token.is_capital:
            break
        if not goes_on and not is_capital:
            goes_on = not reading.is_ordinary(token.text) and not reading.is_no_name(end)
        steps = 1 if goes_on or _is_spelled(find(token.text)) else _surname_from(reading, end)
        if not is_joined or not steps or len(token.text) > _LONGEST:
            break
        end += steps
    return end


def _is_spelled(found: Found | None) -> bool:
    return found is not None and found.likeness is Likeness.SPELLED


def _is_a_name(reading: Reading, place: int, find: Callable[[str], Found | None]) -> bool:
    """Tell whether one unknown word is a name: "är Karin chef", but no place, nor nearly ours."""
    before = reading.before(place)
    is_a_place = before is not None and before.lower in reading.words.at_places
    is_asked = reading.is_first_name(place) and reading.asks_about_a_person(place, place + 1)
    is_written = reading.is_capital_inside(place) or is_asked
    is_free = is_written and not is_a_place and not reading.is_broken(place)
    found = find(reading.tokens[place].text)
    if found and found.likeness is Likeness.NEAR and reading.is_first_name(place):
        return is_free and (found.is_nickname or found.is_cut or found.is_short)
    return is_free and found is None


def _begins_a_name(reading: Reading, place: int) -> bool:
    token = reading.tokens[place]
    if reading.is_no_name(place) or token.lower in reading.words.honorifics:
        return False
    after = reading.at(place + 1)
    if token.is_initial and after and after.is_elided and after.is_capital:  # "O'Brien"
        return True
    is_long_enough = 1 < len(token.text) <= _LONGEST
    if token.is_hyphened or token.is_elided or not is_long_enough:
        return False
    if reading.is_first_name(place):
        return True
    is_pair = after is not None and after.is_spaced and reading.is_capital_inside(place + 1)
    if reading.is_capital_inside(place) and is_pair:
        return not reading.is_no_name(place + 1)
    return not reading.is_ordinary(token.text)
