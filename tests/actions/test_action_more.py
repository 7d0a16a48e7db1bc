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


@pytest.mark.parametrize("question", ["areas_open", "areas_overview"])
def test_compares_what_is_listed_together(run, make_tracker, question):
    text = "vad är skillnaden mellan dem?"
    _, user = run(ActionMore, make_tracker("more", text=text, question=question))
    assert user["text"] == "/areas_open"
    assert [one["text"] for one in user["parse_data"]["further"]] == [
        "/areas_digital",
        "/areas_learning",
    ]


def test_tells_more_about_the_one_that_is_pointed_at(run, make_tracker):
    listed = ["/areas_open", "/areas_digital"]
    entities = {"ordinal": "2"}
    tracker = make_tracker("more", entities, listed=listed, question="areas_overview")
    *_, user = run(ActionMore, tracker)
    assert user["parse_data"]["intent"]["name"] == "refer"


@pytest.mark.parametrize("matter", ["local", "emergency", "unwell"])
def test_more_of_a_local_matter_or_of_danger_stays_there(run, make_tracker, matter):
    _, user = run(ActionMore, make_tracker("more", text="kostar det något?", question=matter))
    assert user["parse_data"]["intent"]["name"] == matter
