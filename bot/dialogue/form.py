"""In which form an answer is wanted: so many sentences, points or words, or only names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

SENTENCES: Final = "sentences"
POINTS: Final = "points"
WORDS: Final = "words"
NAMES: Final = "names"
FIRST_NAMES: Final = "first_names"
_HERE: Final = Path(__file__).parent
_WORD: Final = re.compile(r"\w+")
# "i två korta meningar": so far before what is counted its number stands.
_BETWEEN: Final = 2
# A message that is no longer than this says nothing else: "två meningar tack".
_FEW: Final = 4


# "Bara deras namn", but not "jag hör bara ett ord efter varje namn".
_BY_EACH_OTHER: Final = 2


@dataclass(frozen=True)
class Form:
    """In which form an answer is wanted.

    Attributes:
        kind: what it consists of: SENTENCES, POINTS, WORDS, NAMES or FIRST_NAMES.
        count: how many of them; None if that is not said.
        is_each: whether so many are wanted of each thing.

    """

    kind: str
    count: int | None = None
    is_each: bool = False


def form_wanted(text: str) -> Form | None:
    """Return the form that a message asks for; None if it asks for none."""
    words = _WORD.findall(text.casefold())
    said = set(words)
    named = next((one for one in (FIRST_NAMES, NAMES) if said & _class(one)), None)
    if named and _is_near(words, _class("only"), _class(named)):
        return Form(named)
    if said & _class("as_points"):
        return Form(POINTS)
    for place, word in enumerate(words):
        for kind in (SENTENCES, POINTS, WORDS):
            if word in _class(kind) and (form := _counted(kind, words, place)):
                return form
    return None


def _is_near(words: Sequence[str], some: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether words of two kinds stand by each other: "bara deras namn"."""
    places = [at for at, word in enumerate(words) if word in some]
    return any(
        abs(at - other) <= _BY_EACH_OTHER
        for at in places
        for other, word in enumerate(words)
        if word in others
    )


def _counted(kind: str, words: Sequence[str], place: int) -> Form | None:
    """Return the form whose kind is named at a place, if a number or "i" stands before it."""
    is_alone = len(words) <= _FEW
    for at in range(place - 1, max(place - 1 - _BETWEEN, -1), -1):
        is_led = at > 0 and words[at - 1] in _class("before")
        if count := _number(words[at]):
            is_each = not _class("each").isdisjoint(words[place + 1 :])
            is_plain = is_led or is_alone or is_each or (count > 1 and kind != WORDS)
            return Form(kind, count, is_each) if is_plain else None
        if words[at] in _class("before") and kind == POINTS:
            return Form(kind)
    return None


def _number(word: str) -> int | None:
    if word in _class("one"):
        return 1
    if word in _class("a_couple"):
        return 2
    return int(word) if word.isdecimal() else _read("numerals.yml").get(word)


def _class(kind: str) -> frozenset[str]:
    return frozenset(_read("forms.yml")[kind])


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))
    return found
