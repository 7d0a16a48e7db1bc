"""What the words of one message tell beside its names: capitals, everyday words, what is asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.nlu.name_words import NameWords, is_first_name, is_place, is_surname, name_words
from bot.nlu.tokens import Token

# As far from a name that is not quite spelled so may the word stand that shows that it is one.
_NEAR: Final = 3
# So many words in a row with capitals, and none without, are a manner of writing.
_TITLE_CASE: Final = 4
# So many letters of a word tell whether it is like others.
BEGINNING: Final = 4
# What stands for a letter that was lost on the way.
_LOST: Final = ("?", "\N{REPLACEMENT CHARACTER}")


@dataclass(frozen=True)
class Reading:
    """The words of one message, and which words are everyday language."""

    tokens: list[Token]
    ordinary: Collection[str]
    # The beginnings of these everyday words.
    beginnings: Collection[str] = ()

    @cached_property
    def words(self) -> NameWords:
        """The lists of words that tell what a name is."""
        return name_words()

    @cached_property
    def capitals_tell(self) -> bool:
        """Whether a capital means anything: not where all or no words have one."""
        small = any(not token.is_capital for token in self.tokens)
        loud = all(token.text.isupper() for token in self.tokens)
        return not loud and (small or len(self.tokens) < _TITLE_CASE)

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Return where in the text the words from first to before last stand."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def before(self, place: int) -> Token | None:
        """Return the word before a place, if there is one."""
        return self.tokens[place - 1] if place > 0 else None

    def at(self, place: int) -> Token | None:
        """Return the word at a place, if there is one."""
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    def is_ordinary(self, word: str) -> bool:
        """Tell whether a word, or its genitive, is one of everyday language."""
        lower = word.casefold()
        return lower in self.ordinary or lower.rstrip("s") in self.ordinary

    def is_known(self, word: str) -> bool:
        """Tell whether a word is somebody's common first name or surname as it stands."""
        bare = word.title().removesuffix("s")
        return is_first_name(word, True) or is_surname(word.title(), True) or is_surname(bare, True)

    def is_capital_inside(self, place: int) -> bool:
        """Tell whether a word has a capital that does not only begin a sentence."""
        token = self.tokens[place]
        return self.capitals_tell and token.is_capital and not token.begins

    def is_first_name(self, place: int) -> bool:
        """Tell whether a word is a common first name."""
        return is_first_name(self.tokens[place].text, self.is_capital_inside(place))

    def is_named_place(self, place: int) -> bool:
        """Tell whether a word is a place: by its capital, or because it is a town that is known."""
        is_written = self.is_capital_inside(place) and not self.is_first_name(place)
        return is_written or is_place(self.tokens[place].text)

    def is_no_name(self, place: int) -> bool:
        """Tell whether a word is none, whether it has a capital or not: "Hej Anna Kan du"."""
        return self.tokens[place].lower in self.words.no_names

    def is_surname(self, place: int, follows_ours: bool = False) -> bool:
        """Tell whether a word after a first name is a surname; most are, after one of ours."""
        token = self.tokens[place]
        if self.is_no_name(place) or self.is_broken(place):
            return False
        if self.capitals_tell and token.is_capital and len(token.text) > 1:
            return True
        bare = token.lower.removesuffix("s")
        if any(is_surname(word, False, follows_ours) for word in (token.text, bare)):
            return True
        if follows_ours and (self.is_first_name(place) or self.begins_like_no_word(place)):
            return True
        has_ending = bare in self.words.surname_endings or token.lower in self.words.surname_endings
        return has_ending and not self.is_ordinary(token.text)

    def is_everyday(self, word: str) -> bool:
        """Tell whether a word is everyday language and no common surname."""
        bare = word.removesuffix("s")
        return self.is_ordinary(word) and not (is_surname(word, False) or is_surname(bare, False))

    def is_meant(self, first: int, last: int) -> bool:
        """Tell whether an everyday word is a name here: by its capital, and what is beside it."""
        before, after, words = self.before(first), self.at(last), self.words
        is_called = before and self.tokens[first].is_spaced
        if is_called and before and before.lower in words.calls_by_surname:
            return True
        if after and after.is_spaced and after.lower in words.after_a_surname:
            return True
        if self.is_capital_inside(first):
            return True
        return self.tokens[first].is_capital and self.asks_about_a_person(first, last)

    def is_of_a_place(self, first: int, last: int, is_given: bool, is_whose: bool = False) -> bool:
        """Tell whether it is a place or a house: "i Åsa", "på Berg", "Katarina kyrka".

        What is somebody's is none: "i Åsas mejl", `is_whose`.
        """
        before, after, words = self.before(first), self.at(last), self.words
        if after and after.is_spaced and after.lower in words.buildings:
            return True
        if before is None or not self.tokens[first].is_spaced or is_whose:
            return False
        is_noun = not is_given and self.is_ordinary(self.tokens[first].text)
        return before.lower in words.in_a_place or (before.lower in words.at_places and is_noun)

    def begins_like_no_word(self, place: int) -> bool:
        """Tell whether it is no slip of the thumb: "braun", but not "projeltledare"."""
        token = self.tokens[place]
        is_long = len(token.text) >= BEGINNING
        return is_long and bool(self.beginnings) and token.lower[:BEGINNING] not in self.beginnings

    def is_broken(self, place: int) -> bool:
        """Tell whether a letter of the word was lost on the way: "Tr?en"."""
        after = self.at(place + 1)
        return after is not None and after.gap in _LOST

    def has_article(self, place: int) -> bool:
        """Tell whether a noun stands here: "en trogen läsare", "i Lunden"."""
        token, before = self.tokens[place], self.before(place)
        return before is not None and token.is_spaced and before.lower in self.words.articles

    def asks_about_a_person(self, first: int, last: int) -> bool:
        """Tell whether a word near these shows that somebody is meant."""
        around = [*self.tokens[max(0, first - _NEAR) : first], *self.tokens[last : last + _NEAR]]
        return any(token.lower in self.words.about_people for token in around)

    def asks_after(self, place: int) -> bool:
        """Tell whether a question mark stands between the words from here on."""
        return any("?" in token.gap for token in self.tokens[place + 1 :])
