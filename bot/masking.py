"""Take personal data out of what visitors write, before anything is kept of it."""

from __future__ import annotations

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
        text = text[: places[start]] + MASK + text[places[end - 1] + 1 :]
    return text


def _readable(text: str) -> tuple[str, list[int]]:
    """Return the text as it looks, in ASCII digits and dashes, and where each character was."""
    characters, places = [], []
    for place, character in enumerate(text):
        kind = unicodedata.category(character)
        if kind == "Cf":  # Cannot be seen, and may stand between two digits.
            continue
        if kind == "Nd":
            character = str(unicodedata.decimal(character))
        elif kind == "Pd" or character == "−":
            character = "-"
        elif kind == "Zs":
            character = " "
        elif character in "＠﹫":
            character = "@"
        characters.append(character)
        places.append(place)
    return "".join(characters), places


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
