import pytest

from actions.action_accept import ActionAccept


def test_takes_the_first_offer(run, make_tracker, asked):
    tracker = make_tracker("affirm", offered=["/areas_count", "/help"])
    assert asked(run(ActionAccept, tracker)) == "/areas_count"


def test_asks_what_when_nothing_was_offered(run, make_tracker, said):
    run(ActionAccept, make_tracker("affirm"))
    assert said() == ["utter_accept_what"]


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("mission_training", "more"),
        ("contact_all", "repeat"),
        ("contact_person", "contact_all"),
        (None, None),
    ],
)
def test_which_ones_is_asked_of_what_was_said(run, make_tracker, question, intent):
    tracker = make_tracker("which", offered=["/help"], question=question)
    *_, user = run(ActionAccept, tracker)
    assert user["parse_data"]["intent"]["name"] == (intent or "help")


def test_yes_to_help_with_an_emergency_is_not_yes_to_a_question(run, make_tracker):
    tracker = make_tracker("affirm", question="emergency", offered=["/contact_all"])
    (_, user) = run(ActionAccept, tracker)
    assert user["parse_data"]["intent"]["name"] == "emergency"


@pytest.mark.parametrize("text", ["ok", "Aha!", "jaha ok", "mm", "jaså"])
def test_whoever_only_nods_is_not_given_the_first_offer(run, make_tracker, said, text):
    run(ActionAccept, make_tracker("affirm", text=text, offered=["/areas_count"]))
    assert said() == ["utter_decline"]


def test_yes_her_is_not_the_first_offer(run, make_tracker):
    tracker = make_tracker(
        "affirm", {"pronoun": "hon"}, text="ja just hon", people=["eva_fred"], offered=["/help"]
    )
    (_, user) = run(ActionAccept, tracker)
    assert user["parse_data"]["intent"]["name"] == "contact_person"
