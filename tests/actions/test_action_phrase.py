from actions.action_phrase import ActionPhrase


def test_utters_the_phrase_of_the_intent(run, make_tracker, said):
    assert run(ActionPhrase, make_tracker("thanks")) == []
    assert said() == ["utter_thanks"]
