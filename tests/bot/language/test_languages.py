"""Which language a text is written in."""

from pathlib import Path

import pytest
import yaml

from bot.language.languages import language_of
from bot.nlu.danger import read_texts

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vem är chef?", "sv"),
        ("Who is the head?", "en"),
        ("phone number?", "en"),
        ("Hva gjør dere?", "nb"),
        ("Hvad laver I egentlig på kontoret?", "da"),
        ("Kuka on yksikön johtaja?", "fi"),
        ("Was macht ihr eigentlich?", "de"),
        ("من هو مدير هذه الوحدة؟", "ar"),
        ("کتابخانه تا ساعت چند باز است", "fa"),
        ("Де можна взяти дитячі книжки?", "uk"),
        ("Кто у вас начальник?", "ru"),
    ],
)
def test_words_and_letters_tell_the_language(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["Kajsa Lunde?", "12 §", "?", "", "zorp"])
def test_what_tells_no_language_is_of_none(text):
    assert language_of(text) is None


def test_one_word_of_another_language_does_not_make_it_that():
    assert language_of("Har ni någon workshop?") == "sv"
    assert language_of("Vad är soft skills?") == "sv"


def test_swedish_is_hardly_ever_taken_for_another_language():
    """By texts that no word of the list was taken from."""
    texts = [text for path in ROOT.glob("tests/nlu/*.yml") for text in _examples(path)]
    other = [text for text in texts if language_of(text) not in (None, "sv", "nb", "da")]
    assert len(other) < 0.03 * len(texts), other


def test_english_is_nearly_always_heard():
    paths = ROOT.glob("bot/nlu/danger_texts/*.yml")
    english = [one.text for path in paths for one in read_texts(path) if one.language == "en"]
    heard = [text for text in english if language_of(text) == "en"]
    assert len(heard) > 0.95 * len(english)


def _examples(path):
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        if block.get("intent") != "foreign":
            yield from (line.removeprefix("- ") for line in block.get("examples", "").splitlines())
