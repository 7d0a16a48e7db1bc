"""Replies to who writes English."""

import pytest

from actions.action_claim import ActionClaim
from actions.action_facet import ActionFacet
from actions.action_say import ActionSay
from actions.turn import Turn

EN = {"language": "en"}


def marks(dispatcher):
    return [message["custom"].get("lang") for message in dispatcher.messages]


def test_a_fact_is_told_in_english_and_marked(answer, dispatcher, knowledge):
    law = knowledge.facts["mission_law"]
    assert answer(ActionFacet, ["mission_law"], "what", "ask", **EN) == [law.english.answer]
    assert marks(dispatcher) == ["en"]
    titles = [button["title"] for button in dispatcher.messages[0]["buttons"]]
    assert "Who is responsible for the mission?" in titles


def test_the_same_in_swedish_is_not_marked(answer, dispatcher, knowledge):
    assert answer(ActionFacet, ["mission_law"], "what", "ask") != [
        knowledge.facts["mission_law"].english.answer
    ]
    assert marks(dispatcher) == [None]


def test_what_the_page_leaves_out_is_said_to_be(answer, dispatcher):
    said = answer(ActionFacet, ["mission_plan"], "when", said=["mission_plan.what"], **EN)
    assert said == ["utter_left_out_english", "utter_ask_instead_english"]
    assert dispatcher.messages[0]["what"].startswith("The page says nothing about dates")
    assert dispatcher.messages[1]["whom"] == "head of unit Daniella Pind"
    assert set(marks(dispatcher)) == {"en"}


def test_people_are_told_with_their_title_and_what_is_missing(answer, dispatcher):
    said = answer(ActionFacet, ["person:malin_carlsson"], "what", **EN)
    assert said == ["utter_person_english", "utter_person_missing_english", "utter_instead_english"]
    assert dispatcher.messages[0]["title"] == "project manager"
    assert dispatcher.messages[0]["custom"]["contacts"][0]["title"] == "Project manager"
    fields = "Phone number, email address and areas of responsibility"
    assert dispatcher.messages[1]["fields"] == fields


def test_two_people_are_joined_in_english(answer, dispatcher):
    said = answer(ActionFacet, ["person:eva_fred", "person:sara_troen"], "phone", **EN)
    assert said[0] == "utter_phone_missing_several_english"
    assert dispatcher.messages[0]["name"] == "Eva Fred and Sara Tröen"


def test_a_claim_of_a_title_is_answered_in_english(answer, dispatcher):
    decision = {"titles": [["kajsa_lunde", "role_head"]]}
    said = answer(ActionClaim, ["person:kajsa_lunde"], decision=decision, **EN)
    assert said[:2] == ["utter_claim_false_english", "utter_role_one_english"]


@pytest.mark.parametrize("phrase", ["local", "oos", "privacy", "bot_challenge", "help", "greet"])
def test_phrases_have_an_english_one(answer, dispatcher, phrase):
    assert answer(ActionSay, intent=phrase, **EN) == [f"utter_{phrase}_english"]
    assert marks(dispatcher) == ["en"]


def test_what_has_no_english_is_told_in_swedish_after_a_word_of_it(
    make_tracker, dispatcher, knowledge
):
    law = knowledge.facts["mission_law"]
    facts = {**knowledge.facts, law.id: law.model_copy(update={"english": None})}
    topics = [one for name, one in knowledge.topics.items() if name not in knowledge.facts]
    changed = type(knowledge)(
        knowledge.unit, list(facts.values()), list(knowledge.roles.values()),
        list(knowledge.people.values()), knowledge.questions, topics=topics,
        english=knowledge.english,
    )  # fmt: skip
    asked = {"act": "ask", "topics": [law.id], "facet": "what"}
    tracker = make_tracker(law.id, decision={"action": "action_facet", "asks": [asked]}, **EN)
    ActionFacet(lambda: changed).run(dispatcher, tracker, {"responses": {}})
    assert [m.get("response") for m in dispatcher.messages] == ["utter_not_in_english", None]
    assert marks(dispatcher) == ["en", None]
    assert dispatcher.messages[1]["text"] == law.answer.strip()


def written_in(make_tracker, run, language):
    tracker = make_tracker("foreign", text="…", **EN)
    tracker.latest_message["language"] = language
    run(ActionSay, tracker)


def test_other_languages_are_answered_in_themselves_swedish_and_english(
    make_tracker, run, dispatcher
):
    written_in(make_tracker, run, "fi")
    assert [m["response"] for m in dispatcher.messages] == [
        "utter_foreign_fi", "utter_foreign", "utter_foreign_english"
    ]  # fmt: skip
    assert marks(dispatcher) == ["fi", "sv", "en"]


def test_who_asks_in_english_for_english_is_answered_in_it_alone(make_tracker, run, dispatcher):
    written_in(make_tracker, run, "en")
    assert [m["response"] for m in dispatcher.messages] == ["utter_foreign_english"]


def test_an_unknown_language_is_answered_in_swedish_and_english(make_tracker, run, dispatcher):
    written_in(make_tracker, run, None)
    assert [m["response"] for m in dispatcher.messages] == [
        "utter_foreign", "utter_foreign_english"
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["nb", "da", "en"])
def test_words_of_another_language_are_put_into_no_swedish_sentence(
    dispatcher, make_tracker, knowledge, language
):
    tracker = make_tracker("unit_missing", text="Hur mange er I, vad kostar det?")
    assert Turn(dispatcher, tracker, {}, knowledge).clause
    tracker.latest_message["language"] = language
    assert Turn(dispatcher, tracker, {}, knowledge).clause is None
