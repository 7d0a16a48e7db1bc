from actions.action_not_on_the_page import ActionNotOnThePage


def test_says_whom_to_ask(run, make_tracker, said, dispatcher, slots):
    events = run(ActionNotOnThePage, make_tracker("unit_missing"))
    assert said() == ["utter_not_on_the_page"]
    assert dispatcher.messages[0]["whom"] == "enhetschef Daniella Pind"
    assert slots(events)["people"] == []
    assert slots(events)["mentioned"] == ["daniella_pind"]


def test_whom_to_ask_is_not_who_was_spoken_of(run, make_tracker, slots):
    entities = {"pronoun": "hon"}
    tracker = make_tracker("unit_missing", entities, people=["eva_fred"], mentioned=["eva_fred"])
    remembered = slots(run(ActionNotOnThePage, tracker))
    assert remembered["people"] == ["eva_fred"]
    assert remembered["mentioned"] == ["eva_fred"]


def test_what_is_missing_is_said_at_length_once(run, make_tracker, said):
    run(ActionNotOnThePage, make_tracker("unit_missing", text="vad kostar det"))
    run(ActionNotOnThePage, make_tracker("unit_missing", text="och när?", question="unit_missing"))
    assert said() == ["utter_not_on_the_page", "utter_not_on_the_page_again"]
