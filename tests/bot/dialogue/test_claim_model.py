"""Which propositions of the page are settled, and how carefully."""

from pathlib import Path

import pytest

from bot.dialogue.claim_model import (
    PAGE_LACKS,
    UNSAID,
    ClaimModel,
    Example,
    HeardClaims,
    Settled,
    read_examples,
)

ROOT = Path(__file__).resolve().parent.parent.parent.parent
LAW = "mission_statutory"
NUMERALS = {"tre": 3, "fyra": 4, "fem": 5, "tio": 10, "elva": 11}


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
        # That there are some says nothing of all.
        ("Är alla konsulenter?", "role_consultant", UNSAID),
        ("Är alla konsulenter?", "contact_all", "no"),
        # Nor that they are something else.
        ("Är alla på sidan medarbetare hos er?", "contact_all", UNSAID),
        # A word that no example of a claim has may make it another claim.
        ("Är det så att ni har kurser i ryska?", "mission_training", UNSAID),
    ],
)
def test_a_claim_is_settled_or_left_open(model, knowledge, text, topic, truth):
    settled = model.settled(text, [topic], knowledge)
    assert (settled.truth if settled.is_sure else UNSAID) == truth


def test_a_sentence_settles_what_its_message_only_surrounds(model, knowledge):
    text = "Jag hörde något på bussen igår som lät konstigt. Är ni ett bibliotek?"
    settled = model.settled(text, ["mission_not_a_library"], knowledge)
    assert (settled.truth, settled.is_sure) == ("no", True)


@pytest.mark.parametrize(("text", "truth"), [("är ni tio?", "yes"), ("är ni elva?", "no")])
def test_how_many_there_are_follows_from_the_staff(model, knowledge, text, truth):
    settled = model.settled(text, ["contact_all"], knowledge)
    assert (settled.truth, settled.claim) == (truth, "people_count")


def test_that_the_page_lacks_something_is_no_claim_of_the_page(model, knowledge):
    settled = model.settled("så det står inte alltså", ["mission_training"], knowledge)
    assert (settled.truth, settled.claim, settled.is_sure) == (UNSAID, PAGE_LACKS, True)


def test_a_claim_of_another_topic_settles_nothing(model, knowledge):
    settled = model.settled("Är det så att ni har kurser?", ["mission_law"], knowledge)
    assert not settled.is_sure


def test_a_claim_that_staff_have_removed_settles_nothing(model, knowledge, monkeypatch):
    asked = ("Är det så att ni har kurser?", ["mission_training"], knowledge)
    name = model.settled(*asked).claim
    monkeypatch.delitem(knowledge.claims, name)
    assert model.settled(*asked).claim != name


def test_what_was_learned_survives_a_file(model, knowledge, tmp_path):
    model.save(tmp_path / "claims")
    again = ClaimModel.load(tmp_path / "claims")
    asked = ("Är det så att ni har kurser?", ["mission_training"], knowledge)
    assert again.settled(*asked) == model.settled(*asked)


def test_every_example_is_of_a_claim_that_exists(knowledge):
    examples = list(read_examples(ROOT / "data" / "claims.jsonl"))
    assert {one.claim for one in examples} <= {UNSAID, PAGE_LACKS, *knowledge.claims}
    assert Example("x", "unit", UNSAID) not in examples


def heard(knowledge, truth, claim, share, agreed=0.9):
    """Return what the encoder hears: a claim with its share, and how likely its truth is."""
    return HeardClaims({truth: agreed, UNSAID: 1 - agreed}, {claim: share}, knowledge)


def test_meaning_settles_what_words_leave_open(model, knowledge):
    text, topics = "kommer uppdraget från bibliotekslagen?", ["mission_law"]
    unsure = Settled(UNSAID, "", -0.8)
    assert model.with_meaning(unsure, text, topics, heard(knowledge, "yes", LAW, 0.0)) == unsure
    by_both = model.with_meaning(unsure, text, topics, heard(knowledge, "yes", LAW, 0.6))
    assert (by_both.truth, by_both.claim, by_both.is_sure) == ("yes", LAW, True)
    for share, agreed in ((0.05, 0.9), (0.6, 0.3)):
        hardly = heard(knowledge, "yes", LAW, share, agreed)
        assert model.with_meaning(unsure, text, topics, hardly) == unsure
    # A claim on another topic, and a word that no example of the claim has, settle nothing.
    likely = heard(knowledge, "yes", LAW, 0.9)
    assert model.with_meaning(unsure, text, ["areas_open"], likely) == unsure
    strange = "kommer uppdraget om konserter från bibliotekslagen?"
    assert model.with_meaning(unsure, strange, topics, likely) == unsure


def test_a_near_claim_is_believed_where_meaning_hears_it_too(model, knowledge):
    near, topics = Settled("no", "minorities", -0.1), ["areas_open"]
    another = heard(knowledge, "no", LAW, 0.9)
    assert not model.with_meaning(near, "…", topics, another).is_sure
    assert model.with_meaning(near, "…", topics, heard(knowledge, "no", "minorities", 0.2)).is_sure


def test_meaning_doubts_what_words_settle(model, knowledge):
    settled = Settled("yes", LAW, 0.5)
    doubtful = heard(knowledge, "yes", LAW, 0.6, 0.01)
    assert not model.with_meaning(settled, "…", ["mission_law"], doubtful).is_sure
    assert model.with_meaning(settled, "…", ["mission_law"], heard(knowledge, "yes", LAW, 0.6)) == (
        settled
    )
