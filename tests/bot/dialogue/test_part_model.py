"""The parts of a message that each ask something, learned of a few that are marked."""

import pytest

from bot.dialogue.part_model import PartModel

ASKED = ["vem är chef", "var sitter ni", "har ni kurser", "vad kostar de", "hur når jag henne"]
TOLD = "Jag är ny på jobbet"


@pytest.fixture(scope="module")
def marked():
    two = [(f"{a} och {b}?", [a, b]) for a in ASKED for b in ASKED if a != b]
    told = [(f"{TOLD}. {one.capitalize()}?", [one.capitalize()]) for one in ASKED]
    lists = [(f"{a} och konsulenter?", [f"{a} och konsulenter"]) for a in ASKED]
    return [*two, *told, *lists] * 2


@pytest.fixture(scope="module")
def model(marked):
    return PartModel.train(marked)


def parts(model, text, count=None):
    return [text[start:end] for start, end, _ in model.parts(text, count)]


def test_two_questions_are_two_parts(model):
    assert parts(model, "vem är projektledare och var ligger ni?") == [
        "vem är projektledare",
        "var ligger ni?",
    ]


def test_och_in_one_question_parts_nothing(model):
    assert len(parts(model, "har ni böcker och konsulenter?")) == 1


def test_what_is_only_told_is_no_part(model):
    assert parts(model, f"{TOLD}. Vem är chef?") == ["Vem är chef?"]


def test_what_may_be_told_or_asked_is_no_sure_part():
    asked = [("vem är chef jag är ny", ["vem är chef"])] * 5
    doubtful = [("vem är chef jag är ny", ["vem är chef", "jag är ny"])] * 6
    found = PartModel.train([*asked, *doubtful]).parts("vem är chef jag är ny")
    assert [one.is_sure for one in found] == [True, False]


def test_as_many_parts_as_are_known_to_be_there(model):
    text = "vem är chef var sitter ni har ni kurser"
    assert [len(parts(model, text, count)) for count in (1, 2, 3)] == [1, 2, 3]
    assert parts(model, "hej", 2) == []


def test_a_text_has_no_more_parts_than_anybody_asks(model):
    assert len(model.parts(" och ".join(ASKED * 10))) <= 6


def test_how_many_things_are_asked_teaches_too(marked):
    text = "var sitter ni alltså nånstans"
    counted = [("vem är chef alltså nånstans", 1), (text, 1)] * 20
    assert len(PartModel.train(marked, counted).parts(text)) == 1


def test_words_that_are_not_in_the_message_cannot_be_marked():
    with pytest.raises(ValueError, match="substring"):
        PartModel.train([("vem är chef", ["var sitter ni"])])


def test_what_was_learned_survives_a_file(model, tmp_path):
    model.save(tmp_path / "parts.npz")
    text = "vem är chef och var sitter ni?"
    assert PartModel.load(tmp_path / "parts.npz").parts(text) == model.parts(text)


@pytest.mark.parametrize("text", ["", "?!", "x" * 1000, "ett " * 250, "\n\n"])
def test_any_text_has_parts_or_none(model, text):
    model.parts(text)
