"""Whatever a visitor writes, finding names in it costs little processor time and memory."""

import time
import tracemalloc

import pytest

from bot.nlu.folding import fold
from bot.nlu.name_finder import NameFinder

LONGEST = 1000
# The goal for a thousand letters, on one core.
SECONDS = 0.02
BYTES = 5_000_000


def many(*words):
    """Return a thousand letters of these words again and again."""
    text = " ".join(words)
    return (text + " ") * (LONGEST // (len(text) + 1))


def varied(length):
    """Return a thousand letters of words of a length, of which no two are alike."""
    letters = "aeiounrslmtdkbvgpf"
    words = []
    for number in range(LONGEST // (length + 1)):
        kept = [letters[(number * 7 + place * (3 + number % 5)) % 18] for place in range(length)]
        words.append("".join(kept))
    return " ".join(words)


HOSTILE = {
    "one_word": "a" * LONGEST,
    "no_spaces": "evafredannahansson" * 55,
    "letters_that_become_two": "x" * LONGEST,
    "letters_that_become_eighteen": "\ufdfa" * LONGEST,
    "words_of_eighteen": ("\ufdfa" * 30 + " ") * 32,
    "combining_marks": "a" + "\u0301" * (LONGEST - 1),
    "marks_on_each_letter": "e\u0301" * (LONGEST // 2),
    "a_part_repeated": "alvarsdotter" * 83,
    "a_name_repeated": many("Eva"),
    "three_hundred_names": many("Eva", "Anna", "Sara"),
    "whole_names": many("Åsa-Maria Berg Levinsson"),
    "strangers": many("Lisa", "Ek"),
    "initials": many("K", "L", "E"),
    "hyphens": "Eva-" * 250,
    "hyphened_words": many("Eva-Lena-Anna-Karin"),
    "apostrophes": "O'" * 500,
    "apostrophes_after_a_name": many("Sara", "O'Connor"),
    "particles": many("Anna", "von", "af", "de"),
    "particles_alone": many("von", "von", "von"),
    "commas": "Fred, " * 166,
    "slashes": "/Eva " * 200,
    "lines": "Eva\n" * 250,
    "spaces": "Eva" + " " * (LONGEST - 6) + "Fred",
    "full_stops": "K. " * 333,
    "places": many("Eva", "på", "Volvo"),
    "introductions": many("jag", "heter", "Eva"),
    "signatures": many("mvh", "Eva"),
    "genitives": many("Annas"),
    "capitals": ("EVA FRED " * 112).strip(),
    "near_misses": many("Alvarsdoterr", "Hellstörm", "Levinnson"),
    "digits": "1Eva" * 250,
    **{f"varied_{length}": varied(length) for length in (2, 3, 4, 8, 12, 16, 19, 30)},
}


@pytest.fixture
def finder():
    """A finder that has worked out no word before."""
    return NameFinder(None, None, {"vem", "är"})


def forget(finder):
    """Let the next text be the first, so that nothing of it is remembered."""
    finder.names("vem")
    finder._index._spellings.find.__wrapped__.cache_clear()
    fold.__wrapped__.cache_clear()


def processor_time(finder, text):
    """Return the least of three: another process may have had the caches."""
    spent = []
    for _ in range(3):
        forget(finder)
        begun = time.process_time()
        finder.names(text)
        spent.append(time.process_time() - begun)
    return min(spent)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_thousand_letters_take_little_time(finder, text):
    assert processor_time(finder, text) < SECONDS


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_four_times_the_text_takes_four_times_as_long_at_most(finder, text):
    assert processor_time(finder, text * 4) < 4 * SECONDS


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_thousand_letters_take_little_memory(finder, text):
    forget(finder)
    tracemalloc.start()
    finder.names(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < BYTES
