"""Make the answers to several questions of one message read as one reply."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import Any, Final

Item = dict[str, Any]

# A sentence begins with a capital or a quotation mark.
_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ”\"])")
_LISTED: Final = "- "
# As many as a visitor overlooks.
_MOST_BUTTONS: Final = 4


def as_one_reply(items: Sequence[Item]) -> list[Item]:
    """Return the items without what one before says too, all their buttons under the last.

    The buttons of the last item come first, for a "ja" takes the first of them.
    """
    said: set[str] = set()
    told = [{**item, "text": _said_once(item["text"], said)} for item in items]
    kept = [item for item in told if item["text"]]
    offered = [item.pop("buttons", ()) for item in reversed(told)]
    in_turn = filter(None, chain.from_iterable(zip_longest(*offered)))
    buttons = {button["payload"]: button for button in in_turn}
    if buttons and kept:
        kept[-1]["buttons"] = [*buttons.values()][:_MOST_BUTTONS]
    return kept


def _said_once(text: str, said: set[str]) -> str:
    """Return a text without what is said already; a list goes with the line above it."""
    lines, is_list_said = [], False
    for line in text.split("\n"):
        if line.startswith(_LISTED):
            if not is_list_said:
                lines.append(line)
            continue
        fresh = [one for one in _SENTENCES.split(line) if one not in said]
        said.update(fresh)
        is_list_said = not fresh
        if fresh or not line:
            lines.append(" ".join(fresh))
    return "\n".join(lines).strip()
