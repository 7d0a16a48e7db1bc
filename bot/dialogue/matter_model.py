"""Tell whose matter a message is: the page's, the unit's, a local library's, somebody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.nlu.features import Features, Values
from bot.nlu.linear import LinearModel, centred

# What the page or the chat itself answers.
PAGE: Final = "page"
# Addressed to the unit, of which the page says nothing, and what is offered or reported to it.
UNIT: Final = "unit"
OFFER: Final = "offer"
REPORT: Final = "report"
# What a local library serves, what somebody else does, and what nobody has a name for.
LOCAL: Final = "local"
ANOTHER: Final = "another"
OUTSIDE: Final = "outside"
# What asks nothing.
PRAISE: Final = "praise"
SORROW: Final = "sorrow"
JOY: Final = "joy"
MATTERS: Final = (PAGE, UNIT, OFFER, REPORT, LOCAL, ANOTHER, OUTSIDE, PRAISE, SORROW, JOY)

_PENALTY: Final = 0.1
_INTENTS_COUNT: Final = 0.5

Example = tuple[str, str]


def read_matters(path: Path) -> Iterator[Example]:
    """Yield the texts of a file with whose matter each is.

    Raises:
        ValueError: a line holds something else.

    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            one = json.loads(line)
            matter = MATTERS[MATTERS.index(one["matter"])]
            yield str(one["text"]), matter
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}:{number}: {error!r}") from error


@dataclass
class MatterModel:
    """Linear models over n-grams and the intents' margins, one of them over meaning as well.

    Attributes:
        words: what tells it where there is no vector.
        meaning: what tells it with one; None where it was trained without an encoder.
        mean: of the vectors.

    """

    words: LinearModel
    meaning: LinearModel | None
    mean: Values

    @classmethod
    def train(
        cls,
        features: Features,
        examples: Sequence[Example],
        margins: Values,
        vectors: Sequence[Values | None] | None,
    ) -> MatterModel:
        """Train on texts that are masked already.

        Args:
            features: what n-grams count, and how much.
            examples: texts and whose matter they are.
            margins: of the intents, shape (examples, intents).
            vectors: of the texts, each of shape (dimensions,), if there is an encoder.

        """
        texts, labels = zip(*examples, strict=True)
        known = csr_matrix(margins * np.float32(_INTENTS_COUNT))
        words = hstack([features.rows(texts), known], format="csr")
        by_words = LinearModel.train(words, labels, _PENALTY)
        if vectors is None:
            return cls(by_words, None, np.zeros(0, np.float32))
        encoded = np.array(vectors, np.float32)
        mean: Values = encoded.mean(axis=0)
        both = hstack([words, csr_matrix(centred(encoded, mean))], format="csr")
        return cls(by_words, LinearModel.train(both, labels, _PENALTY), mean)

    def read(
        self, features: Features, masked: str, margins: Sequence[float], vector: Values | None
    ) -> dict[str, float]:
        """Return the margin of each matter by the same features, margins and vector of a text."""
        columns, values = features(masked)
        known = np.asarray(margins, np.float32) * np.float32(_INTENTS_COUNT)
        dense = [known]
        model = self.words
        if vector is not None and self.meaning:
            dense.append(centred(vector[np.newaxis], self.mean)[0])
            model = self.meaning
        values = np.concatenate([values, *dense])
        places = np.arange(sum(map(len, dense)), dtype=np.int32) + len(features.columns)
        found = model.margins(np.concatenate([columns, places]), values)
        return dict(zip(model.labels, found.tolist(), strict=True))

    def save(self, folder: Path) -> None:
        """Write every model to a file of its own in the folder."""
        folder.mkdir(exist_ok=True)
        self.words.save(folder / "words.npz")
        if self.meaning:
            self.meaning.save(folder / "meaning.npz")
        np.savez(folder / "mean.npz", mean=self.mean)

    @classmethod
    def load(cls, folder: Path) -> MatterModel:
        """Read what `save` wrote."""
        meaning = folder / "meaning.npz"
        with np.load(folder / "mean.npz", allow_pickle=False) as arrays:
            mean = arrays["mean"]
        return cls(
            LinearModel.load(folder / "words.npz"),
            LinearModel.load(meaning) if meaning.exists() else None,
            mean,
        )
