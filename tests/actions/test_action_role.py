from actions.action_role import ActionRole


def test_names_the_one_who_has_the_role(run, make_tracker, said, dispatcher, slots):
    events = run(ActionRole, make_tracker("role_head"))
    assert said() == ["utter_role_one"]
    assert dispatcher.messages[0]["name"] == "Daniella Pind"
    assert slots(events)["people"] == ["daniella_pind"]


def test_lists_those_who_share_a_role(run, make_tracker, said, dispatcher, slots):
    events = run(ActionRole, make_tracker("role_consultant"))
    assert said() == ["utter_role_many"]
    assert len(dispatcher.messages[0]["people"].splitlines()) == 8
    assert slots(events)["listed"][1] == '/contact_person{"person": "bodil_alvarsdotter"}'


def test_whether_they_have_one_asks_the_last_question_again(run, make_tracker, asked):
    last = {"text": "Har projektledaren något?", "question": "contact_phone"}
    events = run(ActionRole, make_tracker("role_project_leader", **last))
    assert asked(events) == '/contact_phone{"person": "malin_carlsson"}'
    last = {"text": "Har ni en projektledare?", "question": "mission_law"}
    assert run(ActionRole, make_tracker("role_project_leader", **last))[0]["event"] == "slot"
