"""Turn a message into sparse features: words and characters, as written and folded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer

from bot.nlu.folding import fold

# Stands for a person's name, so that what is asked counts and not of whom. Capital
# letters cannot come from a message, which is lower-cased first.
PERSON: Final = "PERSON"
_BUCKETS: Final = 2**18
_TOKENS: Final = r"\w+|[^\w\s]"
_SPACES: Final = re.compile(r"\s+")


def mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text in lower case, with each [start, end) replaced by PERSON."""
    pieces, last = [], 0
    for start, end in sorted(spans):
        if start >= last:
            pieces += [text[last:start].casefold(), PERSON]
            last = end
    pieces.append(text[last:].casefold())
    return _SPACES.sub(" ", "".join(pieces)).strip()


class NgramFeatures:
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
        self.width = len(self._blocks) * _BUCKETS
        self.block_starts = np.arange(0, self.width + 1, _BUCKETS)

    def counts(self, masked: Sequence[str]) -> csr_matrix:
        """Return counts, one row a text, `width` columns."""
        blocks = [v.transform([spelling(t) for t in masked]) for spelling, v in self._blocks]
        return hstack(blocks, format="csr")


def _fold_around_names(masked: str) -> str:
    return PERSON.join(fold(piece) for piece in masked.split(PERSON))
