import pytest

from actions.action_facet import ActionFacet
from actions.turn import one_of

SECOND = {"text": "vem är chef", "intent": {"name": "role_head"}, "entities": []}
THIRD = {"text": "har ni kurser", "intent": {"name": "mission_training"}, "entities": []}


def test_goes_on_to_the_next_question_of_the_message(run, make_tracker):
    tracker = make_tracker("mission_law")
    tracker.latest_message["further"] = [SECOND, THIRD]
    *_, listen, user = run(ActionFacet, tracker)
    assert listen["name"] == "action_listen"
    assert user["text"] == "vem är chef"
    assert user["parse_data"]["intent"]["name"] == "role_head"
    assert user["parse_data"]["further"] == [THIRD]


def test_a_single_question_ends_the_turn(run, make_tracker):
    assert [event["event"] for event in run(ActionFacet, make_tracker("mission_law"))] == ["slot"]


@pytest.mark.parametrize(
    ("names", "text"), [(["a"], "a"), (["a", "b"], "a och b"), (["a", "b", "c"], "a, b och c")]
)
def test_joins_names(names, text):
    assert one_of(names, "och") == text
