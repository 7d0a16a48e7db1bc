"""Find the parts of a message that each ask something, and leave out what is only told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mmh3
import numpy as np

from bot.language.cleaning import clean
from bot.nlu.features import Columns, Values
from bot.nlu.linear import LinearModel

Place = tuple[int, int]

_BUCKETS: Final = 2**18
_PENALTY: Final = 0.1
_TOKEN: Final = re.compile(r"[^\W_]+(?:[-'’:.][^\W_]+)*|[^\w\s]|\n")
_LABELS: Final = ("start", "inside", "outside")
_START, _INSIDE, _OUTSIDE = _LABELS
_IMPOSSIBLE: Final = -1e9
# What is counted, not marked, is marked by what was learned first, and is worth less.
_COUNTED_COUNTS: Final = 0.5
# A visitor asks a few things at a time; whoever pastes a text asks none of its sentences.
_MOST_PARTS: Final = 6
_LONGEST_WORD: Final = 20
_AROUND: Final = 4
_FAR: Final = 8
_ENDS: Final = ".?!,;:–—-\n"
_CLOSING: Final = "?!."


@dataclass
class PartModel:
    """A linear model over each word and what stands around it, which tells where a part starts."""

    tokens: LinearModel

    @classmethod
    def train(
        cls, marked: Iterable[tuple[str, Sequence[str]]], counted: Iterable[tuple[str, int]] = ()
    ) -> PartModel:
        """Train on texts of which is known what they ask, in order.

        Args:
            marked: texts with the words that ask each thing.
            counted: texts of which is only known how many things they ask.

        """
        taught = [(text, _marked(text, asked), 1.0) for text, asked in _cleaned(marked)]
        model = cls._of(taught)
        for written, count in counted:
            text = clean(written)
            if labels := model._labels(text, count):
                taught.append((text, labels, _COUNTED_COUNTS))
        return cls._of(taught)

    @classmethod
    def _of(cls, taught: Sequence[tuple[str, Sequence[str], float]]) -> PartModel:
        rows: list[Columns] = []
        labels: list[str] = []
        weights: list[float] = []
        for text, its_labels, weight in taught:
            rows += [columns for _, columns in _tokens(text)]
            labels += its_labels
            weights += [weight] * len(its_labels)
        return cls(LinearModel.of_columns(rows, _BUCKETS, labels, _PENALTY, weights))

    def parts(self, text: str, count: int | None = None) -> list[Place]:
        """Return where the parts are that ask something: [start, end), in order.

        Args:
            text: a whole message.
            count: how many there are, if that is known.

        """
        found: list[Place] = []
        for token, label in zip(_TOKEN.finditer(text), self._labels(text, count), strict=False):
            if label == _START:
                found.append(token.span())
            elif label == _INSIDE:
                found[-1] = (found[-1][0], token.end())
        return found

    def _labels(self, text: str, count: int | None) -> list[str]:
        """Return the likeliest labels, one a token; none where there are not so many parts."""
        margins = [self._margins(columns) for _, columns in _tokens(text)]
        return _likeliest(np.array(margins), count) if margins else []

    def _margins(self, columns: Columns) -> Values:
        margins = self.tokens.margins(columns, np.ones(len(columns), np.float32))
        ordered: Values = margins[[self.tokens.labels.index(label) for label in _LABELS]]
        return ordered

    def save(self, path: Path) -> None:
        """Write the arrays to an .npz file."""
        self.tokens.save(path)

    @classmethod
    def load(cls, path: Path) -> PartModel:
        """Read what `save` wrote."""
        return cls(LinearModel.load(path))


def _likeliest(margins: Values, count: int | None) -> list[str]:
    """Return the labels with the largest sum that so many parts can have: Viterbi's way.

    Of each count of parts so far and each label, the best way there is kept.
    """
    most = _MOST_PARTS if count is None else count
    start, inside, outside = range(len(_LABELS))
    sums = np.full((most + 1, len(_LABELS)), _IMPOSSIBLE)
    sums[0, outside] = 0.0
    ways = []
    for margin in margins:
        before = np.repeat(sums[:, :, None], len(_LABELS), axis=2)
        before[:, outside, inside] = _IMPOSSIBLE
        way, sums = before.argmax(axis=1), before.max(axis=1) + margin
        way[1:, start], sums[1:, start] = way[:-1, start].copy(), sums[:-1, start].copy()
        sums[0, start] = _IMPOSSIBLE
        ways.append(way)
    if count is not None:
        sums[:count] = _IMPOSSIBLE
    number, label = map(int, np.unravel_index(int(sums.argmax()), sums.shape))
    if sums[number, label] < _IMPOSSIBLE / 2:
        return []
    labels = []
    for way in reversed(ways):
        labels.append(_LABELS[label])
        number, label = number - (label == start), int(way[number, label])
    return labels[::-1]


def _cleaned(marked: Iterable[tuple[str, Sequence[str]]]) -> Iterator[tuple[str, list[str]]]:
    for text, asked in marked:
        yield clean(text), [clean(one) for one in asked]


def _marked(text: str, asked: Sequence[str]) -> list[str]:
    """Return the label of each token; a mark that ends a part belongs to it."""
    places, end = [], 0
    for one in asked:
        start = text.index(one, end if one in text[end:] else 0)
        end = start + len(one)
        places.append((start, end))
    labels: list[str] = []
    started: set[Place] = set()
    for token in _TOKEN.finditer(text):
        part = next((one for one in places if one[0] <= token.start() < one[1]), None)
        is_mark = token[0] in _CLOSING and labels[-1:] not in ([], [_OUTSIDE])
        if part:
            labels.append(_INSIDE if part in started else _START)
            started.add(part)
        else:
            labels.append(_INSIDE if is_mark else _OUTSIDE)
    return labels


def _tokens(text: str) -> Iterator[tuple[re.Match[str], Columns]]:
    """Yield each word or mark of a text with its hashed features."""
    tokens = list(_TOKEN.finditer(text))
    words = [token[0].casefold()[:_LONGEST_WORD] for token in tokens]
    for place, token in enumerate(tokens):
        names = _features(words, place, is_capital=token[0][0].isupper())
        hashed = np.array([mmh3.hash(name) for name in names], np.int64) % _BUCKETS
        yield token, np.unique(hashed).astype(np.int32)


def _features(words: Sequence[str], place: int, *, is_capital: bool) -> Iterator[str]:
    around = ["<"] * _AROUND + list(words) + [">"] * (_AROUND + 1)
    near = {step: around[place + _AROUND + step] for step in range(-_AROUND, _AROUND + 2)}
    word = near[0]
    for step in range(-_AROUND, _AROUND + 1):
        yield f"{step} {near[step]}"
    for step in range(-3, 3):
        yield f"two {step} {near[step]} {near[step + 1]}"
    for step in (-2, -1, 0):
        yield f"three {step} {near[step]} {near[step + 1]} {near[step + 2]}"
    for step in (-1, 0, 1):
        yield from (f"ending {step} {near[step][-n:]}" for n in (2, 3))
    yield from (f"beginning {step} {near[step][:3]}" for step in (0, 1, 2))
    before = [at for at in range(place) if not words[at][0].isalnum()]
    after = [at for at in range(place, len(words)) if not words[at][0].isalnum()]
    last, following = words[before[-1]] if before else "<", words[after[0]] if after else ">"
    yield from (f"mark before {last}", f"mark after {following}", f"marks {last} {following}")
    yield from (f"after {last} {word}", f"before {following} {word}")
    asked, length = list(words).count("?"), min(len(words) // _FAR, 5)
    yield from (f"from {min(place, _FAR)}", f"to {min(len(words) - place, _FAR)}")
    yield from (f"capital {is_capital} {near[-1]}", f"length {length} {min(asked, 3)}")
    yield f"questions before {min(list(words[:place]).count('?'), 2)}"
    yield f"questions after {min(list(words[place:]).count('?'), 2)}"
    starts = [at + 1 for at in range(place) if words[at] in _ENDS]
    ends = [at for at in range(place, len(words)) if words[at] in _ENDS]
    start, end = starts[-1] if starts else 0, ends[0] if ends else len(words)
    yield from (f"clause before {one}" for one in words[start:place])
    yield from (f"clause after {one}" for one in words[place + 1 : min(end, place + _FAR)])
    yield f"clause {min(place - start, 6)} {word}"
