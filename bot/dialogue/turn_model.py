"""Tell act, topic and facet of a turn by its words, its intents and its conversation."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from bot.dialogue.context import kind_of
from bot.dialogue.conversations import Turn
from bot.nlu.features import Columns, Features, Values
from bot.nlu.linear import LinearModel, likeliest

# How much what was said before, and what the intents say, count beside words.
_CONTEXT_COUNTS: Final = 0.5
_INTENTS_COUNT: Final = 0.5
# The same of a turn in words that need no conversation.
_ALONE_COUNTS: Final = 0.3
_PENALTY: Final = 0.1
_MARKS_AT_THE_END: Final = " .!"
_POLAR: Final = "polar"
_HARDLY_POLAR: Final = -0.5
_OPEN: Final = "open"
_MISSING: Final = ("missing", "unsaid")

Context = Mapping[str, float]
Shares = Mapping[str, float]
# What is told of each turn: its label, or None where nothing is to be learned.
_HEADS: Final[dict[str, Callable[[Turn], str | None]]] = {
    "act": lambda turn: None if turn.is_alone else turn.main.act,
    "facet": lambda turn: turn.main.facet,
    "topic": lambda turn: kind_of(turn.main.topics[0]),
    "polar": lambda turn: _POLAR if turn.main.polar else _OPEN,
}


@dataclass(frozen=True)
class Reading:
    """What a turn may be: margins by label, above 0 is likely.

    Attributes:
        acts: of each act.
        facets: of each facet.
        topics: of each topic.
        polar: of yes or no being asked for.
        pages: how likely it is that the page says yes, no, or neither; empty if that is not known.
        claims: the same of each claim that may be put.
        matters: margins of whose matter it is; empty where nothing was learned of that.

    """

    acts: dict[str, float]
    facets: dict[str, float]
    topics: dict[str, float]
    polar: float
    pages: Shares = field(default_factory=dict)
    claims: Shares = field(default_factory=dict)
    matters: Shares = field(default_factory=dict)

    @property
    def missing(self) -> float:
        """How likely it is that the page tells nothing of what is asked."""
        return sum(self.pages.get(page, 0.0) for page in _MISSING)

    def is_clear(self, margin: float) -> bool:
        """Tell whether words alone tell all, each by a margin, and no yes or no is asked for."""
        best = (max(margins.values()) for margins in (self.acts, self.facets, self.topics))
        return self.polar < _HARDLY_POLAR and all(one >= margin for one in best)

    def with_meaning(self, shares: Mapping[str, Shares], counts: float) -> Reading:
        """Return it mixed with what the encoder hears.

        Args:
            shares: how likely each label is, by head.
            counts: how much that counts, from 0 to 1.

        """

        def mixed(margins: dict[str, float], head: str) -> dict[str, float]:
            if likeliest(margins) not in shares[head]:
                return margins  # Of a fact that the encoder was never told about.
            return {
                label: margin + counts * (2 * shares[head].get(label, 0.0) - 1 - margin)
                for label, margin in margins.items()
            }

        return Reading(
            mixed(self.acts, "act"),
            mixed(self.facets, "facet"),
            mixed(self.topics, "topic"),
            mixed({_POLAR: self.polar}, _POLAR)[_POLAR],
            shares["page"],
            shares["claim"],
            self.matters,
        )


@dataclass
class TurnModel:
    """Linear models over n-grams of a message, margins of its intents, and its context."""

    features: Features
    context: list[str]
    heads: dict[str, LinearModel]

    def __post_init__(self) -> None:
        self._places = {name: place for place, name in enumerate(self.context)}

    @classmethod
    def train(
        cls,
        turns: Sequence[Turn],
        masked: Sequence[str],
        contexts: Sequence[Context],
        margins: NDArray[np.float32],
    ) -> TurnModel:
        """Train on turns.

        Args:
            turns: what is to be learned.
            masked: their texts without names.
            contexts: what is known beside the words, one a turn.
            margins: of the intents, shape (turns, intents).

        """
        features, ngrams = Features.fit([_bare(text) for text in masked])
        names = sorted({name for context in contexts for name in context})
        model = cls(features, names, {})
        rows = [model._context_columns(context) for context in contexts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns, values = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        known = csr_matrix((values, columns, ends), shape=(len(rows), len(names)))
        whole = hstack(
            [ngrams, known, csr_matrix(margins * np.float32(_INTENTS_COUNT))], format="csr"
        )
        # The solver lets other threads run, so the heads are trained on all processors.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            learned = pool.map(partial(_head, turns, whole), _HEADS.values())
            model.heads.update(zip(_HEADS, learned, strict=True))
        return model

    def read(self, masked: str, context: Context, margins: Sequence[float]) -> Reading:
        """Return what a turn may be, by its masked text, context and the intents' margins."""
        columns, values = self.features(_bare(masked))
        places, counts = self._context_columns(context)
        start = len(self.features.columns)
        intents = np.arange(len(margins), dtype=np.int32) + start + len(self.context)
        all_columns = np.concatenate([columns, places + start, intents])
        all_values = np.concatenate(
            [values, counts, np.asarray(margins, np.float32) * np.float32(_INTENTS_COUNT)]
        )
        found = {
            name: dict(
                zip(head.labels, head.margins(all_columns, all_values).tolist(), strict=True)
            )
            for name, head in self.heads.items()
        }
        return Reading(found["act"], found["facet"], found["topic"], found["polar"][_POLAR])

    def _context_columns(self, context: Context) -> tuple[Columns, Values]:
        known = sorted(
            (self._places[name], value) for name, value in context.items() if name in self._places
        )
        columns = np.array([place for place, _ in known], np.int32)
        return columns, np.array([value for _, value in known], np.float32) * np.float32(
            _CONTEXT_COUNTS
        )

    def save(self, folder: Path) -> None:
        """Write every model to a file of its own in the folder."""
        folder.mkdir(exist_ok=True)
        self.features.save(folder / "features.npz")
        np.savez(folder / "context.npz", context=np.array(self.context))
        for name, head in self.heads.items():
            head.save(folder / f"{name}.npz")

    @classmethod
    def load(cls, folder: Path) -> TurnModel:
        """Read what `save` wrote."""
        with np.load(folder / "context.npz", allow_pickle=False) as arrays:
            context = [str(name) for name in arrays["context"]]
        heads = {name: LinearModel.load(folder / f"{name}.npz") for name in _HEADS}
        return cls(Features.load(folder / "features.npz"), context, heads)


def _bare(masked: str) -> str:
    return masked.rstrip(_MARKS_AT_THE_END) or masked


def _head(
    turns: Sequence[Turn], rows: csr_matrix, label_of: Callable[[Turn], str | None]
) -> LinearModel:
    """Train what tells one label of a turn, by the turns that have it."""
    labels = [label_of(turn) for turn in turns]
    places = [place for place, label in enumerate(labels) if label]
    wanted = [str(labels[place]) for place in places]
    weights = [_ALONE_COUNTS if turns[place].is_alone else 1.0 for place in places]
    return LinearModel.train(rows[places], wanted, _PENALTY, weights)
