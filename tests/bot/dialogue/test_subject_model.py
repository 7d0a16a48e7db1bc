"""Words that name what is asked about, and whether the page tells of them."""

import html
import re

import pytest

from bot.dialogue.subject_model import SubjectModel
from tests.conftest import ROOT

ASKED = ["har ni {}", "finns det {} hos er", "jobbar ni med {}", "kan man få {}"]
THINGS = ["stipendier", "parkering", "kursintyg", "hållbarhet", "praktikplatser", "öppettider"]
NOTHING = ["vem är chef hos er", "tack så mycket", "har ni kurser", "jag jobbar i Borås"]


@pytest.fixture(scope="module")
def model():
    marked = [(asked.format(one), [one]) for asked in ASKED for one in THINGS]
    return SubjectModel.train([*marked, *((text, []) for text in NOTHING * 6)] * 4)


def named(model, text):
    return [text[one.start : one.end] for one in model.subjects(text, -0.5)]


def test_what_was_never_read_is_known_by_what_stands_around_it(model):
    assert named(model, "finns det fritidsgårdar hos er") == ["fritidsgårdar"]
    assert named(model, "vem är chef hos er") == []


def test_words_side_by_side_are_one(model):
    assert named(model, "har ni stipendier parkering") == ["stipendier parkering"]


def test_what_was_learned_survives_a_file(model, tmp_path):
    model.save(tmp_path / "subjects.npz")
    kept = SubjectModel.load(tmp_path / "subjects.npz")
    assert kept.subjects("har ni kursintyg", -1.0) == model.subjects("har ni kursintyg", -1.0)


@pytest.mark.parametrize("text", ["", "?!", "x" * 1000, "ett " * 250])
def test_any_text_has_subjects_or_none(model, text):
    model.subjects(text, 0.0)


@pytest.mark.parametrize("text", ["kurserna", "Kulturförvaltningens", "enhetschefen", "barn"])
def test_the_page_mentions_its_words_in_any_form(knowledge, text):
    assert knowledge.mentions(text)


@pytest.mark.parametrize(
    "text", ["hållbarhet", "kursintyg", "barnteater", "Halland", "kurser i akvarell"]
)
def test_the_page_does_not_mention_what_only_begins_like_its_words(knowledge, text):
    assert not knowledge.mentions(text)


def test_what_the_page_says_is_never_said_to_be_missing(knowledge):
    page = (ROOT / "data" / "page.html").read_text(encoding="utf-8")
    text = html.unescape(re.sub("<[^>]*>", " ", page.partition("<main")[2].partition("</main>")[0]))
    words = re.findall(r"[^\W\d_]{3,}", text.partition(">")[2])
    assert len(words) > 150
    assert [word for word in words if not knowledge.mentions(word)] == []
