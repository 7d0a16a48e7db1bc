import pytest

from actions.action_accept import ActionAccept
from actions.action_fact import ActionFact
from actions.turn import one_of

SECOND = {"text": "vem är chef", "intent": {"name": "role_head"}, "entities": []}
THIRD = {"text": "har ni kurser", "intent": {"name": "mission_training"}, "entities": []}


def asking_more(tracker, *further):
    tracker.latest_message["further"] = list(further)
    return tracker


def test_goes_on_to_the_next_question_of_the_message(run, make_tracker):
    events = run(ActionFact, asking_more(make_tracker("mission_law"), SECOND, THIRD))
    listen, user = events[-2:]
    assert listen["name"] == "action_listen"
    assert user["text"] == "vem är chef"
    assert user["parse_data"]["intent"]["name"] == "role_head"
    assert user["parse_data"]["further"] == [THIRD]


def test_an_answer_that_goes_on_is_finished_first(run, make_tracker):
    tracker = asking_more(make_tracker("affirm", offered=["/areas_count"]), SECOND)
    *_, user = run(ActionAccept, tracker)
    assert user["text"] == "/areas_count"
    assert user["parse_data"]["further"] == [SECOND]


@pytest.mark.parametrize(
    ("names", "text"), [(["a"], "a"), (["a", "b"], "a och b"), (["a", "b", "c"], "a, b och c")]
)
def test_joins_names(names, text):
    assert one_of(names, "och") == text
