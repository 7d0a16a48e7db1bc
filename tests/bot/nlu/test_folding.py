import pytest

from bot.nlu.folding import fold, without_diacritics


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
