"""A linear classifier over n-gram features that is stored as plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.svm import LinearSVC

from bot.nlu.features import NgramFeatures

# A feature that occurs in one training text only says nothing about others.
_FEWEST_TEXTS = 2
_PENALTY = 0.3


@dataclass
class LinearModel:
    """One-against-rest support vector machines, one column of weights a label.

    Attributes:
        labels: the intents, in the order of the columns.
        columns: hashed features that the model knows, ascending.
        idf: inverse document frequency of each column, shape (columns,).
        weights: shape (columns, labels).
        bias: shape (labels,).

    """

    labels: list[str]
    columns: NDArray[np.int32]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def __post_init__(self) -> None:
        self._features = NgramFeatures()
        self._block_edges = np.searchsorted(self.columns, self._features.block_starts)

    @classmethod
    def train(cls, masked: Sequence[str], labels: Sequence[str]) -> LinearModel:
        """Train on masked texts and their labels, of equal length."""
        features = NgramFeatures()
        counts = features.counts(masked)
        frequency = counts.getnnz(axis=0)
        columns = np.flatnonzero(frequency >= _FEWEST_TEXTS).astype(np.int32)
        idf = np.log((1 + len(masked)) / (1 + frequency[columns])) + 1
        model = cls(
            labels=sorted(set(labels)),
            columns=columns,
            idf=idf.astype(np.float32),
            weights=np.zeros((len(columns), 0), np.float32),
            bias=np.zeros(0, np.float32),
        )
        machine = LinearSVC(C=_PENALTY, random_state=0).fit(model._weigh(counts), labels)
        weights, bias = machine.coef_, machine.intercept_
        if len(weights) == 1:  # Two labels share one machine, positive for the second.
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        model.weights = np.ascontiguousarray(weights.T, dtype=np.float32)
        model.bias = bias.astype(np.float32)
        return model

    def scores(self, masked: Sequence[str]) -> NDArray[np.float32]:
        """Return margins, shape (texts, labels): above 0 inside, below 0 outside."""
        margins: NDArray[np.float32] = (
            self._weigh(self._features.counts(masked)) @ self.weights + self.bias
        )
        return margins

    def save(self, path: Path) -> None:
        """Write the arrays to an .npz file, without pickle."""
        np.savez(
            path,
            labels=np.array(self.labels),
            columns=self.columns,
            idf=self.idf,
            weights=self.weights,
            bias=self.bias,
        )

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                labels=[str(label) for label in arrays["labels"]],
                columns=arrays["columns"],
                idf=arrays["idf"],
                weights=arrays["weights"],
                bias=arrays["bias"],
            )

    def _weigh(self, counts: csr_matrix) -> csr_matrix:
        """Keep known columns; sublinear tf-idf; each block of a row gets length one."""
        rows = [self._weigh_row(row) for row in counts]
        return vstack(rows, format="csr") if len(rows) != 1 else rows[0]

    def _weigh_row(self, row: csr_matrix) -> csr_matrix:
        order = np.argsort(row.indices)
        hashed, counted = row.indices[order], row.data[order]
        places = np.searchsorted(self.columns, hashed)
        places[places == len(self.columns)] = 0
        known = self.columns[places] == hashed
        places, counted = places[known], counted[known]
        values = (1 + np.log(counted)) * self.idf[places]
        edges = np.searchsorted(places, self._block_edges)
        for start, end in pairwise(edges):
            length = np.sqrt(np.square(values[start:end]).sum())
            if length:
                values[start:end] /= length
        return csr_matrix(
            (values.astype(np.float32), places, [0, len(places)]), shape=(1, len(self.columns))
        )
