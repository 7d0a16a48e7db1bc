"""Tell which language a text is written in, by its words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

# The key of a message's language, and the slot that holds the one that is answered in.
LANGUAGE: Final = "language"
SWEDISH: Final = "sv"
ENGLISH: Final = "en"
# Near to Swedish: understood, and answered in Swedish.
NEAR: Final = ("nb", "da")
UNDERSTOOD: Final = (SWEDISH, *NEAR, ENGLISH)
# One word of another language may be a name, a slip, or a title.
_ENOUGH: Final = 2
_FILE: Final = Path(__file__).with_name("languages.yml")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’\u200c-][^\W\d_]+)*")


@dataclass(frozen=True)
class Languages:
    """What tells each language: its common words, and letters that others lack."""

    of_word: dict[str, tuple[str, ...]]
    of_letter: dict[str, tuple[str, ...]]

    def of(self, text: str) -> str | None:
        """Return the code of the language that most words are of; None where too few are.

        Swedish wins where another language has as many words.
        """
        words = _WORD.findall(text)
        found = Counter(one for word in words for one in self._of_word(word))
        best = max(found, key=lambda one: (found[one], one == SWEDISH), default=SWEDISH)
        is_enough = found[best] >= min(_ENOUGH, len(words)) or best == SWEDISH
        return best if found[best] and is_enough else None

    def _of_word(self, word: str) -> set[str]:
        lower = word.lower().replace("’", "'")
        letters = {one for letter in lower for one in self.of_letter.get(letter, ())}
        return letters | set(self.of_word.get(lower, ()))


@cache
def _languages() -> Languages:
    of_word: dict[str, tuple[str, ...]] = {}
    of_letter: dict[str, tuple[str, ...]] = {}
    for code, told in yaml.safe_load(_FILE.read_text(encoding="utf-8")).items():
        for word in told["words"].split():
            of_word[word] = (*of_word.get(word, ()), code)
        for letter in told.get("letters", ""):
            of_letter[letter] = (*of_letter.get(letter, ()), code)
    return Languages(of_word, of_letter)


def language_of(text: str) -> str | None:
    """Return the code of the language of a text; None where its words do not tell."""
    return _languages().of(text)
