"""Tell whether a message speaks of danger, distress or worry, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.nlu.features import Features, Values
from bot.nlu.linear import LinearModel, centred, softmax
from bot.nlu.noise import misspelled
from bot.nlu.tuned import tuned_heads

# The encoder tuned to tell them apart.
TUNED: Final = Path(__file__).with_name("tuned.npz")
_HEAD: Final = "danger"
# What a message may speak of, and the languages that help is offered in.
HARMLESS: Final = "harmless"
DANGER: Final = "danger"
DISTRESS: Final = "distress"
WORRY: Final = "worry"
ENGLISH: Final = "en"
_MISSPELLED: Final = 0.3
_MARKS_AT_THE_END: Final = " .!"
# Measured on writers left out: from 1 to 16 they are understood alike, the known ones better.
_LOOSENESS: Final = 4.0
_ITERATIONS: Final = 1000
_SMALLEST: Final = 1e-6
_LOOKED_AT: Final = 64
# How much each counts that tells what a text speaks of: together they err less often.
_WORDS_COUNT: Final = 0.2
_MEANING_COUNTS: Final = 0.3
_TUNED_COUNTS: Final = 0.5
# Of all that is not harmless.
_ENOUGH_FOR_DANGER: Final = 0.35


@dataclass(frozen=True)
class Text:
    """A text to learn from: what it speaks of, and its language."""

    text: str
    label: str
    language: str


@dataclass(frozen=True)
class Finding:
    """What one text speaks of.

    Attributes:
        score: the logarithm of the odds that it speaks of danger, distress or worry.
        label: which of them is likeliest.

    """

    score: float
    label: str


@dataclass
class DangerModel:
    """Logistic regressions over n-grams, over n-grams and meaning, and for the language."""

    features: Features
    by_words: LinearModel
    by_meaning: LinearModel | None
    language: LinearModel
    mean: Values

    def __post_init__(self) -> None:
        # A text is looked at again by its meaning, and when it has been encoded.
        self._features_of = lru_cache(_LOOKED_AT)(lambda masked: self.features(_bare(masked)))

    @classmethod
    def train(cls, texts: Sequence[Text], vectors: Mapping[str, Values]) -> DangerModel:
        """Train on masked texts; without vectors, words and characters decide alone."""
        masked = [_bare(one.text) for one in texts]
        slips = list(misspelled(masked, _MISSPELLED))
        places = [*range(len(masked)), *(place for place, _ in slips)]
        features, ngrams = Features.fit(masked, [text for _, text in slips])
        labels = [texts[place].label for place in places]
        languages = [str(texts[place].language == ENGLISH) for place in places]
        by_words, language = _regression(ngrams, labels), _regression(ngrams, languages)
        if not vectors:
            return cls(features, by_words, None, language, np.zeros(0, np.float32))
        mean = np.mean(list(vectors.values()), axis=0, dtype=np.float32)
        rows = np.array([vectors[texts[place].text] for place in places])
        both = hstack([ngrams, csr_matrix(centred(rows, mean))], format="csr")
        return cls(features, by_words, _regression(both, labels), language, mean)

    def found_by_words(self, masked: str) -> Finding:
        """Return what a masked text speaks of, by words and characters alone."""
        return _finding(self.by_words.labels, self._margins_by_words(masked))

    def found_by_meaning(self, masked: str, vector: Values, tuned: Values | None) -> Finding:
        """Return the same with two vectors of the text, shape (dimensions,), all mixed.

        Args:
            masked: the text.
            vector: of the encoder as it is.
            tuned: of the tuned one, if it can be had.

        """
        assert self.by_meaning, "the model was trained without an encoder"
        columns, values = self._features_of(masked)
        dense = np.arange(len(vector), dtype=np.int32) + len(self.features.columns)
        meant = centred(vector[np.newaxis], self.mean)[0]
        both = np.concatenate([columns, dense]), np.concatenate([values, meant])
        labels = self.by_meaning.labels
        heard = [
            (_WORDS_COUNT, self._margins_by_words(masked)),
            (_MEANING_COUNTS, _logarithms(self.by_meaning.margins(*both))),
        ]
        if tuned is not None:
            head = tuned_heads(TUNED)[_HEAD]
            places = [head.labels.index(label) for label in labels]
            heard.append((_TUNED_COUNTS, _logarithms(head.margins(tuned))[places]))
        counts, margins = zip(*heard, strict=True)
        mixed: Values = np.average(margins, axis=0, weights=counts)
        return _finding(labels, mixed)

    def _margins_by_words(self, masked: str) -> Values:
        return _logarithms(self.by_words.margins(*self._features_of(masked)))

    def is_english(self, masked: str) -> bool:
        """Tell whether a masked text is English."""
        margins = self.language.margins(*self._features_of(masked))
        return bool(margins[self.language.labels.index(str(True))] > 0)

    def save(self, folder: Path) -> None:
        """Write every model to a file of its own in the folder."""
        self.features.save(folder / "features.npz")
        self.by_words.save(folder / "words.npz")
        self.language.save(folder / "language.npz")
        if self.by_meaning:
            self.by_meaning.save(folder / "meaning.npz")
        np.savez(folder / "mean.npz", mean=self.mean)

    @classmethod
    def load(cls, folder: Path) -> DangerModel:
        """Read what `save` wrote."""
        meaning = folder / "meaning.npz"
        with np.load(folder / "mean.npz", allow_pickle=False) as arrays:
            mean = arrays["mean"]
        return cls(
            Features.load(folder / "features.npz"),
            LinearModel.load(folder / "words.npz"),
            LinearModel.load(meaning) if meaning.exists() else None,
            LinearModel.load(folder / "language.npz"),
            mean,
        )


def read_texts(path: Path) -> Iterable[Text]:
    """Yield the texts of a file: by language, then by what they speak of."""
    import yaml  # Only training and measuring read them.

    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for language, groups in content.items():
        for label, texts in groups.items():
            yield from (Text(text, label, language) for text in texts)


def _bare(masked: str) -> str:
    """Return the text without the mark at its end, which tells nothing but of a question."""
    return masked.rstrip(_MARKS_AT_THE_END) or masked


def _regression(features: csr_matrix, labels: Sequence[str]) -> LinearModel:
    """Return a logistic regression in which rare labels count for more than common ones."""
    from sklearn.linear_model import LogisticRegression  # Only training pays for its import.

    counts = Counter(labels)
    weights = {label: (max(counts.values()) / count) ** 0.5 for label, count in counts.items()}
    machine = LogisticRegression(C=_LOOSENESS, max_iter=_ITERATIONS, class_weight=weights)
    return LinearModel.of(machine.fit(features, labels))


def _logarithms(margins: Values) -> Values:
    """Return the logarithms of the shares that margins stand for, shape (labels,)."""
    above = margins - margins.max()
    logarithms: Values = above - np.log(np.exp(above).sum())
    return logarithms


def _finding(labels: Sequence[str], margins: Values) -> Finding:
    of_label = dict(zip(labels, softmax(margins), strict=True))
    harmless = of_label.pop(HARMLESS)
    odds = max(1 - harmless, _SMALLEST) / max(harmless, _SMALLEST)
    # Where it may be danger as well as worry, 112 helps in both.
    is_danger = of_label.get(DANGER, 0.0) >= _ENOUGH_FOR_DANGER * (1 - harmless)
    label = DANGER if is_danger else max(of_label, key=lambda name: of_label[name])
    return Finding(float(np.log(odds)), label)
