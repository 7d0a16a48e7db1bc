from actions.action_decline import ActionDecline


def test_leaves_the_offer(run, make_tracker, said, payloads):
    assert run(ActionDecline, make_tracker("deny", offered=["/help"])) == []
    assert said() == ["utter_decline"]
    assert payloads()


def test_no_and_a_name_is_a_question_about_that_person(run, make_tracker, asked):
    tracker = make_tracker("deny", {"person": "sara_troen"}, question="contact_phone")
    assert asked(run(ActionDecline, tracker)) == '/contact_phone{"person": "sara_troen"}'
