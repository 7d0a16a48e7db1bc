"""Talk about the talk: what was asked before, what was said already, that a question follows."""

from __future__ import annotations

import re
from typing import Final

from bot.dialogue.memory import BEFORE, FIRST, LATEST
from bot.dialogue.references import says, words_of

_WORD: Final = re.compile(r"\w+")
# Longer messages tell or ask something besides.
_LONGEST: Final = 9


def recalled(text: str, is_going_on: bool) -> str | None:
    """Return which question a message wants to be reminded of; None if it asks something else.

    Args:
        text: the message.
        is_going_on: whether the message before wanted the same.

    """
    words = _words(text)
    asked = next((at for at, word in enumerate(words) if word in words_of("asked")), None)
    is_own = says(text, "my") and says(text, "question")
    if asked is not None:  # "Vad frågade jag?", but not "jag undrade vad ni gör".
        is_own = says(" ".join(words[:asked]), "which") and says(text, "talkers")
    if len(words) > _LONGEST or not (is_own or is_going_on):
        return None
    kinds = (("first_time", FIRST), ("time_before", BEFORE), ("just_now", LATEST))
    found = next((which for kind, which in kinds if says(text, kind)), None)
    return found or (LATEST if is_own and says(text, "which") else None)


def says_it_was_said(text: str) -> bool:
    """Tell whether a message says no more than that something was said already."""
    is_said = all(says(text, kind) for kind in ("you", "said", "already"))
    is_other = "?" in text or any(says(text, kind) for kind in ("which", "not"))
    return is_said and not is_other and len(_words(text)) <= _LONGEST


def announces(text: str) -> bool:
    """Tell whether a message says no more than that a question follows: "ja, en sak till"."""
    return set(_words(text)) <= words_of("around_a_matter") and says(text, "matter")


def only_points(text: str) -> bool:
    """Tell whether a question is of nothing but what was named last: "vem är det?"."""
    return set(_words(text)) <= words_of("around_it") and says(text, "which")


def asks_name(text: str) -> set[str]:
    """Return the words around "heter" at the end of a message: of whom the name is wanted."""
    words = _words(text)
    named = next((at for at, word in enumerate(words) if word in words_of("named")), None)
    if named is None or len(words) > named + 3:
        return set()
    return set(words[max(named - 1, 0) : named + 2])


def points_back(text: str) -> bool:
    """Tell whether a yes-or-no question points back, not only as "finns det" and "är det" do."""
    words = _words(text)
    return not words_of("it").isdisjoint([*words[:1], *words[2:]])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
