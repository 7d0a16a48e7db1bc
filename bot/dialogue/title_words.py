"""Which words make a message claim something, ask openly, or deny: read from title_words.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import yaml

from bot.nlu.parts import sentences

_WORDS: Final = Path(__file__).with_name("title_words.yml")
WORD: Final = re.compile(r"[^\W\d_]+")


def is_claim(text: str, titles: Sequence[str] = ()) -> bool:
    """Tell whether a text with a name and a title claims that they belong together.

    What is asked openly in other sentences than those with the titles does not count.
    """
    said = [text[start:end] for start, end in sentences(text)]
    about = " ".join(one for one in said if any(title in one for title in titles)) or text
    words = WORD.findall(about.casefold())
    around = list(zip(["", *words], words, [*words[1:], ""], strict=False))
    if any(_asks_openly(*one) for one in around):
        return False
    return is_said(text) or "?" in text or has(WORD.findall(text.casefold()), "confirms")


def is_said(text: str) -> bool:
    """Tell whether a verb says what somebody is: "Anna är chef", not "Anna som är chef"."""
    words = WORD.findall(text.casefold())
    befores = zip(["", *words], words, strict=False)
    return any(has([word], "verbs") and not has([before], "relative") for before, word in befores)


def denies(text: str) -> bool:
    """Tell whether a claim is put as a denial: "Är hon inte chef?"."""
    return has(WORD.findall(text.casefold()), "denies")


def only_confirms(text: str) -> bool:
    """Tell whether a text is nothing more than "va?", "eller hur?", or empty."""
    words = WORD.findall(text.casefold())
    return all(has([word], "confirms") or has([word], "agrees") for word in words)


def asks_which(text: str, titles: Sequence[tuple[int, int]]) -> bool:
    """Tell whether two titles are there to choose from: "konsulent eller projektledare?".

    Titles are given by where they begin and end in the text.
    """
    between = [
        WORD.findall(text[end:start].casefold()) for (_, end), (start, _) in pairwise(titles)
    ]
    return any(len(words) < 2 and has(words, "alternatives") for words in between)


def has(words: Iterable[str], kind: str) -> bool:
    """Tell whether one of the words is of this kind."""
    whole, beginnings = _listed()[kind]
    return any(word in whole or word.startswith(beginnings) for word in words)


def _asks_openly(before: str, word: str, after: str) -> bool:
    if has([word], "where"):
        return has([after], "where_before")
    is_tag = has([before], "agrees_after") and has([word], "agrees")
    return not is_tag and has([word], "asks_openly")


@cache
def _listed() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    """Return whole words and beginnings of words of each kind."""
    lists = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    entries = {kind: [word.strip() for word in words.split(",")] for kind, words in lists.items()}
    return {
        kind: (
            frozenset(word for word in words if not word.endswith("*")),
            tuple(word[:-1] for word in words if word.endswith("*")),
        )
        for kind, words in entries.items()
    }
