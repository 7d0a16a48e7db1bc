import pytest

from actions.action_reach import ActionReach


def with_details(knowledge, person, **details):
    """Knowledge in which a person has got a telephone number or an e-mail address."""
    changed = [p.copy(update=details) if p.id == person else p for p in knowledge.people.values()]
    roles = list(knowledge.roles.values())
    facts = list(knowledge.facts.values())
    return type(knowledge)(knowledge.unit, facts, roles, changed, knowledge.questions)


@pytest.mark.parametrize(
    ("intent", "field"), [("contact_phone", "phone"), ("contact_email", "email")]
)
def test_says_that_it_is_missing_and_where_to_turn(run, make_tracker, said, intent, field):
    run(ActionReach, make_tracker(intent, {"person": "bodil_alvarsdotter"}))
    assert said() == [f"utter_{field}_missing", "utter_instead"]


def test_gives_what_staff_have_filled_in(knowledge, make_tracker, dispatcher, said):
    filled = with_details(knowledge, "eva_fred", phone="010-123 45 67")
    tracker = make_tracker("contact_phone", {"person": "eva_fred"})
    ActionReach(lambda: filled).run(dispatcher, tracker, {})
    assert said() == ["utter_phone", "utter_anything_else"]
    assert dispatcher.messages[0]["value"] == "010-123 45 67"
    assert dispatcher.messages[0]["custom"]["contacts"][0]["phone"] == "010-123 45 67"


def test_gives_the_other_way_when_only_that_is_known(knowledge, make_tracker, dispatcher, said):
    filled = with_details(knowledge, "eva_fred", email="eva@exempel.se")
    tracker = make_tracker("contact_phone", {"person": "eva_fred"})
    ActionReach(lambda: filled).run(dispatcher, tracker, {})
    assert said() == ["utter_phone_missing", "utter_email", "utter_anything_else"]


@pytest.mark.parametrize(
    ("entities", "name"),
    [
        ({}, "Daniella Pind"),
        ({"pronoun": "hon"}, "Daniella Pind"),
        ({"pronoun": "hennes", "unit": "ni"}, "Daniella Pind"),
        ({"unit": "ni"}, "Biblioteksutveckling"),
        ({"role": "project_leader"}, "Malin Carlsson"),
        ({"role": "project_leader", "pronoun": "hon"}, "Daniella Pind"),
        ({"person": "eva_fred"}, "Eva Fred"),
    ],
)
def test_about_whom(run, make_tracker, dispatcher, entities, name):
    run(ActionReach, make_tracker("contact_phone", entities, people=["daniella_pind"]))
    assert dispatcher.messages[0]["name"] == name


def test_about_the_unit_when_nobody_is_in_focus(run, make_tracker, dispatcher):
    run(ActionReach, make_tracker("contact_email"))
    assert dispatcher.messages[0]["name"] == "Biblioteksutveckling"


def test_says_once_what_several_lack(run, make_tracker, said, dispatcher):
    run(ActionReach, make_tracker("contact_phone", people=["eva_fred", "sara_troen"]))
    assert said() == ["utter_phone_missing_several", "utter_instead"]
    assert dispatcher.messages[0]["name"] == "Eva Fred och Sara Tröen"


def test_a_stranger_gets_no_number_of_somebody_else(run, make_tracker, said):
    tracker = make_tracker("contact_phone", {"other_person": "Pelle"}, people=["eva_fred"])
    run(ActionReach, tracker)
    assert said() == ["utter_person_unknown"]
