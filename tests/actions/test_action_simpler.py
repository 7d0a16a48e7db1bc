import pytest

from actions.action_simpler import ActionSimpler


def test_tells_the_simpler_text_of_the_last_fact(run, make_tracker, dispatcher, knowledge):
    run(ActionSimpler, make_tracker("simpler", question="mission_law"))
    assert dispatcher.messages[0]["text"] == knowledge.facts["mission_law"].simple


@pytest.mark.parametrize("question", ["role_head", None])
def test_says_that_there_is_none(run, make_tracker, said, question):
    run(ActionSimpler, make_tracker("simpler", question=question))
    assert said() == ["utter_no_simpler"]
