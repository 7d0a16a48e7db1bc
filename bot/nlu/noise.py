"""Misspell training texts as people do on a phone, for words and characters only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

from bot.nlu.features import PERSON
from bot.nlu.folding import without_diacritics

_WITHOUT_DIACRITICS: Final = 0.3
_SHORTEST: Final = 4
_LONG_TEXT: Final = 8
# Keys beside each other, where thumbs slip.
_ROWS: Final = ("qwertyuiopå", "asdfghjklöä", "zxcvbnm")
_BESIDE: Final = {
    key: "".join(row[max(place - 1, 0) : place] + row[place + 1 : place + 2])
    for row in _ROWS
    for place, key in enumerate(row)
}


def misspelled(texts: Iterable[str], share: float) -> Iterator[tuple[int, str]]:
    """Yield the places of a share of the masked texts, and each one misspelled.

    The same texts give the same spellings.
    """
    chance = Random(0)
    for place, text in enumerate(texts):
        if chance.random() < share and (other := _misspell(text, chance)) != text:
            yield place, other


def _misspell(text: str, chance: Random) -> str:
    words = text.split(" ")
    if chance.random() < _WITHOUT_DIACRITICS:
        return " ".join(word if PERSON in word else without_diacritics(word) for word in words)
    long = [i for i, word in enumerate(words) if len(word) >= _SHORTEST and PERSON not in word]
    for place in chance.sample(long, min(len(long), 2 if len(words) > _LONG_TEXT else 1)):
        words[place] = _slip(words[place], chance)
    return " ".join(words)


def _slip(word: str, chance: Random) -> str:
    """Leave out, swap, double or miss one letter that is not the first."""
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    return chance.choice(
        [
            before + after,
            before + after[0] + letter + after[1:],
            before + letter + letter + after,
            before + chance.choice(_BESIDE.get(letter, letter)) + after,
        ]
    )
