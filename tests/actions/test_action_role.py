import pytest

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


@pytest.mark.parametrize(
    "text",
    ["Har projektledaren något?", "och projektledaren?", "projektledaren då", "o chefen då?"],
)
def test_a_few_words_after_a_number_ask_for_another(run, make_tracker, asked, text):
    events = run(
        ActionRole, make_tracker("role_project_leader", text=text, question="contact_phone")
    )
    assert asked(events) == '/contact_phone{"person": "malin_carlsson"}'


@pytest.mark.parametrize(
    ("text", "question"),
    [("och projektledaren?", "mission_law"), ("vem är projektledare?", "contact_phone")],
)
def test_else_the_role_itself_is_asked_for(run, make_tracker, said, text, question):
    run(ActionRole, make_tracker("role_project_leader", text=text, question=question))
    assert said() == ["utter_role_one"]


def test_says_no_when_somebody_has_another_role(run, make_tracker, dispatcher):
    tracker = make_tracker(
        "role_head", {"pronoun": "hon"}, text="är hon chef?", people=["eva_fred"]
    )
    run(ActionRole, tracker)
    assert [m["name"] for m in dispatcher.messages] == ["Eva Fred", "Daniella Pind"]


def test_does_not_say_twice_who_has_the_role(run, make_tracker, dispatcher):
    run(ActionRole, make_tracker("role_head", {"person": "daniella_pind"}))
    assert [m["name"] for m in dispatcher.messages] == ["Daniella Pind"]


def test_a_stranger_has_no_role_here(run, make_tracker, said):
    stranger = {"entity": "other_person", "value": "Lisa Ek", "start": 3, "end": 10}
    tracker = make_tracker("role_head", text="Är Lisa Ek chef?")
    tracker.latest_message["entities"] = [stranger]
    run(ActionRole, tracker)
    assert said() == ["utter_person_unknown"]
    tracker = make_tracker("role_head", text="Vem är chef? Lisa Ek")
    tracker.latest_message["entities"] = [{**stranger, "start": 13, "end": 20}]
    run(ActionRole, tracker)
    assert said()[1:] == ["utter_role_one"]
