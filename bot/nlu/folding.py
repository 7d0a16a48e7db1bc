"""Fold Swedish spelling so that what sounds or looks alike is written alike."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable
from typing import Final

# Order matters: the sje sound before the tje sound, clusters before single letters.
_SOUNDS: Final = (
    (re.compile(r"skj|stj|sch|sj"), "s"),
    (re.compile(r"tj|ch|c|q"), "k"),
    (re.compile(r"hj|lj(?=\w)|dj(?=\w)|gj"), "j"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"th"), "t"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"w"), "v"),
    (re.compile(r"z"), "s"),
)
_DOUBLED: Final = re.compile(r"(\w)\1+")
_REMEMBERED: Final = 16_384
# No word of Swedish is longer; what a visitor makes up must not fill the memory.
_LONGEST_REMEMBERED: Final = 40


def remembering_words[Made](make: Callable[[str], Made]) -> Callable[[str], Made]:
    """Return the same function of a word, worked out once for the latest 16,384 of them.

    Most words of a message have come before.
    """
    remembered = functools.lru_cache(maxsize=_REMEMBERED)(make)

    @functools.wraps(remembered)
    def look_up(word: str) -> Made:
        return remembered(word) if len(word) <= _LONGEST_REMEMBERED else make(word)

    return look_up


def without_diacritics(text: str) -> str:
    """Return the text with its diacritics removed: "Tröen" becomes "Troen"."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@remembering_words
def fold(word: str) -> str:
    """Return the word in lower case, without diacritics, sounds written in one way.

    "Hansson" and "hanson" fold alike, and so do "västra" and "wastra". Meant for
    comparing, never for showing.
    """
    folded = without_diacritics(word.casefold())
    for pattern, written in _SOUNDS:
        folded = pattern.sub(written, folded)
    return _DOUBLED.sub(r"\1", folded)
