import pytest

from actions.action_more import ActionMore


def test_tells_the_longer_text(run, make_tracker, said, dispatcher):
    run(ActionMore, make_tracker("more", question="mission_overview"))
    assert said() == ["mission_overview"]
    assert "biblioteksplanen" in dispatcher.messages[0]["text"]


@pytest.mark.parametrize("question", ["role_head", "contact_phone"])
def test_says_that_the_page_holds_no_more(run, make_tracker, said, payloads, question):
    run(ActionMore, make_tracker("more", question=question))
    assert said() == ["utter_no_more"]
    assert payloads()


def test_asks_about_what_at_the_start(run, make_tracker, said):
    run(ActionMore, make_tracker("more"))
    assert said() == ["utter_more_of_what"]
