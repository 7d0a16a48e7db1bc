"""Hear what a turn asks by its meaning, with the encoder that is tuned to conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.dialogue.context import kind_of
from bot.dialogue.memory import Ask, Memory
from bot.dialogue.turn_model import Shares
from bot.nlu.encoder import RememberingEncoder, Vectors
from bot.nlu.tuned import Head, tuned_encoder, tuned_heads

# The encoder tuned to conversations; tools/tune/README.md says how it is made.
TUNED: Final = Path(__file__).with_name("turns.npz")
# What an encoded text says of the messages before: more costs more than it tells.
_LOOKED_BACK_ON: Final = 2
_TOPICS_OF_A_MESSAGE: Final = 2
_POLAR: Final = "?"
_BETWEEN: Final = " | "


@dataclass(frozen=True)
class TurnEncoder:
    """Tells how likely each act, topic, facet and claim of a turn is.

    Attributes:
        encoder: of the masked text and what was asked before it.
        heads: what is told by its vectors: act, facet, topic, polar, page and claim.

    """

    encoder: RememberingEncoder
    heads: Mapping[str, Head]

    @classmethod
    def of_this_process(cls) -> TurnEncoder | None:
        """Return the one of this process; None where the encoder cannot be had."""
        encoder = tuned_encoder(TUNED)
        return cls(encoder, tuned_heads(TUNED)) if encoder else None

    def shares(self, masked: str, memory: Memory) -> dict[str, Shares] | None:
        """Return the shares of all labels by head; None where the text was not encoded."""
        vector = self.vector(masked, memory)
        if vector is None:
            return None
        return {name: head.shares(vector) for name, head in self.heads.items()}

    def vector(self, masked: str, memory: Memory) -> Vectors | None:
        """Return the vector of a text after what was asked; None where it was not encoded."""
        return self.encoder.encode(encoded_text(masked, memory))


def encoded_text(masked: str, memory: Memory) -> str:
    """Return what is encoded of a turn: what was asked before, in ids, and its text."""
    latest = memory.messages[-_LOOKED_BACK_ON:]
    before = [_topics(_main(asks)) for asks in latest[:-1]]
    before += [_whole(_main(asks)) for asks in latest[-1:]]
    return _BETWEEN.join([*filter(None, before), masked])


def _main(asks: Sequence[Ask]) -> Ask:
    return next((ask for ask in asks if ask.facet or ask.polar), asks[0])


def _whole(ask: Ask) -> str:
    parts = (ask.act, ask.facet, _POLAR if ask.polar else "", _topics(ask))
    return " ".join(filter(None, parts))


def _topics(ask: Ask) -> str:
    topics = dict.fromkeys(map(kind_of, ask.topics[:_TOPICS_OF_A_MESSAGE]))
    return " ".join(topics).replace("_", " ")
