"""The trained models behind the intent classifier, with and without meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.nlu.features import Columns, Features, Values
from bot.nlu.linear import LinearModel, centred
from bot.nlu.noise import misspelled

# How large a part of the examples is also learned with a slip of the thumb.
_MISSPELLED: Final = 0.3
# Training lets go of the interpreter, so two models take hardly longer than one.
_AT_ONCE: Final = 2
_INSIDE: Final = "inside"
_OUTSIDE: Final = "outside"


@dataclass
class _Pair:
    """A model that tells intents apart, and one that tells inside from outside.

    The second is lacking where no example lies outside: then everything is inside.
    """

    intents: LinearModel
    sides: LinearModel | None

    @classmethod
    def train(cls, features: csr_matrix, labels: Sequence[str], outside: Sequence[bool]) -> _Pair:
        intents = LinearModel.train(features, labels)
        if not any(outside):
            return cls(intents, None)
        sides = [_OUTSIDE if out else _INSIDE for out in outside]
        return cls(intents, LinearModel.train(features, sides))

    def margins(self, columns: Columns, values: Values) -> tuple[Values, float]:
        margins = self.intents.margins(columns, values)
        if self.sides is None:
            return margins, 1.0
        inside = self.sides.margins(columns, values)[self.sides.labels.index(_INSIDE)]
        return margins, float(inside)

    def save(self, folder: Path, name: str) -> None:
        self.intents.save(folder / f"intents_{name}.npz")
        if self.sides:
            self.sides.save(folder / f"sides_{name}.npz")

    @classmethod
    def load(cls, folder: Path, name: str) -> _Pair | None:
        intents, sides = folder / f"intents_{name}.npz", folder / f"sides_{name}.npz"
        if not intents.exists():
            return None
        return cls(LinearModel.load(intents), LinearModel.load(sides) if sides.exists() else None)


@dataclass
class Models:
    """Linear models over n-grams, and over n-grams and sentence vectors together."""

    features: Features
    words: _Pair
    meaning: _Pair | None
    mean: Values

    @property
    def labels(self) -> list[str]:
        """The intents, in the order of the margins."""
        return self.words.intents.labels

    @property
    def knows_meaning(self) -> bool:
        """Whether the models were trained with sentence vectors."""
        return self.meaning is not None

    @classmethod
    def train(
        cls,
        masked: Sequence[str],
        labels: Sequence[str],
        outside: Sequence[bool],
        vectors: Mapping[str, Values],
    ) -> Models:
        """Train on masked texts; those without a vector count by their words alone."""
        slips = list(misspelled(masked, _MISSPELLED))
        places = [*range(len(masked)), *(place for place, _ in slips)]
        texts = [*masked, *(text for _, text in slips)]
        features, ngrams = Features.fit(masked, texts[len(masked) :])
        labels = [labels[place] for place in places]
        outside = [outside[place] for place in places]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            words = pool.submit(_Pair.train, ngrams, labels, outside)
            if not vectors:
                return cls(features, words.result(), None, np.zeros(0, np.float32))
            mean = np.mean(list(vectors.values()), axis=0, dtype=np.float32)
            # A misspelled text means what it meant.
            rows = np.array([vectors.get(masked[place], mean) for place in places])
            both = hstack([ngrams, csr_matrix(centred(rows, mean))], format="csr")
            meaning = pool.submit(_Pair.train, both, labels, outside)
            return cls(features, words.result(), meaning.result(), mean)

    def by_words(self, columns: Columns, values: Values) -> tuple[Values, float]:
        """Return the margins of the intents, and of inside, by a text's features."""
        return self.words.margins(columns, values)

    def by_meaning(self, columns: Columns, values: Values, vector: Values) -> tuple[Values, float]:
        """Return the same with the sentence's vector, shape (dimensions,), as well."""
        assert self.meaning, "the models were trained without an encoder"
        dense = np.arange(len(vector), dtype=np.int32) + len(self.features.columns)
        meant = centred(vector[np.newaxis], self.mean)[0]
        both = np.concatenate([columns, dense]), np.concatenate([values, meant])
        return self.meaning.margins(*both)

    def save(self, folder: Path) -> None:
        """Write every model to a file of its own in the folder."""
        self.features.save(folder / "features.npz")
        self.words.save(folder, "words")
        if self.meaning:
            self.meaning.save(folder, "meaning")
        np.savez(folder / "mean.npz", mean=self.mean)

    @classmethod
    def load(cls, folder: Path) -> Models:
        """Read what `save` wrote."""
        words = _Pair.load(folder, "words")
        if words is None:
            raise FileNotFoundError(f"no model in {folder}")
        with np.load(folder / "mean.npz", allow_pickle=False) as arrays:
            mean = arrays["mean"]
        features = Features.load(folder / "features.npz")
        return cls(features, words, _Pair.load(folder, "meaning"), mean)
