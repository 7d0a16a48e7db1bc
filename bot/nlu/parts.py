"""Cut a message where its sentences and clauses end, and after an opening."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Part(NamedTuple):
    """What asks something in a message: text[start:end], and whether that is beyond doubt."""

    start: int
    end: int
    is_sure: bool


# A full stop ends a sentence unless it follows an abbreviation or a single letter.
_SENTENCE_ENDS: Final = re.compile(
    r"(?<=[?!…])\s+|\n+|(?<!\bt\.ex)(?<!\bbl\.a)(?<!\bm\.m)(?<!\bdvs)(?<!\bkl)(?<!\bnr)(?<!\btel)"
    r"(?<!\bca)(?<!\b\w)(?<=\w)\.+\s+|(?<=\w):\s+|\s+[–—]\s+",
    re.IGNORECASE,
)
# Where somebody who is upset draws breath.
_CLAUSE_ENDS: Final = re.compile(
    r"[.,;:!?…\n]+\s*|\s[–—-]\s|\s(?:för(?=\s(?:jag|vi|han|hon|de|dom|min|mitt)\b)|men|fast|och|asså"
    r"|but|and)\s",
    re.IGNORECASE,
)
# "hej hej, vem …": at most three words before the first comma; "nej jag …" needs none.
_OPENING: Final = re.compile(
    r"\s*(?:(?:[\w-]+\s+){0,2}[\w-]+,\s+"
    r"|(?:nej|nä+|nää|nae|ne|nix|ja|jo|jaa|jaha|ok|okej|oki|hej|tack)\s+"
    r"(?:(?:tack|men|då|så|nej|ja|ok|okej|fast)\s+)*)(?=\S+\s+\S)",
    re.IGNORECASE,
)
# The key of the text of the first part, where a message asks several things.
PART: Final = "part"
# That of the words that ask, where a message asks one thing and tells others.
ASKED: Final = "asked"
_FEWEST_WORDS: Final = 2
# Whoever pastes a text asks none of its sentences.
_MOST_SENTENCES: Final = 12


def sentences(text: str) -> list[tuple[int, int]]:
    """Return where the sentences of a text are, [start, end), if it has several of some words."""
    pieces = _cut(text, 0, len(text), _SENTENCE_ENDS)
    enough = [(a, b) for a, b in pieces if len(text[a:b].split()) >= _FEWEST_WORDS]
    return enough[:_MOST_SENTENCES] if len(pieces) > 1 else []


def clauses(text: str) -> list[tuple[int, int]]:
    """Return where the smallest parts of the text are, [start, end), if it has several."""
    pieces = _cut(text, 0, len(text), _CLAUSE_ENDS)
    enough = [(a, b) for a, b in pieces if len(text[a:b].split()) > _FEWEST_WORDS]
    return enough[:_MOST_SENTENCES] if len(pieces) > 1 else []


def after_opening(text: str) -> tuple[int, int] | None:
    """Return where the text goes on after a few words and a comma, or a yes or no, else None."""
    opening = _OPENING.match(text)
    return (opening.end(), len(text)) if opening else None


def _cut(text: str, start: int, end: int, at: re.Pattern[str]) -> list[tuple[int, int]]:
    pieces, last = [], start
    for found in at.finditer(text, start, end):
        pieces.append((last, found.start()))
        last = found.end()
    pieces.append((last, end))
    return [(a, b) for a, b in pieces if text[a:b].strip()]
