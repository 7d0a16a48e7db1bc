"""Write what the encoder is tuned on: examples of intents, texts about danger, turns, claims."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.dialogue.claim_model import PAGE_LACKS, UNSAID, Example, read_examples  # noqa: E402
from bot.dialogue.context import kind_of  # noqa: E402
from bot.dialogue.conversations import read_turns  # noqa: E402
from bot.dialogue.turn_encoder import encoded_text  # noqa: E402
from bot.facts import current  # noqa: E402
from bot.language.cleaning import clean  # noqa: E402
from bot.nlu.danger import read_texts  # noqa: E402
from bot.nlu.danger_finder import TEXTS  # noqa: E402
from bot.nlu.encoder import spelled_out  # noqa: E402
from bot.nlu.judge import spread, without_names  # noqa: E402
from bot.nlu.name_finder import names_in  # noqa: E402
from bot.nlu_files import nlu_files, read_whole  # noqa: E402

_DATA = ROOT / "data"
_POLICY = "bot.dialogue.policy.DecisionPolicy"
_OUTSIDE = {"oos": "other"}
# Of one intent, and of those outside what the bot answers, which have thousands.
_MOST_OF_AN_INTENT = 200
_MOST_OUTSIDE = 800


def texts() -> Iterator[dict[str, Any]]:
    """Yield texts with what is to be told of each, and who wrote it."""
    yield from _of_intents()
    for path in sorted(TEXTS.glob("*.yml")):
        for one in read_texts(path):
            yield {"writer": path.stem, "text": _masked(one.text), "danger": one.label}
    claims = {one.text: one for one in read_examples(_DATA / "claims.jsonl")}
    for path in sorted((_DATA / "conversations").glob("*.jsonl")):
        for turn in read_turns(path):
            meant = turn.main
            claim = claims.pop(turn.text, None)
            yield {
                "writer": turn.writer,
                "text": encoded_text(_masked(turn.text), turn.before),
                "act": None if turn.is_alone else meant.act,
                "facet": meant.facet,
                "topic": kind_of(meant.topics[0]),
                "polar": "polar" if meant.polar else "open",
                "page": turn.page,
                "claim": claim and claim.claim,
            }
    for claim in claims.values():
        yield {
            "writer": "claims",
            "text": _masked(claim.text),
            "topic": kind_of(claim.topic),
            "polar": "polar",
            "page": _truth(claim),
            "claim": claim.claim,
        }


def _of_intents() -> Iterator[dict[str, Any]]:
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    policy = next(one for one in config["policies"] if one["name"] == _POLICY)
    topics = {**policy["topics"], **_OUTSIDE, **{name: name for name in current().intents}}
    of_intent: dict[str, list[str]] = {}
    for path in nlu_files(_DATA / "nlu"):
        for example in read_whole(path).examples:
            of_intent.setdefault(example.intent, []).append(example.text)
    for intent, examples in of_intent.items():
        for text in spread(examples, _MOST_OUTSIDE if intent in _OUTSIDE else _MOST_OF_AN_INTENT):
            yield {
                "writer": "intents",
                "text": _masked(text),
                "intent": intent,
                "topic": topics.get(intent),
                "facet": policy["facets"].get(intent),
            }


def _truth(example: Example) -> str | None:
    if example.claim in (UNSAID, PAGE_LACKS):
        return UNSAID
    claim = current().claims.get(example.claim)
    return claim and claim.truth


def _masked(text: str) -> str:
    cleaned = clean(text)
    return spelled_out(without_names(cleaned, names_in(cleaned, current().names)))


if __name__ == "__main__":
    for text in texts():
        sys.stdout.write(json.dumps(text, ensure_ascii=False) + "\n")
