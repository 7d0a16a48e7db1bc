from pathlib import Path

import pytest
import yaml

from actions.action_facet import ActionFacet
from actions.turn import Turn

DOMAIN = yaml.safe_load((Path(__file__).parents[2] / "domain.yml").read_text(encoding="utf-8"))
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
    ("language", "names", "text"),
    [
        ("", ["a"], "a"),
        ("", ["a", "b"], "a och b"),
        ("", ["a", "b", "c"], "a, b och c"),
        ("en", ["a", "b", "c"], "a, b and c"),
    ],
)
def test_joins_names(dispatcher, make_tracker, knowledge, language, names, text):
    turn = Turn(dispatcher, make_tracker("greet", language=language), DOMAIN, knowledge)
    assert turn.one_of(names, "and") == text
