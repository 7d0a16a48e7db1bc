from dataclasses import replace

import pytest

from bot.dialogue.memory import Ask, Memory
from bot.dialogue.turn_encoder import TurnEncoder, encoded_text
from bot.dialogue.turn_model import Reading
from bot.nlu.encoder import collecting
from tests.bot.dialogue.hearing import about, after


@pytest.fixture(scope="module")
def encoder():
    return TurnEncoder.of_this_process()


def likeliest(shares):
    return max(shares, key=shares.get)


def test_a_first_message_is_encoded_as_it_is():
    assert encoded_text("vad kostar det", Memory()) == "vad kostar det"


def test_a_later_one_after_what_was_asked_before_it():
    before = after(about("areas_open"), Ask("follow", ("person:eva", "contact_all"), "phone", True))
    text = encoded_text("och kostar det något", before)
    assert text == "areas open | follow phone ? person contact all | och kostar det något"


def test_the_conversation_tells_what_a_few_words_are_about(encoder):
    for topic in ("mission_training", "mission_publications", "areas_digital"):
        shares = encoder.shares("och vad kostar det", after(about(topic)))
        assert (likeliest(shares["topic"]), likeliest(shares["facet"])) == (topic, "cost")
        assert likeliest(shares["polar"]) == "open"


def test_a_yes_or_no_question_is_heard_with_its_claim(encoder):
    shares = encoder.shares("är det kulturförvaltningen som ansvarar för uppdraget?", Memory())
    assert likeliest(shares["polar"]) == "polar"
    assert likeliest(shares["page"]) == "yes"
    assert likeliest(shares["claim"]) == "kulturforvaltningen_responsible"


def test_where_others_would_wait_it_is_asked_later(encoder):
    with collecting() as wanted:
        assert encoder.shares("en text som ingen har sett", Memory()) is None
    assert [text for _, text in wanted] == ["en text som ingen har sett"]


READING = Reading({"ask": 0.5, "follow": 0.4}, {"what": 0.1}, {"areas_open": 0.2, "new": 0.1}, 0.4)
SHARES = {
    "act": {"ask": 0.1, "follow": 0.9},
    "facet": {"what": 1.0},
    "topic": {"areas_open": 1.0},
    "polar": {"polar": 0.0, "open": 1.0},
    "page": {"yes": 1.0},
    "claim": {"unsaid": 1.0},
}


def test_words_and_meaning_are_mixed():
    mixed = READING.with_meaning(SHARES, 0.5)
    assert mixed.acts == pytest.approx({"ask": -0.15, "follow": 0.6})
    assert mixed.topics == pytest.approx({"areas_open": 0.6, "new": -0.45})
    assert mixed.polar == pytest.approx(-0.3)
    assert (mixed.pages, mixed.claims) == (SHARES["page"], SHARES["claim"])


def test_of_a_fact_that_is_newer_than_the_encoder_words_decide():
    reading = Reading(READING.acts, READING.facets, {"areas_open": 0.2, "new": 0.3}, 0.4)
    assert reading.with_meaning(SHARES, 0.5).topics == reading.topics


def test_what_words_tell_clearly_needs_no_encoder():
    clear = replace(READING, polar=-0.6)
    assert clear.is_clear(0.1)
    assert not clear.is_clear(0.15)
    assert not READING.is_clear(0.1)
