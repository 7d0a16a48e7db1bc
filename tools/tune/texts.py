"""Write what the encoder is tuned on: examples of intents, texts about danger, turns."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.language.cleaning import clean  # noqa: E402
from bot.nlu.danger import read_texts  # noqa: E402
from bot.nlu.danger_finder import TEXTS  # noqa: E402
from bot.nlu.encoder import spelled_out  # noqa: E402
from bot.nlu.features import mask  # noqa: E402
from bot.nlu.judge import spread  # noqa: E402
from bot.nlu_files import nlu_files, read_whole  # noqa: E402

_CONVERSATIONS = ROOT / "data" / "conversations"
# Of one intent. Those outside what the bot answers have thousands.
_MOST_OF_AN_INTENT = 2500
# Of the message before.
_LONGEST_BEFORE = 160


def texts() -> Iterator[dict[str, Any]]:
    """Yield texts with what is to be told of each, and who wrote it."""
    of_intent: dict[str, list[str]] = {}
    for path in nlu_files(ROOT / "data" / "nlu"):
        for example in read_whole(path).examples:
            of_intent.setdefault(example.intent, []).append(example.text)
    for intent, examples in of_intent.items():
        for text in spread(examples, _MOST_OF_AN_INTENT):
            yield {"writer": "intents", "text": _masked(text), "intent": intent}
    for path in sorted(TEXTS.glob("*.yml")):
        for one in read_texts(path):
            yield {"writer": path.stem, "text": _masked(one.text), "danger": one.label}
    for path in sorted(_CONVERSATIONS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from _turns(path.stem, json.loads(line)["turns"])


def _masked(text: str) -> str:
    return spelled_out(mask(clean(text), []))


def _turns(writer: str, turns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each turn after the message before it and what the conversation is about."""
    before, about = "", ""
    for turn in turns:
        means = turn["means"][0] if turn["means"] else {}
        topics = [topic for one in turn["means"] for topic in one.get("topic", [])]
        text = f"{before[-_LONGEST_BEFORE:]} | {about} | {turn['text']}" if before else turn["text"]
        yield {
            "writer": writer,
            "text": text,
            "act": means.get("act"),
            "facet": means.get("facet"),
            "topic": (means.get("topic") or [None])[0],
            "page": means.get("page"),
        }
        before = turn["text"]
        about = ", ".join(topics[:3]).replace("_", " ") or about


if __name__ == "__main__":
    for text in texts():
        sys.stdout.write(json.dumps(text, ensure_ascii=False) + "\n")
