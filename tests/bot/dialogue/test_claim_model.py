"""Which propositions of the page are settled, and how carefully."""

from pathlib import Path

import pytest

from bot.dialogue.claim_model import UNSAID, ClaimModel, Example, read_examples

ROOT = Path(__file__).resolve().parent.parent.parent.parent
NUMERALS = {"tre": 3, "fyra": 4, "fem": 5}


@pytest.fixture(scope="module")
def model(knowledge):
    examples = list(read_examples(ROOT / "data" / "claims.jsonl"))
    everyday = [
        (text, str(number))
        for number in range(10)
        for text in ("är det så att ni har", "stämmer det att det finns", "väl bara eller inte")
    ]
    return ClaimModel.train(examples, knowledge, everyday, NUMERALS)


@pytest.mark.parametrize(
    ("text", "topic", "truth"),
    [
        ("Är det så att ni har kurser?", "mission_training", "yes"),
        ("Stämmer det att det finns fyra inriktningar?", "areas_count", "yes"),
        ("Stämmer det att det finns fem inriktningar?", "areas_count", "no"),
        ("Är ni ett bibliotek?", "mission_not_a_library", "no"),
        # A word that no example of a claim has may make it another claim.
        ("Är det så att ni har kurser i ryska?", "mission_training", UNSAID),
    ],
)
def test_a_claim_is_settled_or_left_open(model, knowledge, text, topic, truth):
    assert model.truth_of(text, [topic], knowledge)[0] == truth


def test_a_claim_of_another_topic_settles_nothing(model, knowledge):
    assert model.truth_of("Är det så att ni har kurser?", ["mission_law"], knowledge)[1] == ""


def test_a_claim_that_staff_have_removed_settles_nothing(model, knowledge, monkeypatch):
    _, name = model.truth_of("Är det så att ni har kurser?", ["mission_training"], knowledge)
    monkeypatch.delitem(knowledge.claims, name)
    assert (
        model.truth_of("Är det så att ni har kurser?", ["mission_training"], knowledge)[1] != name
    )


def test_what_was_learned_survives_a_file(model, knowledge, tmp_path):
    model.save(tmp_path / "claims")
    again = ClaimModel.load(tmp_path / "claims")
    asked = ("Är det så att ni har kurser?", ["mission_training"], knowledge)
    assert again.truth_of(*asked) == model.truth_of(*asked)


def test_every_example_is_of_a_claim_that_exists(knowledge):
    examples = list(read_examples(ROOT / "data" / "claims.jsonl"))
    assert {one.claim for one in examples} <= {UNSAID, *knowledge.claims}
    assert Example("x", "unit", UNSAID) not in examples
