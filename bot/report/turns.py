"""Measure how the turns of conversations are heard, in the terms of their writers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from rasa.core.channels.channel import UserMessage

from bot.dialogue.context import kind_of
from bot.dialogue.conversations import Turn, read_turns
from bot.dialogue.heard import Heard
from bot.dialogue.policy import DecisionPolicy
from bot.dialogue.turn_model import Reading
from bot.dialogue.turn_reader import MARGINS
from bot.engine.observed import ObservedAgent
from bot.nlu.linear import likeliest

_HEADS: Final = ("act", "facet", "topic", "polar")


def turns(
    agent: ObservedAgent, folder: Path, track: Callable[[Any, str], Iterable[Any]]
) -> list[dict[str, Any]]:
    """Return for each writer how many later turns are heard as they are meant, by what is told.

    What was asked before is taken from the writer, not from what the bot made of it.
    """
    processor = agent.processor
    assert processor
    policy = processor.component(DecisionPolicy)
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        right: Counter[str] = Counter()
        total: Counter[str] = Counter()
        later = [one for one in read_turns(path) if not one.is_alone and one.before.messages]
        for turn in track(later, path.stem):
            parsed = asyncio.run(processor.parse_message(UserMessage(turn.text)))
            heard = Heard.of(turn.text, parsed, 0.0, parsed[MARGINS], [])
            if reading := policy.read(heard, turn.before):
                for head, is_right in _judged(turn, reading, policy.config["polar_margin"]):
                    total[head] += 1
                    right[head] += is_right
        found.append({"writer": path.stem, **{head: [right[head], total[head]] for head in _HEADS}})
    return found


def _judged(turn: Turn, reading: Reading, polar_margin: float) -> Iterable[tuple[str, bool]]:
    meant = turn.main
    yield "act", likeliest(reading.acts) == meant.act
    if meant.facet:
        yield "facet", likeliest(reading.facets) == meant.facet
    topics = {kind_of(topic) for ask in turn.asks for topic in ask.topics}
    yield "topic", likeliest(reading.topics) in topics
    yield "polar", (reading.polar > polar_margin) == meant.polar
