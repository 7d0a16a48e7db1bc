"""Turn messages into numbers: words and characters as written and folded, and meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import mmh3
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.folding import fold, remembering_words

Columns = NDArray[np.int32]
Values = NDArray[np.float32]

# Stands for a person's name, so that what is asked counts and not of whom. Capital
# letters cannot come from a message, which is lower-cased first.
PERSON: Final = "PERSON"
_BUCKETS: Final = 2**18
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
# Characters of an n-gram, from and to.
_LENGTHS: Final = range(2, 6)
_WORD: Final = re.compile(r"\w+")
_SPACES: Final = re.compile(r"\s+")
# A feature that occurs in one training text only says nothing about others.
_FEWEST_TEXTS: Final = 2
# Follows a word unlike any that more training texts hold: "bris" in "vad har bris för
# nummer" tells that somebody else is meant.
_UNKNOWN: Final = "UNKNOWN"
_MARKS: Final = (PERSON, _UNKNOWN)
# A shorter word is like too many others.
_SHORTEST_LIKE_ANOTHER: Final = 5


def mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text in lower case, with each [start, end) replaced by PERSON."""
    pieces, last = [], 0
    for start, end in sorted(spans):
        if start >= last:
            pieces += [text[last:start].casefold(), PERSON]
            last = end
    pieces.append(text[last:].casefold())
    return _SPACES.sub(" ", "".join(pieces)).strip()


def _forms(word: str) -> set[str]:
    """Return the folded word and, if it is long, that with any one letter left out.

    Two words that share a form are a slip of the thumb apart.
    """
    folded = fold(word)
    if len(folded) < _SHORTEST_LIKE_ANOTHER:
        return {folded}
    return {folded} | {folded[:i] + folded[i + 1 :] for i in range(len(folded))}


def _hashed(ngrams: list[str]) -> Columns:
    hashed = np.array([mmh3.hash(ngram) for ngram in ngrams], np.int64) % _BUCKETS
    return hashed.astype(np.int32)


def word_ngrams(text: str) -> list[str]:
    """Return words and marks, and each two that follow each other."""
    words = _TOKEN.findall(text)
    return [*words, *(" ".join(two) for two in pairwise(words))]


def character_ngrams(word: str) -> list[str]:
    """Return each two to five characters in a row, of a word between blanks."""
    padded = f" {word} "
    return [
        padded[start : start + length]
        for length in _LENGTHS
        for start in range(len(padded) - length + 1)
    ]


class NgramCounts:
    """Counts of word and character n-grams, hashed, in four blocks.

    Hashing needs no vocabulary, so that a model is only arrays. The blocks are words
    (1 to 2) and characters within words (2 to 5), of the text as written and of the
    folded text. Measured in docs/nlu.md.
    """

    def __init__(self) -> None:
        """Remember the latest words; the counts hold no other state."""
        self.edges = np.arange(5, dtype=np.int32) * _BUCKETS
        # N-grams of characters stay within words.
        self._of_word = remembering_words(self._characters_of)

    def __call__(self, masked: str) -> tuple[Columns, Values]:
        """Return the hashed n-grams of a text, ascending, and how often each occurs."""
        blocks = [block for text in (masked, _folded(masked)) for block in self._blocks(text)]
        starts = np.repeat(self.edges[:-1], [len(block) for block in blocks])
        columns, counts = np.unique(np.concatenate(blocks) + starts, return_counts=True)
        return columns, counts.astype(np.float32)

    def _blocks(self, text: str) -> tuple[Columns, Columns]:
        of_words = [self._of_word(word) for word in text.split()]
        return _hashed(word_ngrams(text)), np.concatenate([_hashed([]), *of_words])

    def _characters_of(self, word: str) -> Columns:
        return _hashed(character_ngrams(word))


def _folded(masked: str) -> str:
    """Return the text with each word folded but the marks, which are in capitals."""
    return _WORD.sub(lambda word: word[0] if word[0] in _MARKS else fold(word[0]), masked)


@dataclass
class Features:
    """Weighed n-grams: which hashed features are kept, and how rare each is.

    Attributes:
        words: what is known, ascending; other words are marked.
        columns: hashed features that occurred in training, ascending.
        idf: inverse document frequency of each column, shape (columns,).
    """

    words: NDArray[np.str_]
    columns: Columns
    idf: Values

    def __post_init__(self) -> None:
        self._count = NgramCounts()
        self._edges = np.searchsorted(self.columns, self._count.edges)
        self._known = frozenset(form for word in self.words for form in _forms(str(word)))
        self._is_known = remembering_words(self._resembles_a_known)

    @classmethod
    def fit(
        cls, masked: Sequence[str], misspelled: Sequence[str] = ()
    ) -> tuple[Features, csr_matrix]:
        """Keep what occurs in more than one text; return the texts' features too.

        Words of the misspelled texts do not become known.
        """
        texts_with = Counter(word for text in masked for word in set(_WORD.findall(text)))
        words = sorted(word for word, count in texts_with.items() if count >= _FEWEST_TEXTS)
        kept = cls(np.array(words), np.zeros(0, np.int32), np.zeros(0, np.float32))
        counts = [kept._count(kept.marked(text)) for text in (*masked, *misspelled)]
        texts_of = np.bincount(np.concatenate([columns for columns, _ in counts]))
        columns = np.flatnonzero(texts_of >= _FEWEST_TEXTS).astype(np.int32)
        idf = np.log((1 + len(counts)) / (1 + texts_of[columns])) + 1
        features = cls(kept.words, columns, idf.astype(np.float32))
        return features, features._stacked([features._weighed(*one) for one in counts])

    def __call__(self, masked: str) -> tuple[Columns, Values]:
        """Return the columns of a text, ascending, and sublinear tf-idf of each.

        Each block has length one.
        """
        return self._weighed(*self._count(self.marked(masked)))

    def marked(self, masked: str) -> str:
        """Return the text with a mark after each unknown word."""
        return _WORD.sub(self._mark, masked)

    def _mark(self, word: re.Match[str]) -> str:
        return word.group() if self._is_known(word.group()) else f"{word.group()} {_UNKNOWN}"

    def _resembles_a_known(self, word: str) -> bool:
        return word == PERSON or not self._known.isdisjoint(_forms(word))

    def _weighed(self, hashed: Columns, counts: Values) -> tuple[Columns, Values]:
        """Renumber hashed n-grams to columns, drop those never seen and weigh the rest."""
        places = np.searchsorted(self.columns, hashed)
        places[places == len(self.columns)] = 0
        known = self.columns[places] == hashed
        columns = places[known].astype(np.int32)
        values = (1 + np.log(counts[known])) * self.idf[columns]
        blocks = np.searchsorted(self._edges, columns, side="right")
        lengths = np.sqrt(np.bincount(blocks, values * values, len(self._edges)))
        return columns, (values / lengths[blocks]).astype(np.float32)

    def rows(self, masked: Iterable[str]) -> csr_matrix:
        """Return one row of features a text."""
        return self._stacked([self(text) for text in masked])

    def _stacked(self, rows: Sequence[tuple[Columns, Values]]) -> csr_matrix:
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns, values = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        return csr_matrix((values, columns, ends), shape=(len(rows), len(self.columns)))

    def save(self, path: Path) -> None:
        """Write the arrays to an .npz file, without pickle."""
        np.savez_compressed(path, words=self.words, columns=self.columns, idf=self.idf)

    @classmethod
    def load(cls, path: Path) -> Features:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["words"], arrays["columns"], arrays["idf"])
