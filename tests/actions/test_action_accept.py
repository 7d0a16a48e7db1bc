from actions.action_accept import ActionAccept


def test_takes_the_first_offer(run, make_tracker, asked):
    tracker = make_tracker("affirm", offered=["/areas_count", "/help"])
    assert asked(run(ActionAccept, tracker)) == "/areas_count"


def test_asks_what_when_nothing_was_offered(run, make_tracker, said):
    run(ActionAccept, make_tracker("affirm"))
    assert said() == ["utter_accept_what"]
