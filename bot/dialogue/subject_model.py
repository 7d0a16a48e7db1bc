"""Find the words that name what a message asks about, where the page tells nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mmh3
import numpy as np

from bot.language.cleaning import clean
from bot.nlu.features import Columns, character_ngrams
from bot.nlu.linear import LinearModel

_BUCKETS: Final = 2**17
_PENALTY: Final = 0.1
_TOKEN: Final = re.compile(r"[^\W_]+(?:[-'’:.][^\W_]+)*|[^\w\s]")
_LETTER: Final = re.compile(r"[^\W\d_]")
# A word is known by itself, and by so many on either side.
_AROUND: Final = 2
_SUBJECT: Final = "subject"
_OTHER: Final = "other"
# So many words before it are looked at, wherever they stand.
_BEFORE: Final = 8
_LONGEST_ENDING: Final = 6
_LONGEST_WORD: Final = 30


@dataclass(frozen=True)
class Subject:
    """Words of a text that name what it asks about: [start, end), and how sure that is."""

    start: int
    end: int
    margin: float


@dataclass
class SubjectModel:
    """A linear model over a word, its characters and what stands around it."""

    words: LinearModel

    @classmethod
    def train(cls, examples: Iterable[tuple[str, Sequence[str]]]) -> SubjectModel:
        """Train on texts with the words that name what they ask about."""
        rows, labels = [], []
        for written, subjects in examples:
            text = clean(written)
            marked = [place for subject in subjects for place in _places(clean(subject), text)]
            for word, features in _words(text):
                is_marked = any(start <= word.start() < end for start, end in marked)
                rows.append(features)
                labels.append(_SUBJECT if is_marked else _OTHER)
        return cls(LinearModel.of_columns(rows, _BUCKETS, labels, _PENALTY))

    def subjects(self, text: str, margin: float) -> list[Subject]:
        """Return what a text asks about by at least a margin; words side by side are one."""
        found: list[Subject] = []
        column = self.words.labels.index(_SUBJECT)
        for word, columns in _words(text):
            ones = np.ones(len(columns), np.float32)
            one = Subject(*word.span(), float(self.words.margins(columns, ones)[column]))
            if one.margin < margin:
                continue
            if found and text[found[-1].end : one.start].isspace():
                before = found.pop()
                one = Subject(before.start, one.end, max(before.margin, one.margin))
            found.append(one)
        return found

    def save(self, path: Path) -> None:
        """Write the arrays to an .npz file."""
        self.words.save(path)

    @classmethod
    def load(cls, path: Path) -> SubjectModel:
        """Read what `save` wrote."""
        return cls(LinearModel.load(path))


def _places(subject: str, text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(rf"(?<!\w){re.escape(subject)}(?!\w)", text):
        yield match.span()


def _words(text: str) -> Iterator[tuple[re.Match[str], Columns]]:
    """Yield each word of a text with its hashed features."""
    tokens = list(_TOKEN.finditer(text))
    folded = [token[0].casefold()[:_LONGEST_WORD] for token in tokens]
    for place, token in enumerate(tokens):
        if _LETTER.search(token[0]):
            names = _features(folded, place, is_capital=token[0][0].isupper())
            hashed = np.array([mmh3.hash(name) for name in names], np.int64) % _BUCKETS
            yield token, np.unique(hashed).astype(np.int32)


def _features(words: Sequence[str], place: int, *, is_capital: bool) -> Iterator[str]:
    word = words[place]
    around = {
        step: words[place + step] if 0 <= place + step < len(words) else ""
        for step in range(-_AROUND, _AROUND + 1)
    }
    yield from (f"{step} {one}" for step, one in around.items())
    yield f"-1 0 {around[-1]} {word}"
    yield f"0 1 {word} {around[1]}"
    yield f"-2 -1 {around[-2]} {around[-1]}"
    yield f"1 2 {around[1]} {around[2]}"
    yield f"-1 ending {around[-1]} {word[-2:]}"
    yield from (f"ending {word[-n:]}" for n in range(2, _LONGEST_ENDING + 1) if len(word) > n)
    yield from (f"beginning {word[:n]}" for n in range(3, _LONGEST_ENDING + 1) if len(word) > n)
    yield from (f"characters {ngram}" for ngram in character_ngrams(word))
    yield f"length {len(word) // 2}"
    yield f"capital {is_capital} {place == 0}"
    yield f"from {min(place, 5)}"
    yield f"to {min(len(words) - place, 6)}"
    yield from (f"before {one}" for one in words[max(0, place - _BEFORE) : place])
