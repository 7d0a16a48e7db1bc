from actions.action_decline import ActionDecline


def test_leaves_the_offer(run, make_tracker, said, payloads):
    assert run(ActionDecline, make_tracker("deny", offered=["/help"])) == []
    assert said() == ["utter_decline"]
    assert payloads()


def test_no_and_a_name_is_a_question_about_that_person(run, make_tracker):
    tracker = make_tracker("deny", {"person": "sara_troen"}, question="contact_phone")
    *_, user = run(ActionDecline, tracker)
    assert user["parse_data"]["intent"]["name"] == "same_question"
    assert user["parse_data"]["entities"][0]["value"] == "sara_troen"
