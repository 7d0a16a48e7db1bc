"""Judge what one stretch of text asks for, and when to admit that it is unclear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder import RememberingEncoder
from bot.nlu.features import Columns, Values, mask
from bot.nlu.linear import softmax
from bot.nlu.models import Models
from bot.nlu.name_finder import NAMESAKES, PERSON

OUTSIDE: Final = "oos"
NONSENSE: Final = "nonsense"
FOREIGN: Final = "foreign"
# What asks back, by Rasa's own name for it.
ASK_BACK: Final = "nlu_fallback"
_RANKED: Final = 10
_JUDGED: Final = 64
# Margins are about -1 to 1; this makes a confidence of 0.9 out of a clear one.
_SHARPNESS: Final = 5.0


@dataclass(frozen=True)
class Question:
    """What one part of a message asks: [start, end), the intent, and how sure that is."""

    start: int
    end: int
    intent: str
    margin: float
    ranking: tuple[tuple[str, float], ...]

    def people(self, entities: Iterable[dict[str, Any]]) -> tuple[str, ...]:
        """Return the ids of the people that this part names."""
        here = (e for e in entities if self.start <= e.get("start", -1) < self.end)
        return tuple(str(e["value"]) for e in here if e["entity"] == PERSON)


class Judge:
    """Applies the models and the thresholds of the classifier's settings."""

    def __init__(
        self, models: Models, encoder: RememberingEncoder | None, config: Mapping[str, Any]
    ) -> None:
        """Take trained models; without an encoder, words and characters decide alone."""
        self._models = models
        self._encoder = encoder
        self._config = config
        # A message is judged again when it has been encoded.
        self._by_words = lru_cache(_JUDGED)(self._judged_by_words)

    def __call__(self, text: str, entities: list[dict[str, Any]], start: int, end: int) -> Question:
        """Return what the text between start and end asks."""
        masked = without_names(text[start:end], within(entities, start, end))
        features, margins, inside = self._by_words(masked)
        needed = self._config["answer_margin"]
        vector = None
        if self._encoder and not self._is_sure(margins, inside):
            vector = self._encoder.encode(masked)
        if vector is not None:
            by_words = int(margins.argmax())
            margins, inside_by_meaning = self._models.by_meaning(*features, vector)
            inside = min(inside, inside_by_meaning)
            if int(margins.argmax()) != by_words:
                needed = self._config["alone_margin"]
        return self._question(start, end, margins, inside, needed)

    def by_words(self, text: str, entities: list[dict[str, Any]], start: int, end: int) -> Question:
        """Return the same by words and characters alone, which takes a fraction of the time."""
        masked = without_names(text[start:end], within(entities, start, end))
        _, margins, inside = self._by_words(masked)
        return self._question(start, end, margins, inside, self._config["answer_margin"])

    def margins(self, masked: str) -> dict[str, float]:
        """Return the margin of each intent, by words and characters alone."""
        _, margins, _ = self._judged_by_words(masked)
        return dict(zip(self._models.labels, map(float, margins), strict=True))

    def _judged_by_words(
        self, masked: str
    ) -> tuple[tuple[Columns, Values], NDArray[np.float32], float]:
        features = self._models.features(masked)
        return features, *self._models.by_words(*features)

    def _question(
        self, start: int, end: int, margins: NDArray[np.float32], inside: float, needed: float
    ) -> Question:
        labels = self._models.labels
        order = np.argsort(-margins)
        confidences = softmax(_SHARPNESS * margins)
        ranking = tuple((labels[i], float(confidences[i])) for i in order[:_RANKED])
        intent, margin = labels[order[0]], float(margins[order[0]])
        if self._states_something(intent):
            intent = self._or_less(intent, margin, needed, inside)
        elif intent == OUTSIDE:
            # Nearly an answer? Then the visitor is asked about what comes nearest.
            stating = next((i for i in order if self._states_something(labels[i])), order[0])
            if margins[stating] >= self._config["ask_instead_margin"]:
                intent = self._or_less(OUTSIDE, float(margins[stating]), np.inf, inside)
        elif intent in self._config["not_lightly"] and margin < self._config["light_margin"]:
            lead = margin - (float(margins[labels.index(OUTSIDE)]) if OUTSIDE in labels else -1.0)
            intent = OUTSIDE if lead < self._config["light_lead"] else intent
        return Question(start, end, intent, margin, ranking)

    def _states_something(self, label: str) -> bool:
        return label not in self._config["harmless"] and label not in self._config["outside"]

    def _is_sure(self, margins: NDArray[np.float32], inside: float) -> bool:
        second, best = np.partition(margins, -2)[-2:]
        return bool(
            best >= self._config["sure_margin"]
            and best - second >= self._config["sure_lead"]
            and abs(inside) >= self._config["sure_inside"]
        )

    def _or_less(self, intent: str, margin: float, needed: float, inside: float) -> str:
        """Return the intent if that is sure enough, else what asks back or says no."""
        clear = margin >= self._config["clear_margin"]
        lowest_inside = self._config["ask_inside" if clear else "answer_inside"]
        if margin >= needed and inside >= lowest_inside:
            return intent
        if margin >= self._config["ask_margin"] and inside >= self._config["ask_inside"]:
            return ASK_BACK
        return OUTSIDE


def without_names(text: str, entities: Iterable[dict[str, Any]]) -> str:
    """Put aside the names of our people, and of strangers who share one with them."""
    names = [e for e in entities if e["entity"] == PERSON or e.get(NAMESAKES)]
    return mask(text, [(entity["start"], entity["end"]) for entity in names])


def spread[Kind](texts: Sequence[Kind], most: int) -> list[Kind]:
    """Return at most so many of the texts, from the first to the last."""
    count = min(len(texts), most)
    return [texts[place * len(texts) // count] for place in range(count)]


def within(entities: Iterable[dict[str, Any]], start: int, end: int) -> list[dict[str, Any]]:
    """Return the entities between start and end, their places counted from start."""
    return [
        {**entity, "start": entity["start"] - start, "end": entity["end"] - start}
        for entity in entities
        if start <= entity["start"] and entity["end"] <= end
    ]
