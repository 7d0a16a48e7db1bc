"""Take personal data out of what visitors write, before anything is kept of it."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from personnummer import personnummer
from stdnum import luhn

# What stands in the place of what was taken out. No word, so that it asks nothing.
MASK: Final = "***"
_Span = tuple[int, int]

_YEAR: Final = r"(?:(?:18|19|20)\d\d|\d\d)"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
# The day of a coordination number is 60 higher.
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
# Written as personal numbers are: what is wrong in one of them still tells who it is.
_PERSONAL: Final = re.compile(
    rf"(?<!\d)(?:{_YEAR}{_MONTH}{_DAY}[-+](?:\d{{4}}|[A-Z]\d{{3}})"
    rf"|(?:18|19|20)\d\d{_MONTH}{_DAY}\d{{4}})(?!\d)"
)
# Written otherwise: personal numbers only if the check digit says so.
_MAYBE_PERSONAL: Final = re.compile(
    r"(?<!\d)\d(?:[ .+/-]{0,3}\d){9}(?:(?:[ .+/-]{0,3}\d){2})?(?!\d)"
)
# The same within more digits than any number has.
_WITHIN_DIGITS: Final = re.compile(r"(?=((?:18|19|20)\d{10}))")
_EMAIL: Final = re.compile(
    r"(?<![\w.%+'-])[\w.%+'-]+(?:@[\w-]+(?:\.[\w-]+)*"
    r"|\s?(?:@|[(\[]\s?(?:at|a|snabel-?a)\s?[)\]])\s?[\w-]+(?:\s?(?:\.|[(\[](?:dot|punkt)[)\]])\s?"
    r"[\w-]+)+)",
    re.IGNORECASE,
)
_CARD: Final = re.compile(r"(?<!\d)[2-6]\d(?:[ -]?\d){11,}")
_GROUPED_CARD: Final = re.compile(r"[2-6]\d{3}(?:[ -]\d{4}){3}")
_CARD_LENGTHS: Final = range(19, 12, -1)
# Telephone numbers that are not in use, or written in a way of their own.
_UNKNOWN_PHONE: Final = re.compile(
    r"(?<![\d:.,-])(?:\+\d(?:[ ()/-]{0,2}\d){6,14}|0\d{1,3}[ /-]?\d{5,9}|0(?: \d){8,11})(?!\d)"
)
# "08.30-16.00" could also be a number in Stockholm.
_HOURS: Final = re.compile(r"\d{1,2}[.:]\d\d ?- ?\d{1,2}[.:]\d\d")
_FEWEST_DIGITS: Final = 6
_MAY_HOLD_SOME: Final = re.compile(r"[\d@＠﹫(\[]")

# A new line, a tab, or what else ends a piece of text: numbers on each side of it are mostly two.
_BREAK: Final = "\n"
# Letters and symbols that show nothing.
_BLANKS: Final = "\u115f\u1160\u2800\u3164\uffa0"
_INVISIBLE: Final = ("Cc", "Cf", "Me", "Mn")
_BETWEEN: Final = r"[ \n.+/-]{0,3}"
# Overlapping, since the number of a line above may be taken for the beginning.
_BROKEN_PERSONAL: Final = tuple(
    re.compile(rf"(?<!\d)(?=(\d(?:{_BETWEEN}\d){{{digits - 1}}})(?!\d))") for digits in (10, 12)
)
_BROKEN_DASH: Final = re.compile(
    rf"(?<!\d)(?:(?:18|19|20)\d\d|\d\d){_MONTH}{_DAY}[-+]\n\d{{4}}(?!\d)"
)
# No card begins as the years of this century do. Four numbers of a longer list are none either.
_BROKEN_CARD: Final = re.compile(
    r"(?<!\d)(?<!\d[ \n-])(?=[3-6]|2[2-7])(?:\d{4}(?:[ \n-]{1,2}\d{4}){3}"
    r"|\d{4}[ \n-]{1,2}\d{6}[ \n-]{1,2}\d{5}|\d+\n\d+)(?!\d)(?![ \n-]\d)"
)
_BROKEN_CARD_LENGTHS: Final = (15, 16)
# Where the year, the month, the day and the last four of a personal number end, from its end.
_FIELD_ENDS: Final = frozenset((4, 6, 8, 10))
_BROKEN_PHONE_DIGITS: Final = 9


def without_personal_data(text: str) -> str:
    """Return the text with personal, telephone and card numbers and e-mail addresses masked.

    Masks Swedish personal and coordination numbers. What stands in their place is `MASK`;
    a text that has none of them is returned as it is.
    """
    if not _MAY_HOLD_SOME.search(text):
        return text
    plain, places = _readable(text)
    spans = list(_merged(_found(plain)))
    for start, end in reversed(spans):
        # Up to the next that can be seen: an accent belongs to the letter before it.
        text = text[: places[start]] + MASK + text[places[end] :]
    return text


def _readable(text: str) -> tuple[str, list[int]]:
    """Return the text as it looks, in ASCII digits and dashes, and where each character was.

    A break is one, whatever spaces and other breaks are around it. The last place is the end.
    """
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        kind = unicodedata.category(character)
        if character.isspace():
            character = " " if kind == "Zs" else _BREAK
            if characters[-1:] == [_BREAK]:
                continue
            while character == _BREAK and characters[-1:] == [" "]:
                characters.pop()
                place = places.pop()
        elif kind in _INVISIBLE or character in _BLANKS:  # May stand between two digits.
            continue
        elif kind == "Nd":
            character = str(unicodedata.decimal(character))
        elif kind == "Pd" or character == "−":
            character = "-"
        elif character in "＠﹫":
            character = "@"
        characters.append(character)
        places.append(place)
    return "".join(characters), [*places, len(text)]


def _found(text: str) -> Iterator[_Span]:
    yield from (found.span() for found in _EMAIL.finditer(text))
    if sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return
    yield from (found.span() for found in _PERSONAL.finditer(text))
    yield from (found.span() for found in _MAYBE_PERSONAL.finditer(text) if _is_valid(found[0]))
    yield from (found.span(1) for found in _WITHIN_DIGITS.finditer(text) if _is_valid(found[1]))
    yield from (found.span() for found in _GROUPED_CARD.finditer(text))
    yield from filter(None, (_card(text, found.span()) for found in _CARD.finditer(text)))
    yield from (found.span() for found in _UNKNOWN_PHONE.finditer(text))
    yield from _phones(text)
    if _BREAK in text:
        yield from _broken(text)


def _broken(text: str) -> Iterator[_Span]:
    """Find numbers that go on after a break, and only what is one beyond doubt.

    Numbers on several lines are a list as a rule: years, hours, how many.
    """
    yield from (found.span() for found in _BROKEN_DASH.finditer(text))
    for pattern in _BROKEN_PERSONAL:
        for found in pattern.finditer(text):
            if _is_written_as_one(found[1]) and _is_valid(found[1]):
                yield found.span(1)
    for found in _BROKEN_CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if len(digits) in _BROKEN_CARD_LENGTHS and luhn.is_valid(digits):
            yield found.span()
    # Breaks are spaces here; the places are the same.
    for start, end in _phones(text.replace(_BREAK, " ")):
        number = text[start:end]
        is_long = sum(map(str.isdigit, number)) >= _BROKEN_PHONE_DIGITS
        if number.count(_BREAK) == 1 and is_long and "." not in number:
            yield start, end


def _is_written_as_one(number: str) -> bool:
    """Tell whether a personal number is parted as such are, or in one place only."""
    parts = re.split(r"[ \n./]+", re.sub(r"[-+]", "", number))
    ends = itertools.accumulate(map(len, reversed(parts[1:])))
    return len(parts) == 2 or set(ends) <= _FIELD_ENDS or all(len(part) == 1 for part in parts)


def _is_valid(written: str) -> bool:
    return bool(personnummer.valid(re.sub(r"[^\d+]", "", written)))


def _card(text: str, run: _Span) -> _Span | None:
    """Return where a card number begins and ends in a run of digits; more may follow it."""
    digits = [place for place in range(*run) if text[place].isdigit()]
    for length in _CARD_LENGTHS:
        if length <= len(digits) and luhn.is_valid("".join(text[i] for i in digits[:length])):
            return run[0], digits[length - 1] + 1
    return None


def _phones(text: str) -> Iterator[_Span]:
    from phonenumbers import PhoneNumberMatcher  # Takes 0.2 s to import, and is seldom needed.

    for found in PhoneNumberMatcher(text, "SE"):
        if not _HOURS.fullmatch(found.raw_string):
            yield found.start, found.end


def _merged(spans: Iterable[_Span]) -> Iterator[_Span]:
    """Yield the spans in order, those that overlap as one."""
    reached: _Span | None = None
    for start, end in sorted(spans):
        if reached and start < reached[1]:
            reached = reached[0], max(reached[1], end)
            continue
        if reached:
            yield reached
        reached = start, end
    if reached:
        yield reached
