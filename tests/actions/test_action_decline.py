from actions.action_decline import ActionDecline


def test_leaves_the_offer(run, make_tracker, said, payloads):
    assert run(ActionDecline, make_tracker("deny", offered=["/help"])) == []
    assert said() == ["utter_decline"]
    assert payloads()
