"""What a turn model sees beside the words: the conversation, and who and what is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.dialogue.memory import PERSON, Memory

_LOOKED_BACK_ON: Final = 3
_FEW_WORDS: Final = 4
_MANY_WORDS: Final = 12
_LISTED: Final = ("role", "ordinal", "way")


def of_conversation(memory: Memory) -> dict[str, float]:
    """Return how much each thing counts that was said before."""
    if not memory.messages:
        return {"first": 1.0}
    found: dict[str, float] = {}
    for back, asks in enumerate(list(reversed(memory.messages))[:_LOOKED_BACK_ON]):
        for ask in asks:
            found[f"{back} act {ask.act}"] = 1.0
            found[f"{back} facet {ask.facet}"] = 1.0
            found[f"{back} polar {ask.polar}"] = 1.0
            found.update({f"{back} topic {kind_of(topic)}": 1.0 for topic in ask.topics})
    found.update({f"now {kind_of(topic)}": 2.0 for topic in memory.topics})
    found["several"] = min(_LOOKED_BACK_ON, len(memory.topics)) / _LOOKED_BACK_ON
    return found


def of_message(text: str, entities: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Return how much each thing counts that the message names, and its length."""
    words = len(text.split())
    found = {
        "words": 2 * min(words, _MANY_WORDS) / _MANY_WORDS,
        "short": float(words <= _FEW_WORDS),
        "asks": float("?" in text),
    }
    kinds = Counter(str(entity["entity"]) for entity in entities)
    for kind, count in kinds.items():
        found[f"names {kind}"] = 1.0
        found[f"names several {kind}"] = float(count > 1)
    for entity in entities:
        if entity["entity"] in _LISTED:
            found[f"{entity['entity']} {entity['value']}"] = 1.0
    return found


def kind_of(topic: str) -> str:
    """Return the topic; whoever a person is, they are asked about alike."""
    return "person" if topic.startswith(PERSON) else topic
