"""Find the parts of a message that each ask something, and leave out what is only told."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mmh3
import numpy as np

from bot.language.cleaning import clean
from bot.nlu.features import Columns, Values
from bot.nlu.linear import LinearModel
from bot.nlu.parts import Part

_BUCKETS: Final = 2**18
_PENALTY: Final = 0.1
_TOKEN: Final = re.compile(r"[^\W_]+(?:[-'’:.][^\W_]+)*|[^\w\s]|\n")
_LABELS: Final = ("start", "inside", "outside")
_START, _INSIDE, _OUTSIDE = _LABELS
_IMPOSSIBLE: Final = -1e9
_STARTS: Final = np.array([1, 0, 0], np.float32)
# What is counted, not marked, is marked by what was learned first, and is worth less.
_COUNTED_COUNTS: Final = 0.5
# By so much the start of a part is likelier than anything else where it is beyond doubt.
_SURE: Final = 1.5
# A visitor asks a few things at a time; whoever pastes a text asks none of its sentences.
_MOST_PARTS: Final = 6
_LONGEST_WORD: Final = 20
_AROUND: Final = 4
_FAR: Final = 8
# In words: so far back a clause is read, so that a long one costs no more for each word.
_LOOKED_BACK_ON: Final = 24
_ENDS: Final = ".?!,;:–—-\n"
_CLOSING: Final = "?!."


def read_marked(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the texts of a file with the words that ask each thing, in order.

    Raises:
        ValueError: a line holds something else, or words that are not in its text.

    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            one = json.loads(line)
            text, asked = str(one["text"]), [str(words) for words in one["asked"]]
            _marked(text, asked)
            yield text, asked
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}:{number}: {error!r}") from error


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
            if labels := _likeliest(model._margins(text), count):
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

    def parts(self, text: str, count: int | None = None) -> list[Part]:
        """Return the parts that ask something, in order.

        Args:
            text: a whole message.
            count: how many there are, if that is known.

        """
        tokens = list(_TOKEN.finditer(text))
        margins = self._margins(text)
        sure = _likeliest(margins - _STARTS * _SURE, count)
        found: list[Part] = []
        for token, label, surely in zip(tokens, _likeliest(margins, count), sure, strict=False):
            if label == _START:
                found.append(Part(*token.span(), is_sure=surely == _START))
            elif label == _INSIDE:
                start, _, is_sure = found[-1]
                found[-1] = Part(start, token.end(), is_sure)
        return found

    def _margins(self, text: str) -> Values:
        """Return the margin of each label for each token, shape (tokens, labels)."""
        order = [self.tokens.labels.index(label) for label in _LABELS]
        rows = [
            self.tokens.margins(columns, np.ones(len(columns), np.float32))[order]
            for _, columns in _tokens(text)
        ]
        return np.array(rows, np.float32).reshape(len(rows), len(_LABELS))

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
    started: set[tuple[int, int]] = set()
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
    marks = [place for place, word in enumerate(words) if not word[0].isalnum()]
    ends = [place for place in marks if words[place] in _ENDS]
    asked = [place for place in marks if words[place] == "?"]
    for place, token in enumerate(tokens):
        stops = (marks, ends, asked)
        names = _features(words, stops, place, is_capital=token[0][0].isupper())
        hashed = np.array([mmh3.hash(name) for name in names], np.int64) % _BUCKETS
        yield token, np.unique(hashed).astype(np.int32)


def _features(
    words: Sequence[str], stops: Sequence[Sequence[int]], place: int, *, is_capital: bool
) -> Iterator[str]:
    """Yield what is known of a word: those around it, its clause, and where it stands.

    Args:
        words: all words and marks of the text.
        stops: the places of all marks, of those that end a clause, and of question marks.
        place: that of the word.
        is_capital: whether it begins with a capital letter.

    """
    steps = range(-_AROUND, _AROUND + 2)
    near = {step: _at(words, place + step) for step in steps}
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
    (before, last), (_, start) = (_beside(places, place) for places in stops[:2])
    following = _at(words, _first_from(stops[0], before, words))
    last_mark = _at(words, last)
    yield from (f"mark before {last_mark}", f"mark after {following}")
    yield from (f"marks {last_mark} {following}", f"after {last_mark} {word}")
    yield f"before {following} {word}"
    asked, length = len(stops[2]), min(len(words) // _FAR, 5)
    yield from (f"from {min(place, _FAR)}", f"to {min(len(words) - place, _FAR)}")
    yield from (f"capital {is_capital} {near[-1]}", f"length {length} {min(asked, 3)}")
    asked_before = bisect_left(stops[2], place)
    yield f"questions before {min(asked_before, 2)}"
    yield f"questions after {min(asked - asked_before, 2)}"
    start += 1
    end = _first_from(stops[1], bisect_left(stops[1], place), words)
    near_start = max(start, place - _LOOKED_BACK_ON)
    yield from (f"clause before {one}" for one in words[near_start:place])
    yield from (f"clause after {one}" for one in words[place + 1 : min(end, place + _FAR)])
    yield f"clause {min(place - start, 6)} {word}"


def _beside(places: Sequence[int], place: int) -> tuple[int, int]:
    """Return how many of some places come before one, and the last of them; -1 if there is none."""
    before = bisect_left(places, place)
    return before, places[before - 1] if before else -1


def _first_from(places: Sequence[int], number: int, words: Sequence[str]) -> int:
    """Return the place of a number, behind all words if there are not so many."""
    return places[number] if number < len(places) else len(words)


def _at(words: Sequence[str], place: int) -> str:
    if place < 0:
        return "<"
    return words[place] if place < len(words) else ">"
