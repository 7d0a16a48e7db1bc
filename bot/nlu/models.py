"""The trained models behind the intent classifier, with and without meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.preprocessing import normalize

from bot.nlu.features import Features
from bot.nlu.linear import LinearModel
from bot.nlu.noise import misspelled

Vector = NDArray[np.float32]

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

    def margins(self, features: csr_matrix) -> tuple[Vector, float]:
        margins = self.intents.margins(features)[0]
        if self.sides is None:
            return margins, 1.0
        inside = self.sides.margins(features)[0][self.sides.labels.index(_INSIDE)]
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
    mean: Vector

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
        vectors: Mapping[str, Vector],
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
            meaning = pool.submit(_Pair.train, _join(ngrams, rows, mean), labels, outside)
            return cls(features, words.result(), meaning.result(), mean)

    def by_words(self, masked: str) -> tuple[Vector, float]:
        """Return the margins of the intents, and of inside, by words and characters."""
        return self.words.margins(self.features([masked]))

    def by_meaning(self, masked: str, vector: Vector) -> tuple[Vector, float]:
        """Return the same with the sentence's vector, shape (1, dimensions), as well."""
        assert self.meaning, "the models were trained without an encoder"
        return self.meaning.margins(_join(self.features([masked]), vector, self.mean))

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


def _join(ngrams: csr_matrix, vectors: Vector, mean: Vector) -> csr_matrix:
    """Append the vectors, their mean removed and of length one, to the n-grams."""
    return hstack([ngrams, csr_matrix(normalize(vectors - mean))], format="csr", dtype=np.float32)
