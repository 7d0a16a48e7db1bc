import pytest

from bot.nlu.folding import fold, remembering_words, without_diacritics


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hansson", "hanson"),
        ("Carlsson", "karlsson"),
        ("Västra", "wastra"),
        ("chef", "kef"),
        ("sjyst", "schyst"),
        ("Åsa", "asa"),
        ("Örjan", "ORJAN"),
        ("zebra", "sebra"),
    ],
)
def test_what_sounds_alike_folds_alike(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Sara", "Sanna"), ("mål", "mil"), ("bok", "bot")])
def test_what_sounds_different_stays_different(one, other):
    assert fold(one) != fold(other)


def test_diacritics_go_and_letters_stay():
    assert without_diacritics("Tröen Åsa-Maria é") == "Troen Asa-Maria e"


def test_a_word_is_worked_out_once_unless_nobody_would_write_it():
    made = []
    look_up = remembering_words(lambda word: made.append(word) or len(word))
    long = "x" * 41
    assert [look_up(word) for word in ("bok", "bok", long, long)] == [3, 3, 41, 41]
    assert made == ["bok", long, long]
