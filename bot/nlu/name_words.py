"""The words that tell what a name in a message is: read from the lists beside this file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import yaml

from bot.nlu.folding import without_diacritics

_WORDS: Final = Path(__file__).with_name("name_words.yml")
_FIRST_NAMES: Final = Path(__file__).with_name("first_names.txt")
_SURNAMES: Final = Path(__file__).with_name("surnames.txt")
_PLACES: Final = Path(__file__).with_name("places.txt")
_NICKNAMES: Final = Path(__file__).with_name("nicknames.yml")
# Words that another word must not be taken for when its dots are lost: "vår" is not "var".
_OF_THEIR_OWN: Final = ("no_names", "particles", "articles")


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
    epithets_follow: WordList
    epithets: WordList
    surname_follows: WordList
    honorifics: WordList
    calls_by_surname: WordList
    after_a_surname: WordList
    pet_endings: WordList
    patronyms: WordList
    said_of_ours: WordList
    no_names: WordList
    articles: WordList
    surname_endings: WordList
    about_people: WordList
    others_titles: WordList
    told_about: WordList
    relatives: WordList
    relatives_of: WordList
    called_besides: WordList
    known_elsewhere: WordList
    possessives: WordList
    at_places: WordList
    with_something: WordList
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
    named = {field.name: _entries(lists[field.name]) for field in fields(NameWords)}
    own = frozenset(word for name in _OF_THEIR_OWN for word in named[name])
    return NameWords(
        **{name: WordList.of([*words, *_bare(words, own)]) for name, words in named.items()}
    )


@cache
def nicknames() -> Mapping[str, tuple[str, ...]]:
    """Return by first name, in lower case, what its bearers are called."""
    lists = yaml.safe_load(_NICKNAMES.read_text(encoding="utf-8"))
    return {name.casefold(): tuple(_entries(words)) for name, words in lists.items()}


def _entries(listed: str) -> list[str]:
    return [word.strip() for word in listed.split(",")]


def _bare(words: Iterable[str], own: frozenset[str]) -> Iterator[str]:
    """Return the words as keyboards without dots and rings write them: "pa", "lakare"."""
    bare = {word: without_diacritics(word) for word in words if len(word) > 1}
    return (form for word, form in bare.items() if form != word and form not in own)


def is_first_name(word: str, capital_counts: bool) -> bool:
    """Tell whether a word is a common first name.

    One that is an everyday word too must have a capital, where that does not only begin a
    sentence.
    """
    return _is_listed(_FIRST_NAMES, word, capital_counts)


def is_place(word: str) -> bool:
    """Tell whether a word is a town, or a firm, whether it has a capital or not."""
    return word.casefold() in _listed(_PLACES)[0]


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
    """Return the parts of a list, which lines of dashes separate.

    Without its dots a name may be an everyday word, such as "Pär": it belongs to the next part.
    """
    parts = path.read_text(encoding="utf-8").casefold().split("---")
    listed = [
        frozenset(line for line in part.splitlines() if line and not line.startswith("#"))
        for part in parts
    ]
    names, *also_words = [(part, frozenset(_bare(part, listed[0]))) for part in listed]
    if not also_words:
        return [names[0] | names[1]]
    (first, bare), *others = also_words
    return [names[0], first | bare | names[1], *(part | bare for part, bare in others)]
