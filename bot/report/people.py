"""Measure whether people are found in what visitors write, and nobody else is taken for them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from bot.engine.observed import ObservedAgent
from bot.knowledge import Knowledge
from bot.nlu.name_finder import PERSON, NameFinder
from bot.turns import Observed

STRANGERS: Final = "strangers"
_IS_TITLE: Final = "is_title"
_UNCLEAR: Final = "unclear"
_STRANGER: Final = "stranger"
_YES: Final = ("utter_claim_true", "utter_claim_true_after_all")
_NO: Final = ("utter_claim_false",)
_ANSWERS: Final = {"yes": _YES, "no": _NO}


def people(
    agent: ObservedAgent,
    folder: Path,
    knowledge: Knowledge,
    track: Callable[[Any, str], Iterable[Any]],
) -> list[dict[str, Any]]:
    """Return for each thing that is asked how often it is right, of messages with their people.

    Right is a message in which just our people are found that it names, and whose claim, if it
    makes one, gets its yes or no; of strangers alone, one that tells of nobody as if it were them.
    """
    processor = agent.processor
    assert processor
    find = processor.component(NameFinder).names
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for path in sorted(folder.glob("*.yml")):
        messages = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, message in enumerate(track(messages, path.stem)):
            observed = asyncio.run(agent.observe(f"{path.stem}-{number:016}", message["text"]))
            found = {e["value"] for e in find(observed.text) if e["entity"] == PERSON}
            kind, is_right = _judged(message, found, observed, knowledge)
            total[kind] += 1
            right[kind] += is_right
    return [{"asks": kind, "total": total[kind], "right": right[kind]} for kind in sorted(total)]


def _judged(
    message: Mapping[str, Any], found: set[str], observed: Observed, knowledge: Knowledge
) -> tuple[str, bool]:
    named = message["people"]
    ours = {name for name in named if name in knowledge.people}
    said = [one.phrase for step in observed.steps for one in step.said]
    if _STRANGER in named and not ours:
        cards = [c for item in observed.items for c in item.get("custom", {}).get("contacts", ())]
        return STRANGERS, not found and len(cards) != 1 and not set(said) & set(_YES)
    if message["asks"] == _IS_TITLE and (wanted := _ANSWERS.get(message.get("truth", ""))):
        return _IS_TITLE, found == ours and any(phrase in wanted for phrase in said)
    return message["asks"], found == ours or _UNCLEAR in named
