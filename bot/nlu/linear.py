"""A linear classifier that is stored as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.features import Columns, Values

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

_PENALTY: Final = 0.3


@dataclass
class LinearModel:
    """One-against-rest support vector machines, one column of weights a label.

    Attributes:
        labels: in the order of the columns.
        weights: shape (features, labels).
        bias: shape (labels,).
    """

    labels: list[str]
    weights: NDArray[np.float16]
    bias: Values

    @classmethod
    def train(
        cls,
        features: csr_matrix,
        labels: Sequence[str],
        penalty: float = _PENALTY,
        weights: Sequence[float] | None = None,
    ) -> LinearModel:
        """Train on one row of features a label; rows may count for more or less."""
        from sklearn.svm import LinearSVC  # Only training pays for its import.

        machine = LinearSVC(C=penalty, random_state=0)
        return cls.of(machine.fit(features, labels, sample_weight=weights))

    @classmethod
    def of_columns(
        cls,
        rows: Sequence[Columns],
        width: int,
        labels: Sequence[str],
        penalty: float,
        weights: Sequence[float] | None = None,
    ) -> LinearModel:
        """Train on rows of features that each count for one, `width` of them in all."""
        ends, columns = np.cumsum([0, *map(len, rows)]), np.concatenate(rows)
        values = np.ones(len(columns), np.float32)
        matrix = csr_matrix((values, columns, ends), shape=(len(rows), width))
        return cls.train(matrix, labels, penalty, weights)

    @classmethod
    def of(cls, machine: LinearSVC | LogisticRegression) -> LinearModel:
        """Keep what a machine has learned."""
        weights, bias = machine.coef_, machine.intercept_
        if len(weights) == 1:  # Two labels share one machine, positive for the second.
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        return cls(
            labels=[str(label) for label in machine.classes_],
            # Half precision changes margins in the fourth decimal.
            weights=np.ascontiguousarray(weights.T, dtype=np.float16),
            bias=bias.astype(np.float32),
        )

    def margins(self, columns: Columns, values: Values) -> Values:
        """Return the margins of a text by the features that it has, shape (labels,).

        Above 0 is inside, below 0 outside.
        """
        margins: Values = values @ self.weights[columns].astype(np.float32) + self.bias
        return margins

    def save(self, path: Path) -> None:
        """Write the arrays to an .npz file, without pickle."""
        # Compressed here, since Rasa would else spend most of a short training on packing
        # the model.
        np.savez_compressed(
            path, labels=np.array(self.labels), weights=self.weights, bias=self.bias
        )

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            labels = [str(label) for label in arrays["labels"]]
            return cls(labels, arrays["weights"], arrays["bias"])


def centred(vectors: Values, mean: Values) -> Values:
    """Return sentence vectors with their mean removed, each of length one, shape (texts, …)."""
    apart = vectors - mean
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    return (apart / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def softmax(margins: Values) -> Values:
    """Return how likely each label is by margins that are logarithms, together 1."""
    above: Values = np.exp(margins - margins.max())
    return above / above.sum()


def likeliest(margins: Mapping[str, float]) -> str:
    """Return the label with the largest margin."""
    return max(margins, key=lambda label: margins[label])
