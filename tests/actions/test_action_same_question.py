import pytest

from actions.action_same_question import ActionSameQuestion


@pytest.mark.parametrize(
    ("last", "intent"),
    [
        ("contact_email", "contact_email"),
        ("mission_law", "contact_person"),
        (None, "contact_person"),
    ],
)
def test_asks_again_about_somebody_else(run, make_tracker, asked, last, intent):
    tracker = make_tracker("same_question", {"person": "sara_troen"}, question=last)
    events = run(ActionSameQuestion, tracker)
    assert asked(events) == f'/{intent}{{"person": "sara_troen"}}'
    assert events[1]["parse_data"]["entities"] == [{"entity": "person", "value": "sara_troen"}]


def test_a_stranger_is_said_to_be_one(run, make_tracker, said):
    run(ActionSameQuestion, make_tracker("same_question", {"other_person": "Pelle"}))
    assert said() == ["utter_person_unknown"]


def test_asks_whom_without_a_name(run, make_tracker, said):
    run(ActionSameQuestion, make_tracker("same_question"))
    assert said() == ["utter_whom"]


@pytest.mark.parametrize(
    ("text", "start", "intent"),
    [
        ("anna e di konsulenter båda", 10, "role_consultant"),
        ("och anna konsulenter då", 9, "contact_person"),
    ],
)
def test_a_claim_is_not_the_same_question(run, make_tracker, text, start, intent):
    tracker = make_tracker("same_question", text=text)
    tracker.latest_message["entities"] = [
        {"entity": "person", "value": "anna_hansson", "start": text.index("anna")},
        {"entity": "role", "value": "consultant", "start": start, "end": start + 11},
    ]
    (asked,) = [e for e in run(ActionSameQuestion, tracker) if e["event"] == "user"]
    assert asked["parse_data"]["intent"]["name"] == intent
