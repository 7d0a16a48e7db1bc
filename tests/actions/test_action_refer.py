import pytest

from actions.action_refer import ActionRefer

AREAS = ["/areas_open", "/areas_digital", "/areas_learning"]


@pytest.mark.parametrize(
    ("ordinal", "payload"),
    [("1", AREAS[0]), ("2", AREAS[1]), ("3", AREAS[2]), ("last", AREAS[2]), ("middle", AREAS[1])],
)
def test_takes_that_one_of_the_list(run, make_tracker, asked, ordinal, payload):
    tracker = make_tracker("refer", {"ordinal": ordinal}, listed=AREAS)
    assert asked(run(ActionRefer, tracker)) == payload


def test_the_next_one_follows_the_last_answer(run, make_tracker, asked):
    tracker = make_tracker("refer", {"ordinal": "next"}, listed=AREAS, question="areas_open")
    assert asked(run(ActionRefer, tracker)) == "/areas_digital"


def test_falls_back_to_what_was_offered(run, make_tracker, asked):
    tracker = make_tracker("refer", {"ordinal": "2"}, offered=["/role_head", "/contact_all"])
    assert asked(run(ActionRefer, tracker)) == "/contact_all"


@pytest.mark.parametrize("entities", [{}, {"ordinal": "4"}, {"ordinal": "next"}])
def test_asks_back_when_nothing_is_there(run, make_tracker, said, entities):
    events = run(ActionRefer, make_tracker("refer", entities, listed=AREAS))
    assert events == []
    assert said() == ["utter_refer_to_what"]


def test_not_her_but_the_other_one_is_whom_was_spoken_of_before(run, make_tracker, asked):
    entities = {"pronoun": "hon", "ordinal": "2"}
    tracker = make_tracker(
        "refer",
        entities,
        people=["eva_fred"],
        mentioned=["eva_fred", "anna_hansson", "bodil_alvarsdotter"],
        question="contact_email",
        listed=AREAS,
    )
    assert asked(run(ActionRefer, tracker)) == '/contact_email{"person": "anna_hansson"}'


def test_the_other_one_of_two_without_a_list(run, make_tracker, asked):
    tracker = make_tracker(
        "refer",
        {"ordinal": "2"},
        people=["kajsa_lunde"],
        mentioned=["kajsa_lunde", "eva_fred"],
        question="contact_phone",
        offered=["/contact_topic", "/contact_all"],
    )
    assert asked(run(ActionRefer, tracker)) == '/contact_phone{"person": "eva_fred"}'


def test_the_second_of_a_list_in_which_the_first_was_told(run, make_tracker, asked):
    people = ["anna_hansson", "bodil_alvarsdotter"]
    listed = [f'/contact_person{{"person": "{person}"}}' for person in people]
    slots = {"people": people[:1], "mentioned": people[::-1], "listed": listed}
    assert asked(run(ActionRefer, make_tracker("refer", {"ordinal": "2"}, **slots))) == listed[1]


def test_the_others_are_all_but_the_last_told(run, make_tracker):
    entities = {"group": "de", "ordinal": "2"}
    tracker = make_tracker("refer", entities, listed=AREAS, question="areas_learning")
    *_, user = run(ActionRefer, tracker)
    assert user["text"] == "/areas_open"
    assert [one["text"] for one in user["parse_data"]["further"]] == ["/areas_digital"]


def test_finds_the_list_that_the_last_answer_belongs_to(run, make_tracker, asked):
    tracker = make_tracker("refer", {"ordinal": "last"}, question="areas_open", offered=["/help"])
    assert asked(run(ActionRefer, tracker)) == "/areas_learning"


def test_when_the_next_one_is_asks_for_more(run, make_tracker):
    tracker = make_tracker("refer", {}, text="När går nästa?", question="mission_training")
    *_, user = run(ActionRefer, tracker)
    assert user["parse_data"]["intent"]["name"] == "more"


@pytest.mark.parametrize(
    ("text", "number", "payload"),
    [
        ("2", "2", AREAS[1]),
        ("nummer 2 tack", "2", AREAS[1]),
        ("den tre", "tre", AREAS[2]),
        ("ta 3", "3", AREAS[2]),
        ("alla tre", "tre", None),
        ("2+2?", "2", None),
        ("är ni bara två?", "två", None),
    ],
)
def test_a_number_points_only_where_it_stands_for_one(
    run, make_tracker, said, text, number, payload
):
    tracker = make_tracker("refer", text=text, listed=AREAS)
    start = text.index(number)
    value = {"två": "2", "tre": "3"}.get(number, number)
    entity = {"entity": "ordinal", "value": value, "start": start, "end": start + len(number)}
    tracker.latest_message["entities"] = [entity]
    events = run(ActionRefer, tracker)
    assert [e["text"] for e in events if e["event"] == "user"] == ([payload] if payload else [])
    assert said() == ([] if payload else ["utter_refer_to_what"])


def test_the_other_of_a_list_is_not_somebody_who_was_spoken_of_before_it(run, make_tracker, asked):
    tracker = make_tracker(
        "refer",
        {"ordinal": "2"},
        people=[],
        mentioned=["eva_fred"],
        question="areas_overview",
        listed=AREAS,
    )
    assert asked(run(ActionRefer, tracker)) == AREAS[1]


def test_buttons_that_came_after_a_list_are_meant(run, make_tracker, asked):
    offered = ["/role_head", "/contact_all"]
    tracker = make_tracker(
        "refer", {"ordinal": "2"}, listed=[], question="areas_overview", offered=offered
    )
    assert asked(run(ActionRefer, tracker)) == "/contact_all"


def test_a_number_that_no_list_has_is_a_button(run, make_tracker, asked):
    offered = [*AREAS, "/areas_count"]
    tracker = make_tracker("refer", {"ordinal": "4"}, listed=AREAS, offered=offered)
    assert asked(run(ActionRefer, tracker)) == "/areas_count"


def test_the_first_again_is_who_was_spoken_of_first(run, make_tracker, asked):
    tracker = make_tracker(
        "refer",
        {"ordinal": "1"},
        people=["kajsa_lunde"],
        mentioned=["kajsa_lunde", "anna_hansson", "eva_fred"],
        question="contact_person",
        offered=["/contact_all", "/contact_topic"],
    )
    assert asked(run(ActionRefer, tracker)) == '/contact_person{"person": "eva_fred"}'
