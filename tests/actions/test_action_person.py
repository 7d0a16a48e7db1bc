import pytest

from actions.action_person import ActionPerson


def test_tells_who_somebody_is_and_what_is_missing(run, make_tracker, said, slots, dispatcher):
    events = run(ActionPerson, make_tracker("contact_person", {"person": "eva_fred"}))
    assert said() == ["utter_person", "utter_person_missing", "utter_instead"]
    fields = dispatcher.messages[1]["fields"]
    assert fields == "Telefonnummer, e-postadress och ansvarsområden"
    assert slots(events)["people"] == ["eva_fred"]


@pytest.mark.parametrize("entities", [{}, {"pronoun": "hon"}])
def test_goes_on_about_the_same_person(run, make_tracker, dispatcher, entities):
    run(ActionPerson, make_tracker("contact_person", entities, people=["sara_troen"]))
    assert dispatcher.messages[0]["name"] == "Sara Tröen"


def test_says_that_nobody_here_has_the_name(run, make_tracker, said, dispatcher):
    tracker = make_tracker("contact_person", {"other_person": "Pelle"}, people=["eva_fred"])
    run(ActionPerson, tracker)
    assert said() == ["utter_person_unknown"]
    assert dispatcher.messages[0]["name"] == "Pelle"


def test_asks_whom_when_nothing_tells(run, make_tracker, said, payloads):
    run(ActionPerson, make_tracker("contact_person"))
    assert said() == ["utter_whom"]
    assert "/contact_all" in payloads()


def test_somebody_who_has_left_is_not_remembered(run, make_tracker, said):
    run(ActionPerson, make_tracker("contact_person", people=["left_long_ago"]))
    assert said() == ["utter_whom"]


def test_a_name_answers_which_of_them(run, make_tracker, asked):
    payload = '/contact_email{"person": "eva_fred"}'
    tracker = make_tracker("contact_person", {"person": "eva_fred"}, offered=[payload])
    assert asked(run(ActionPerson, tracker)) == payload


def test_whether_somebody_has_a_role_is_a_question_about_the_role(run, make_tracker):
    entities = {"person": "malin_carlsson", "role": "head"}
    events = run(ActionPerson, make_tracker("contact_person", entities, text="Så Malin är chef?"))
    assert events[-1]["parse_data"]["intent"]["name"] == "role_head"
    events = run(ActionPerson, make_tracker("contact_person", entities, text="Vem är Malin, chef?"))
    assert events[-1]["event"] == "slot"


def test_who_is_nobody_here_is_not_confirmed_to_have_a_title(run, make_tracker, said):
    tracker = make_tracker("contact_person", text="Malin Ek, konsulent. Rätt eller fel?")
    tracker.latest_message["entities"] = [
        {"entity": "other_person", "value": "Malin Ek", "start": 0, "end": 8},
        {"entity": "role", "value": "consultant", "start": 10, "end": 19},
    ]
    run(ActionPerson, tracker)
    assert said() == ["utter_person_unknown_claim"]
