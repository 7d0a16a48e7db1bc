"""Turn messages into numbers: words and characters as written and folded, and meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from bot.nlu.folding import fold

# Stands for a person's name, so that what is asked counts and not of whom. Capital
# letters cannot come from a message, which is lower-cased first.
PERSON: Final = "PERSON"
_BUCKETS: Final = 2**18
_TOKENS: Final = r"\w+|[^\w\s]"
_MARKS: Final = re.compile(r"(PERSON|UNKNOWN)")
_WORD: Final = re.compile(r"\w+")
_SPACES: Final = re.compile(r"\s+")
# A feature that occurs in one training text only says nothing about others.
_FEWEST_TEXTS: Final = 2
# Follows a word unlike any that more training texts hold: "bris" in "vad har bris för
# nummer" tells that somebody else is meant.
_UNKNOWN: Final = " UNKNOWN"
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


class NgramCounts:
    """Counts of word and character n-grams, hashed, in four blocks.

    Hashing needs no vocabulary, so that a model is only arrays. The blocks are words
    (1 to 2) and characters within words (2 to 5), of the text as written and of the
    folded text. Measured in docs/nlu.md.
    """

    def __init__(self) -> None:
        """Set up the vectorizers, which hold no state."""
        words = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": _TOKENS}
        characters = {"analyzer": "char_wb", "ngram_range": (2, 5)}
        common = {
            "n_features": _BUCKETS,
            "norm": None,
            "alternate_sign": False,
            "lowercase": False,
            "dtype": np.float32,
        }
        spellings: list[Callable[[str], str]] = [str, _fold_around_names]
        self._blocks = [
            (spelling, HashingVectorizer(**common, **kind))
            for spelling in spellings
            for kind in (words, characters)
        ]
        self.edges = np.arange(len(self._blocks) + 1) * _BUCKETS

    def __call__(self, masked: Sequence[str]) -> csr_matrix:
        """Return counts, one row a text."""
        blocks = [v.transform([spelling(t) for t in masked]) for spelling, v in self._blocks]
        return hstack(blocks, format="csr")


def _fold_around_names(masked: str) -> str:
    """Fold all but the marks, which are in capitals."""
    return "".join(piece if piece.isupper() else fold(piece) for piece in _MARKS.split(masked))


@dataclass
class Features:
    """Weighed n-grams: which hashed features are kept, and how rare each is.

    Attributes:
        words: what is known, ascending; other words are marked.
        columns: hashed features that occurred in training, ascending.
        idf: inverse document frequency of each column, shape (columns,).
    """

    words: NDArray[np.str_]
    columns: NDArray[np.int32]
    idf: NDArray[np.float32]

    def __post_init__(self) -> None:
        self._count = NgramCounts()
        self._edges = np.searchsorted(self.columns, self._count.edges)
        self._known = frozenset(form for word in self.words for form in _forms(str(word)))

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
        texts = [*masked, *misspelled]
        counts = NgramCounts()(kept._marked(texts))
        frequency = counts.getnnz(axis=0)
        columns = np.flatnonzero(frequency >= _FEWEST_TEXTS).astype(np.int32)
        idf = np.log((1 + len(texts)) / (1 + frequency[columns])) + 1
        features = cls(kept.words, columns, idf.astype(np.float32))
        return features, features._weighed(counts)

    def __call__(self, masked: Sequence[str]) -> csr_matrix:
        """Return sublinear tf-idf, shape (texts, columns); each block has length one."""
        return self._weighed(self._count(self._marked(masked)))

    def _weighed(self, counts: csr_matrix) -> csr_matrix:
        counts = self._renumbered(counts)
        counts.data = 1 + np.log(counts.data)
        weighed = (counts @ diags(self.idf)).tocsc()
        starts = zip(self._edges, self._edges[1:], strict=False)
        blocks = [normalize(weighed[:, start:end]) for start, end in starts]
        return hstack(blocks, format="csr", dtype=np.float32)

    def _marked(self, masked: Sequence[str]) -> list[str]:
        """Return the texts with a mark after each unknown word."""
        return [_WORD.sub(self._mark, text) for text in masked]

    def _mark(self, word: re.Match[str]) -> str:
        known = word.group() == PERSON or not self._known.isdisjoint(_forms(word.group()))
        return word.group() if known else word.group() + _UNKNOWN

    def _renumbered(self, counts: csr_matrix) -> csr_matrix:
        """Renumber the hashed features to columns and drop those never seen."""
        places = np.searchsorted(self.columns, counts.indices)
        places[places == len(self.columns)] = 0
        known = self.columns[places] == counts.indices
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))[known]
        shape = (counts.shape[0], len(self.columns))
        return csr_matrix((counts.data[known], (rows, places[known])), shape=shape)

    def save(self, path: Path) -> None:
        """Write the arrays to an .npz file, without pickle."""
        np.savez_compressed(path, words=self.words, columns=self.columns, idf=self.idf)

    @classmethod
    def load(cls, path: Path) -> Features:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["words"], arrays["columns"], arrays["idf"])
