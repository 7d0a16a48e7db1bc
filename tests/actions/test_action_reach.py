import pytest

from actions.action_reach import ActionReach

BOTH = "Sara Tröen och Eva Fred"


def with_details(knowledge, person, **details):
    """Knowledge in which a person has got a telephone number or an e-mail address."""
    changed = [
        p.model_copy(update=details) if p.id == person else p for p in knowledge.people.values()
    ]
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
        ({"role": "project_leader", "pronoun": "hon"}, "Malin Carlsson"),
        ({"pronoun": "hon", "role": "project_leader"}, "Daniella Pind"),
        ({"person": "eva_fred"}, "Eva Fred"),
    ],
)
def test_about_whom(run, make_tracker, dispatcher, entities, name):
    run(ActionReach, make_tracker("contact_phone", entities, people=["daniella_pind"]))
    assert dispatcher.messages[0]["name"] == name


def test_about_the_unit_when_nobody_is_in_focus(run, make_tracker, dispatcher):
    run(ActionReach, make_tracker("contact_email"))
    assert dispatcher.messages[0]["name"] == "Biblioteksutveckling"


@pytest.mark.parametrize(
    ("entities", "slots", "name"),
    [
        ({"pronoun": "hon"}, {"mentioned": ["sara_troen", "eva_fred"]}, "Sara Tröen"),
        ({"group": "de"}, {"people": ["eva_fred"], "mentioned": ["eva_fred", "sara_troen"]}, BOTH),
        ({"group": "de"}, {"people": ["sara_troen", "eva_fred"]}, BOTH),
        ({"group": "dem", "ordinal": "last"}, {"people": ["sara_troen", "eva_fred"]}, "Eva Fred"),
        ({"group": "de"}, {}, "Biblioteksutveckling"),
    ],
)
def test_whom_she_and_they_are(run, make_tracker, dispatcher, entities, slots, name):
    run(ActionReach, make_tracker("contact_phone", entities, **slots))
    assert dispatcher.messages[0]["name"] == name


def test_asks_which_of_two_is_meant_by_her(run, make_tracker, said, payloads):
    entities = {"pronoun": "henne"}
    run(ActionReach, make_tracker("contact_phone", entities, people=["eva_fred", "sara_troen"]))
    assert said() == ["utter_which_person"]
    assert payloads()[1] == '/contact_phone{"person": "sara_troen"}'


def test_her_among_many_is_asked_for_by_name(run, make_tracker, said, knowledge):
    tracker = make_tracker("contact_phone", {"pronoun": "henne"}, people=list(knowledge.people))
    run(ActionReach, tracker)
    assert said() == ["utter_whom"]


def test_many_in_focus_are_not_a_bare_number(run, make_tracker, dispatcher, knowledge):
    run(ActionReach, make_tracker("contact_phone", people=list(knowledge.people)))
    assert dispatcher.messages[0]["name"] == "Biblioteksutveckling"


def two_annas(knowledge):
    twin = knowledge.people["anna_hansson"].model_copy(
        update={"id": "anna_berg", "name": "Anna Berg"}
    )
    people = [*knowledge.people.values(), twin]
    roles = list(knowledge.roles.values())
    facts = list(knowledge.facts.values())
    return type(knowledge)(knowledge.unit, facts, roles, people, knowledge.questions)


def naming(tracker, *people):
    tracker.latest_message["entities"] = [
        {"entity": "person", "value": person, "start": 5, "end": 9} for person in people
    ]
    return tracker


@pytest.mark.parametrize(
    ("mentioned", "said_first"),
    [([], "utter_which_person"), (["anna_berg"], "utter_phone_missing")],
)
def test_asks_which_anna(knowledge, make_tracker, dispatcher, said, mentioned, said_first):
    tracker = make_tracker("contact_phone", mentioned=mentioned)
    annas = two_annas(knowledge)
    ActionReach(lambda: annas).run(dispatcher, naming(tracker, "anna_berg", "anna_hansson"), {})
    assert said()[0] == said_first


