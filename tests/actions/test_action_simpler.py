import pytest

from actions.action_simpler import ActionSimpler


def test_tells_the_simpler_text_of_the_last_fact(run, make_tracker, dispatcher, knowledge):
    run(ActionSimpler, make_tracker("simpler", question="mission_law"))
    assert dispatcher.messages[0]["text"] == knowledge.facts["mission_law"].simple


@pytest.mark.parametrize(
    ("question", "answer"), [("role_head", "utter_no_simpler"), (None, "mission_overview")]
)
def test_says_that_there_is_none_or_what_the_unit_does(run, make_tracker, said, question, answer):
    run(ActionSimpler, make_tracker("simpler", question=question))
    assert said() == [answer]
