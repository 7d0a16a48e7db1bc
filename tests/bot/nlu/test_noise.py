import pytest

from bot.nlu.features import PERSON
from bot.nlu.noise import misspelled

TEXTS = ["var är kontoret", f"vad har {PERSON} för telefonnummer", "vem är er chef"] * 50


def test_the_share_is_misspelled_and_the_same_each_time():
    slips = list(misspelled(TEXTS, 0.5))
    assert 50 < len(slips) < 100
    assert slips == list(misspelled(TEXTS, 0.5))
    assert all(TEXTS[place] != text for place, text in slips)


def test_names_are_left_alone():
    assert all(
        text.count(PERSON) == TEXTS[place].count(PERSON) for place, text in misspelled(TEXTS, 1)
    )


def test_a_slip_changes_little():
    assert all(abs(len(text) - len(TEXTS[place])) <= 1 for place, text in misspelled(TEXTS, 1))


@pytest.mark.parametrize("text", ["", "ja", "a b c", "?!"])
def test_what_has_no_long_word_stays(text):
    assert list(misspelled([text] * 20, 1)) == []
