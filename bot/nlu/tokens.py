"""Cut a text into its words, with what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

WORD: Final = re.compile(r"[^\W\d_]+")
_HYPHENS: Final = "-‐‑–"
_APOSTROPHES: Final = "'’´`"
_NEAR_ENOUGH: Final = 3


@dataclass(frozen=True)
class Token:
    """A word of a text: [start, end), and the text between the word before and this one.

    `begins` tells whether it begins a sentence, `is_capital` whether with a capital.
    """

    text: str
    start: int
    end: int
    gap: str
    begins: bool
    lower: str
    is_capital: bool

    @property
    def is_initial(self) -> bool:
        """Whether it is but one capital, as in "Kajsa L"."""
        return len(self.text) == 1 and self.text.isupper()

    @property
    def is_spaced(self) -> bool:
        """Whether nothing but a space stands before it."""
        return 0 < len(self.gap) <= _NEAR_ENOUGH and self.gap.isspace() and "\n" not in self.gap

    @property
    def is_hyphened(self) -> bool:
        """Whether a hyphen joins it to the word before."""
        return len(self.gap) == 1 and self.gap in _HYPHENS

    @property
    def is_elided(self) -> bool:
        """Whether an apostrophe joins it to the word before: "O'Connor"."""
        return len(self.gap) == 1 and self.gap in _APOSTROPHES


def tokens(text: str) -> list[Token]:
    """Return the words of the text, in order."""
    found: list[Token] = []
    end = 0
    for word in WORD.finditer(text):
        gap = text[end : word.start()]
        begins = not found or (_ends_a_sentence(gap) and not _is_abbreviated(found[-1], gap))
        own = word.group()
        token = Token(own, word.start(), word.end(), gap, begins, own.casefold(), own[0].isupper())
        found.append(token)
        end = word.end()
    return found


def _ends_a_sentence(gap: str) -> bool:
    return any(mark in gap for mark in '.!?:…\n"”»“')


def _is_abbreviated(before: Token, gap: str) -> bool:
    """Tell whether the full stop belongs to an initial: "K. Larson"."""
    return before.is_initial and gap.strip() == "."
