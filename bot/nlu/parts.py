"""Split a message into the parts that may each be a question."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

# A full stop ends a sentence unless it follows an abbreviation or a single letter.
_SENTENCE_ENDS: Final = re.compile(
    r"(?<=[?!…])\s+|\n+|(?<!\bt\.ex)(?<!\bbl\.a)(?<!\bm\.m)(?<!\bdvs)(?<!\bkl)(?<!\bnr)(?<!\btel)"
    r"(?<!\bca)(?<!\b\w)(?<=\w)\.+\s+|(?<=\w):\s+|\s+[–—]\s+",
    re.IGNORECASE,
)
# "… och vem", "… samt har ni": a second question begins after the joint.
_JOINTS: Final = re.compile(
    r"(?:,\s*)?\s(?:och|å|o|samt|plus|sen|sedan|dessutom|förresten|men)\s(?:så\s|också\s|även\s)?"
    r"(?=(?:vem|vems|vad|va|vilk\w+|hur|när|var|vart|varför|kan|kunde|har|finns|ger|gäller|är|e|ska"
    r"|får|gör|erbjuder|ordnar|anordnar|jobbar|arbetar|stödjer|berätta|säg|ge|skicka|i så fall"
    r"|till vem|på vilke\w|om ni|undrar|jag undrar)\b)"
    r"|,\s+(?=(?:vem|vad|vilk\w+|hur|när|var|vart|varför)\b)"
    r"|,?\s+dels\s+",
    re.IGNORECASE,
)
# Any "och", comma or plus, which seldom joins two questions.
_LOOSE_JOINTS: Final = re.compile(
    r"(?:,|\s)\s*(?:och|å|o|samt|plus|\+|&|respektive)\s+|,\s+", re.IGNORECASE
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
_ASKS: Final = re.compile(
    r"\s*(?:[\w-]+\s+){0,2}(?:[\w-]+,\s+)?(?:vem|vad|va|vilk\w+|hur|när|var|vart|varför|kan|har|finns)\b",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(r"\s*(?:och|samt|plus|o|å)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"\w")
_FEWEST_WORDS: Final = 2
# A visitor asks a few things at a time; whoever pastes a text asks none of its sentences.
_MOST_PARTS: Final = 6
_MOST_SENTENCES: Final = 12


def parts(text: str) -> list[tuple[int, int]]:
    """Return where the parts of the text are: [start, end), in order.

    Sentences, and the halves of a sentence that joins two questions. One part, the whole
    text, when there is nothing to split or too much of it.
    """
    pieces = [
        piece
        for sentence in _cut(text, 0, len(text), _SENTENCE_ENDS)
        for piece in _long_enough(text, _cut(text, *sentence, _JOINTS), sentence)
    ]
    return pieces if len(pieces) <= _MOST_PARTS else [(0, len(text))]


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


def is_question(part: str) -> bool:
    """Tell whether a part asks something: by its mark, or by how it begins."""
    return "?" in part or bool(_ASKS.match(part))


def are_questions(text: str, places: list[tuple[int, int]]) -> bool:
    """Tell whether two parts or more ask something, by themselves or joined by "och"."""
    asking = [is_question(text[a:b]) or bool(_GOES_ON.match(text[a:b])) for a, b in places]
    gaps = [text[a:b] for (_, a), (b, _) in pairwise(places)]
    return sum(asking) > 1 or any(_WORD.search(gap) for gap in gaps)


def halves(text: str) -> list[list[tuple[int, int]]]:
    """Return every way of cutting the text in two at a joint, both of some words."""
    cuts = (
        [(0, joint.start()), (joint.end(), len(text))] for joint in _LOOSE_JOINTS.finditer(text)
    )
    long_enough = [cut for cut in cuts if len(_long_enough(text, cut, (0, len(text)))) == 2]
    return long_enough[:_MOST_PARTS]


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


def _long_enough(
    text: str, halves: list[tuple[int, int]], whole: tuple[int, int]
) -> list[tuple[int, int]]:
    """Return the halves, or the whole when one of them is but a word."""
    if all(len(text[a:b].split()) >= _FEWEST_WORDS for a, b in halves):
        return halves
    return [whole]
