import pytest

from actions.action_decline import ActionDecline


def test_leaves_the_offer(run, make_tracker, said, payloads):
    assert run(ActionDecline, make_tracker("deny", offered=["/help"])) == []
    assert said() == ["utter_decline"]
    assert payloads()


def test_no_and_a_name_is_a_question_about_that_person(run, make_tracker):
    tracker = make_tracker("deny", {"person": "sara_troen"}, question="contact_phone")
    *_, user = run(ActionDecline, tracker)
    assert user["parse_data"]["intent"]["name"] == "same_question"
    assert user["parse_data"]["entities"][0]["value"] == "sara_troen"


@pytest.mark.parametrize(
    ("text", "utterance"),
    [
        ("det stämmer inte", "utter_disagree"),
        ("Nej, du har fel!", "utter_disagree"),
        ("det var inte det jag frågade", "utter_disagree"),
        ("nej tack", "utter_decline"),
        ("nej, inget mer", "utter_decline"),
    ],
)
def test_who_says_that_it_is_wrong_is_not_told_okay(run, make_tracker, said, text, utterance):
    run(ActionDecline, make_tracker("deny", text=text, question="role_head"))
    assert said() == [utterance]


def test_no_to_help_with_an_emergency_is_no_goodbye(run, make_tracker):
    tracker = make_tracker("deny", text="nej det går inte", question="emergency")
    (_, user) = run(ActionDecline, tracker)
    assert user["parse_data"]["intent"]["name"] == "emergency"
