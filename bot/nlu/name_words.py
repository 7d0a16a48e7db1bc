"""The words that tell what a name in a message is: read from the lists beside this file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import yaml

_WORDS: Final = Path(__file__).with_name("name_words.yml")
_FIRST_NAMES: Final = Path(__file__).with_name("first_names.txt")
_SURNAMES: Final = Path(__file__).with_name("surnames.txt")


@dataclass(frozen=True)
class WordList:
    """Words, beginnings of words (`konsul*`) and ends of words (`*sson`)."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]

    @classmethod
    def of(cls, listed: Iterable[str]) -> WordList:
        """Sort the entries of a list by where they have their star."""
        words = [word.casefold() for word in listed]
        return cls(
            frozenset(word for word in words if "*" not in word),
            tuple(word[:-1] for word in words if word.endswith("*")),
            tuple(word[1:] for word in words if word.startswith("*")),
        )

    def __contains__(self, lower: str) -> bool:
        """Tell whether a word in lower case is one of them."""
        return (
            lower in self.whole or lower.startswith(self.beginnings) or lower.endswith(self.endings)
        )

    @cached_property
    def phrases(self) -> frozenset[tuple[str, ...]]:
        """Return each entry as its words, for those that are several."""
        return frozenset(tuple(entry.split()) for entry in self.whole)


@dataclass(frozen=True)
class NameWords:
    """The lists of name_words.yml, which says what each is for."""

    particles: WordList
    surname_follows: WordList
    honorifics: WordList
    no_names: WordList
    articles: WordList
    surname_endings: WordList
    about_people: WordList
    others_titles: WordList
    told_about: WordList
    possessives: WordList
    at_places: WordList
    no_places: WordList
    workplaces: WordList
    buildings: WordList
    genitives: WordList
    in_a_place: WordList
    towns_follow: WordList
    whereabouts: WordList
    works: WordList
    introduces: WordList
    introduces_at_start: WordList
    introduces_apart: WordList
    presents: WordList
    present: WordList
    introduced: WordList
    introduced_at_end: WordList
    greetings: WordList
    signs: WordList
    to_somebody: WordList
    is_called: WordList
    who: WordList
    is_what: WordList


@cache
def name_words() -> NameWords:
    """Return the lists, read once."""
    lists = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    named = {field.name: lists[field.name].split(",") for field in fields(NameWords)}
    return NameWords(**{name: WordList.of(map(str.strip, words)) for name, words in named.items()})


def is_first_name(word: str, capital_counts: bool) -> bool:
    """Tell whether a word is a common first name.

    One that is an everyday word too must have a capital, where that does not only begin a
    sentence.
    """
    return _is_listed(_FIRST_NAMES, word, capital_counts)


def is_surname(word: str, capital_counts: bool, follows_a_name: bool = False) -> bool:
    """Tell the same of a common surname; a noun is one after a first name: "sara lind"."""
    if follows_a_name and word.casefold() in _listed(_SURNAMES)[1]:
        return True
    return _is_listed(_SURNAMES, word, capital_counts)


def _is_listed(path: Path, word: str, capital_counts: bool) -> bool:
    names, *also_words = _listed(path)
    lower = word.casefold()
    counts = capital_counts and word.istitle()
    return lower in names or (counts and any(lower in words for words in also_words))


@cache
def _listed(path: Path) -> list[frozenset[str]]:
    """Return the parts of a list, which lines of dashes separate."""
    parts = path.read_text(encoding="utf-8").casefold().split("---")
    return [
        frozenset(line for line in part.splitlines() if line and not line.startswith("#"))
        for part in parts
    ]
