"""The other kinds of answers that the policy chooses."""

import pytest

from actions.action_again import ActionAgain
from actions.action_claim import ActionClaim
from actions.action_over_told import ActionOverTold
from actions.action_say import ActionSay


@pytest.fixture
def answer(run, make_tracker, dispatcher):
    def answer(action, act, topics=(), facet=None, text="", entities=None, **more):
        ask = {"act": act, "topics": list(topics), "facet": facet}
        claimed = {name: more.pop(name) for name in ("truth", "claim") if name in more}
        decision = {"action": action().name(), "asks": [ask], **claimed}
        tracker = make_tracker("oos", entities, text=text, decision=decision, **more)
        run(action, tracker)
        return [m.get("response") or m["text"] for m in dispatcher.messages]

    return answer


def memory(*topics):
    return [[{"act": "ask", "topics": [topic], "facet": "what"}] for topic in topics]


@pytest.mark.parametrize("act", ["simpler", "shorter", "more"])
def test_the_topic_again_in_another_way(answer, knowledge, act):
    fact = knowledge.facts["mission_law"]
    wanted = {"simpler": fact.simple, "shorter": fact.short, "more": fact.more}[act]
    assert answer(ActionAgain, act, memory=memory("mission_law")) == [wanted.strip()]


def test_an_example_or_that_there_is_none(answer, dispatcher):
    said = answer(ActionAgain, "example", ["areas_open"])
    assert said == ["utter_left_out"]
    assert "exempel" in dispatcher.messages[0]["what"].lower()


def test_nothing_to_say_again_is_asked_back_about(answer):
    assert answer(ActionAgain, "repeat") == ["utter_refer_to_what"]


def test_what_was_told_is_summed_up_in_its_order(answer, dispatcher, knowledge):
    told = memory("mission_law", "mission_plan", "mission_law")
    assert answer(ActionOverTold, "summarise", memory=told) == ["utter_summary"]
    first, second = dispatcher.messages[0]["facts"].split("\n")
    assert first == f"- {knowledge.facts['mission_plan'].short}"
    assert second == f"- {knowledge.facts['mission_law'].short}"


def test_those_that_are_named_are_compared(answer, dispatcher):
    said = answer(ActionOverTold, "compare", text="skillnaden på det öppna och det lärande")
    assert said == ["utter_compared"]
    assert len(dispatcher.messages[0]["facts"].split("\n")) == 2


@pytest.mark.parametrize(
    ("truth", "text", "said"),
    [
        ("yes", "Har ni kurser?", "utter_claim_yes"),
        ("yes", "Har ni inga kurser?", "utter_claim_yes_after_all"),
        ("no", "Är ni ett bibliotek?", "utter_claim_no"),
        ("no", "Ni är väl inte ett bibliotek?", "utter_claim_no"),
    ],
)
def test_a_claim_gets_its_yes_or_no(answer, knowledge, truth, text, said):
    claim = next(one.id for one in knowledge.claims.values() if one.truth == truth)
    found = answer(ActionClaim, "confirm", ["mission_training"], "is", text=text, truth=truth,
                   claim=claim)  # fmt: skip
    assert found == [said]


def test_what_is_not_settled_is_not_denied_where_it_may_be_so(answer):
    said = answer(ActionClaim, "confirm", ["mission_children"], "is", truth="yes", claim="")
    assert said == ["utter_told", "utter_no_more_of_it"]


def test_what_the_page_leaves_open_is_said_to_be_open(answer):
    said = answer(ActionClaim, "confirm", ["mission_training"], "cost", truth="unsaid", claim="")
    assert said == ["utter_told_instead", "utter_left_out"]


def test_a_title_is_looked_up(answer):
    found = answer(ActionClaim, "confirm", ["person:eva_fred"], "is", entities={"role": "head"})
    assert found[0] == "utter_claim_false"


def test_what_is_not_known_of_somebody_names_them(answer):
    said = answer(ActionClaim, "confirm", ["person:eva_fred"], "when", truth="unsaid", claim="")
    assert said == ["utter_only_title", "utter_no_more_of_it"]


@pytest.mark.parametrize(
    ("act", "topics", "phrase"),
    [
        ("ack", ["chat"], "utter_ack"),
        ("praise", ["chat"], "utter_praise"),
        ("follow", ["local"], "utter_local"),
        ("follow", ["bot"], "utter_bot_challenge"),
        ("ask", ["chat"], "utter_help"),
    ],
)
def test_phrases_and_what_is_said_the_second_time(answer, act, topics, phrase):
    assert answer(ActionSay, act, topics) == [phrase]


def test_a_phrase_is_not_said_twice(answer):
    assert answer(ActionSay, "ack", ["chat"], said=["utter_ack"]) == ["utter_ack_again"]
