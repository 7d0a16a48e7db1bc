"""Turn a question into the clause that says it indirectly: "Måste vi?" into "om ni måste"."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_DATA: Final = Path(__file__).with_name("indirect.yml")
# A longer clause is hard to read.
_MOST_WORDS: Final = 14
_FEWEST_WORDS: Final = 3
# A phrase after a noun at the end of a question is told of it: "är kurserna för alla".
_PREDICATE: Final = 3
# So many words may stand before the verb: "hur många kurser har ni".
_BEFORE_VERB: Final = 3
# In letters: an adjective or a noun, and a word that says something by itself.
_WORD_OF_CONTENT: Final = 4
_LONGEST_NAME: Final = 4
_SENTENCE: Final = re.compile(r"[^.!?:\n…]+[.!?:…]*")
_TOKEN: Final = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*|[^\w\s]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d{1,3}")
_QUOTED: Final = "”“\"«»'"
_QUESTION: Final = "?"
_COMMA: Final = ","


def indirect(text: str, names: Iterable[str] = ()) -> str | None:
    """Return what a message asks as a clause, as the bot would say it; None where that is unclear.

    Args:
        text: what the visitor wrote.
        names: people whom it names, as they stand there.

    """
    if text.isupper() or not (sentence := _asked(text)):
        return None
    known, whole = {name.casefold() for name in names}, sentence.rstrip("?!.… ")
    for joint in _data()["joints"]:  # "Kan man komma dit, eller är det bara kontor?" asks both.
        whole = whole.replace(f"{_COMMA} {joint} ", f" {joint} ")
    segments = whole.split(_COMMA)
    # What stands before a comma is often no part of the question: "Planen, vem skrev den?"
    for first in range(len(segments)):
        words = _words(_COMMA.join(segments[first:]))
        is_question = sentence.endswith(_QUESTION)
        if words and (clause := _clause(words, known, is_question=is_question)):
            return clause
    return None


def _asked(text: str) -> str | None:
    """Return the only question of a message, or its only sentence."""
    sentences = [one.strip() for one in _SENTENCE.findall(text) if one.strip()]
    found = [one for one in sentences if one.endswith(_QUESTION)] or sentences
    return found[0] if len(found) == 1 else None


def _words(sentence: str) -> list[str] | None:
    """Return the words of a question without what stands around it; None where it has others."""
    data = _data()
    tokens = [token for token in _TOKEN.findall(sentence) if token not in _QUOTED]
    if not all(_WORD.fullmatch(token) or token == _COMMA for token in tokens):
        return None
    while tokens and (tokens[0].casefold() in data["openers"] or tokens[0] == _COMMA):
        tokens.pop(0)
    while tokens and (tokens[-1].casefold() in data["closers"] or tokens[-1] == _COMMA):
        tokens.pop()
    is_short = _FEWEST_WORDS <= len(tokens) <= _MOST_WORDS
    if not is_short or _COMMA in tokens or any(one.casefold() in data["the_bot"] for one in tokens):
        return None
    spoken = [data["spoken"].get(token.casefold(), token) for token in tokens]
    return [data["spoken_first"].get(tokens[0].casefold(), spoken[0]), *spoken[1:]]


def _clause(words: list[str], names: Container[str], *, is_question: bool) -> str | None:
    """Return the clause of the words of one question."""
    low, data = [word.casefold() for word in words], _data()
    both = _second_question(words, low, names)
    if both is not None:
        return both or None
    if low[0] in data["asking"]:
        return _of_asking(words, low, 0, names)
    if low[0] in data["goes_on"] and low[1] in data["asking"]:
        return _of_asking(words, low, 1, names)
    if low[0] in (*data["subjects"], *data["either"]):
        # "Det är en app?" asks; "det är en app" tells.
        length = _subject(low, 0, names)
        is_claim = is_question and len(low) > length + 1 and _is_verb(low[length])
        rest = words[length + 1 :]
        return _said([data["whether"]], words[:length], words[length], rest) if is_claim else None
    length = _subject(low, 1, names) if _is_verb(low[0]) else 0
    # "Då önskar jag ett svar" tells.
    is_told = low[1] == data["i"] and not is_question and low[0] not in data["i_ask"]
    if not length or is_told or low[1 + length : 2 + length] == [data["som"]]:
        return None
    return _said([data["whether"]], words[1 : 1 + length], words[0], words[1 + length :])


def _second_question(words: list[str], low: list[str], names: Container[str]) -> str | None:
    """Return both clauses of "är hon där eller har hon semester"."""
    data = _data()
    for at in range(_FEWEST_WORDS, len(low) - _FEWEST_WORDS):
        is_verb = _is_verb(low[at + 1]) and _subject(low, at + 2, names) > 0
        if low[at] in data["joints"] and (is_verb or low[at + 1] in data["asking"]):
            first = _clause(words[:at], names, is_question=True)
            second = _clause(words[at + 1 :], names, is_question=True)
            return f"{first} {low[at]} {second}" if first and second else ""
    return None


def _of_asking(words: list[str], low: list[str], at: int, names: Container[str]) -> str | None:
    """Return the clause of a question with "vad", "när", "vem" …, which stands at a place."""
    data = _data()
    is_who = low[at] in data["who"] and at == 0
    last = min(at + _BEFORE_VERB + 1, len(low) - 1)
    for verb in range(at + 1, last):
        if low[verb] in data["goes_on"]:
            return None
        if not _is_verb(low[verb]):
            continue
        if low[verb - 1] in data["subjects"]:  # "Vilket hus hon sitter i" is one already.
            return _said(words[: verb - 1], words[verb - 1 : verb], words[verb], words[verb + 1 :])
        is_alone = is_who and verb == 1
        if is_alone and low[0] in data["which"] and low[1] not in data["other_verbs"]:
            continue  # "Vilka föreningar har ni?"
        is_object = is_alone and low[verb] != data["be"] and low[verb + 1] not in data["subjects"]
        length = 0 if is_object else _subject(low, verb + 1, names)
        is_which = low[at] in data["which"] and verb > at + 1
        if is_which and low[verb + 1] not in (*data["subjects"], *data["either"]):
            length = 0
        if length > 1 and is_which:
            return None
        if length:
            end = verb + 1 + length
            return _said(words[:verb], words[verb + 1 : end], words[verb], words[end:])
        is_definite = is_which and _subject(low, verb + 1, names) > 0
        if is_which and verb == 2 and _is_verb(low[verb + 1]):
            continue  # "Vilka andra aktörer samverkar ni med?"
        is_subject = is_alone or (is_which and not is_definite)
        if not is_subject or low[verb + 1] in data["unclear_after"]:
            return None
        return _said([*words[:verb], data["som"]], [], words[verb], words[verb + 1 :])
    is_short = (
        at == 0 and low[0] in data["which"] and len(low) == _FEWEST_WORDS and _is_verb(low[-1])
    )
    return _said([*words[:2], data["som"]], [], words[2], []) if is_short else None


def _subject(low: Sequence[str], at: int, names: Container[str]) -> int:
    """Return how many words from a place on are the subject; 0 where that is unclear."""
    data, left = _data(), len(low) - at
    if left <= 0:
        return 0
    for length in range(min(_LONGEST_NAME, left), 0, -1):
        if " ".join(low[at : at + length]) in names:
            return length
    if low[at] in data["subjects"]:
        return 1
    if low[at] in data["possessive"] and left > 1:
        # "Måste vår följa er plan?" leaves the noun out.
        is_verb = low[at + 1].endswith("a") and left > 2 and low[at + 2] in data["after_a_verb"]
        return 0 if low[at + 1] in data["no_nouns"] or is_verb else 2
    if low[at] in data["either"]:
        is_longer = left > 1 and low[at + 1] in data["goes_on"]
        is_adjective = left > 1 and low[at] == data["that"] and low[at + 1].endswith("a")
        is_noun = left > 2 and low[at + 1].endswith("a") and _is_definite(low[at + 2])
        if is_noun and len(low[at + 1]) >= _WORD_OF_CONTENT:
            return 3
        return 0 if (is_longer and low[at] == data["some"]) or is_adjective else 1
    is_clause = left > 1 and low[at + 1] in data["subjects"]  # "Rapporterna ni ger ut."
    if not _is_definite(low[at]) or is_clause:
        return 0
    goes_on = left > 1 and low[at + 1] in data["goes_on"]
    return 0 if goes_on and left - 1 > _PREDICATE else 1


def _is_definite(word: str) -> bool:
    data = _data()
    is_noun = word not in data["not_definite"] and word not in data["never_verbs"]
    return is_noun and len(word) >= _WORD_OF_CONTENT and word.endswith(tuple(data["definite"]))


def _is_verb(word: str) -> bool:
    data = _data()
    is_like = word.endswith(tuple(data["verbs"])) or word in data["other_verbs"]
    return is_like and word not in data["never_verbs"]


def _said(
    before: Sequence[str], subject: Sequence[str], verb: str, rest: Sequence[str]
) -> str | None:
    """Return the words in the order of a clause, said by the other of the two who talk."""
    data, moved, left = _data(), [], list(rest)
    if verb.casefold() in data["helping"] and left and left[0].casefold() in data["goes_on"]:
        noun_at = 2 if left[1:2] and left[1].casefold() in data["before_a_noun"] else 1
        subject, left = [*subject, *left[: noun_at + 1]], left[noun_at + 1 :]
    while left and left[0].casefold() in data["adverbs"]:
        moved.append(data["adverbs"][left.pop(0).casefold()])
    if list(before) == [data["whether"]]:  # "Har ni inte en plan?" asks whether we have one.
        moved = [one for one in moved if one != data["not"]]
    begins = len(before) + len(subject)
    words = [*before, *subject, *filter(None, moved), verb, *left]
    says = [one for one in (verb, *subject, *left, *before[1:]) if len(one) >= _WORD_OF_CONTENT]
    if not says:
        return None
    said = [_swapped(words, at, is_subject=at < begins) for at in range(len(words))]
    verb_at = begins + len([one for one in moved if one])
    said[verb_at] = verb.casefold()
    for at in (0, len(before)):
        said[at] = said[at].casefold() if _is_closed(said[at]) else said[at]
    return " ".join(said)


def _swapped(words: Sequence[str], at: int, *, is_subject: bool) -> str:
    data, word = _data(), words[at].casefold()
    er, they = data["er"], data["they"]
    following = words[at + 1].casefold() if at + 1 < len(words) else ""
    if word == er["word"]:
        is_us = not following or following in (*data["no_nouns"], *data["adverbs"])
        is_us = is_us or (at > 0 and words[at - 1].casefold() in er["after"])
        return str(er["us"] if is_us else er["our"])
    if word == they["words"][0]:
        is_noun = is_subject or _is_verb(following) or _is_definite(following)
        return str(they["subject"] if is_noun else they["object"])
    # "Anordnar ni något i vår?" is of the spring.
    is_noun_left_out = word in data["possessive"] and not following
    return words[at] if is_noun_left_out else str(data["swapped"].get(word, words[at]))


def _is_closed(word: str) -> bool:
    kinds = ("asking", "subjects", "either", "possessive", "goes_on")
    return any(word.casefold() in _data()[kind] for kind in kinds) or word.casefold() in (
        _data()["whether"],
        *_data()["swapped"].values(),
    )


@cache
def _data() -> dict[str, Any]:
    return dict(yaml.safe_load(_DATA.read_text(encoding="utf-8")))
