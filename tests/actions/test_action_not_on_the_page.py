from actions.action_not_on_the_page import ActionNotOnThePage


def test_says_whom_to_ask(run, make_tracker, said, dispatcher, slots):
    events = run(ActionNotOnThePage, make_tracker("unit_missing"))
    assert said() == ["utter_not_on_the_page"]
    assert dispatcher.messages[0]["whom"] == "enhetschef Daniella Pind"
    assert slots(events)["people"] == []
    assert slots(events)["mentioned"] == ["daniella_pind"]