def test_says_once_what_several_lack(run, make_tracker, said, dispatcher):
    run(ActionReach, make_tracker("contact_phone", people=["eva_fred", "sara_troen"]))
    assert said() == ["utter_phone_missing_several", "utter_instead"]
    assert dispatcher.messages[0]["name"] == "Eva Fred och Sara Tröen"


def test_a_stranger_gets_no_number_of_somebody_else(run, make_tracker, said):
    tracker = make_tracker("contact_phone", {"other_person": "Pelle"}, people=["eva_fred"])
    run(ActionReach, tracker)
    assert said() == ["utter_person_unknown"]


def test_says_both_when_both_are_asked_for(run, make_tracker, said, dispatcher):
    tracker = make_tracker("contact_email", people=["eva_fred"])
    tracker.latest_message["entities"] = [
        {"entity": "way", "value": "phone", "start": 0},
        {"entity": "way", "value": "email", "start": 6},
    ]
    run(ActionReach, tracker)
    assert said() == ["utter_phone_missing", "utter_email_missing", "utter_instead"]


def test_one_way_beside_another_question_changes_nothing(run, make_tracker, said):
    run(ActionReach, make_tracker("contact_phone", {"way": "email"}, people=["eva_fred"]))
    assert said()[0] == "utter_phone_missing"


def test_the_two_are_both(run, make_tracker, dispatcher):
    people = ["eva_fred", "sara_troen"]
    entities = {"group": "de", "ordinal": "2"}
    run(ActionReach, make_tracker("contact_phone", entities, text="de två då", people=people))
    assert dispatcher.messages[0]["name"] == "Eva Fred och Sara Tröen"


def test_the_last_of_those_just_listed_is_meant(run, make_tracker, said, dispatcher):
    text = "Vad har den sista för nummer?"
    tracker = make_tracker("contact_phone", text=text, people=["eva_fred", "orjan_hellstrom"])
    tracker.latest_message["entities"] = [
        {"entity": "ordinal", "value": "last", "start": text.index("sista")}
    ]
    run(ActionReach, tracker)
    assert dispatcher.messages[0]["name"] == "Örjan Hellström"


def test_a_number_is_no_place_in_a_list(run, make_tracker, dispatcher):
    text = "har de ett nummer"
    tracker = make_tracker("contact_phone", text=text, people=["eva_fred", "orjan_hellstrom"])
    tracker.latest_message["entities"] = [
        {"entity": "ordinal", "value": "1", "start": text.index("ett")},
    ]
    run(ActionReach, tracker)
    assert dispatcher.messages[0]["name"] == "Eva Fred och Örjan Hellström"


def test_they_are_those_of_the_list(run, make_tracker, knowledge, dispatcher):
    listed = [knowledge.button("contact_person", name)["payload"] for name in knowledge.people]
    tracker = make_tracker("contact_phone", {"group": "dem"}, listed=listed, question="contact_all")
    run(ActionReach, tracker)
    assert dispatcher.messages[0]["response"] == "utter_phone_missing_many"
    assert dispatcher.messages[0]["count"] == 10


@pytest.mark.parametrize(
    ("text", "cannot"),
    [
        ("kan du be henne ringa mig?", True),
        ("ring upp mig", True),
        ("Kan ni ringa mig", True),
        ("Kan jag ringa Sara?", False),
        ("vilket nummer ska jag ringa", False),
    ],
)
def test_says_that_it_can_ask_nobody_to_call(run, make_tracker, said, text, cannot):
    run(ActionReach, make_tracker("contact_phone", {"person": "sara_troen"}, text=text))
    assert (said()[0] == "utter_no_human") == cannot


def test_their_number_is_not_ours(run, make_tracker):
    tracker = make_tracker(
        "contact_phone",
        {"group": "de"},
        text="vad har de för nummer",
        question="mission_responsible",
    )
    _, user = run(ActionReach, tracker)
    assert user["parse_data"]["intent"]["name"] == "repeat"
