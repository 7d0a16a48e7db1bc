from actions.action_everybody import ActionEverybody


def test_lists_everybody_with_title(run, make_tracker, said, dispatcher):
    run(ActionEverybody, make_tracker("contact_all"))
    assert said() == ["utter_everybody"]
    lines = dispatcher.messages[0]["people"].splitlines()
    assert len(lines) == 10
    assert "- Malin Carlsson, projektledare" in lines
    assert len(dispatcher.messages[0]["custom"]["contacts"]) == 10
