from actions.action_repeat import ActionRepeat


def test_asks_the_last_question_again(run, make_tracker, asked):
    assert asked(run(ActionRepeat, make_tracker("repeat", question="role_head"))) == "/role_head"


def test_asks_it_again_about_the_same_person(run, make_tracker, asked):
    tracker = make_tracker("repeat", question="contact_email", people=["eva_fred"])
    assert asked(run(ActionRepeat, tracker)) == '/contact_email{"person": "eva_fred"}'


def test_has_nothing_to_repeat_at_the_start(run, make_tracker, said):
    run(ActionRepeat, make_tracker("repeat"))
    assert said() == ["utter_refer_to_what"]
