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
    assert said() == ["utter_person_unknown_claim"]
    tracker = make_tracker("role_head", text="Vem är chef? Lisa Ek")
    tracker.latest_message["entities"] = [{**stranger, "start": 13, "end": 20}]
    run(ActionRole, tracker)
    assert said()[1:] == ["utter_role_one"]


@pytest.mark.parametrize(
    ("text", "role", "about", "said_so", "named"),
    [
        ("Är hon chef?", "head", {"pronoun": "hon"}, "utter_claim_false", ["Eva Fred", "Daniella"]),
        ("Eva är väl konsulent, eller hur?", "consultant", {"person": "eva_fred"},
         "utter_claim_true", ["Eva Fred"]),
        ("Är hon konsulent?", "consultant", {"pronoun": "hon"}, "utter_claim_true", ["Eva Fred"]),
        ("Vem är chef för henne?", "head", {"pronoun": "henne"}, "utter_role_one", ["Daniella"]),
        ("Jag söker Eva som är konsulent", "consultant", {"person": "eva_fred"},
         "utter_role_many", []),
    ],
)  # fmt: skip
def test_what_is_claimed_of_somebody_is_true_or_not(
    run, make_tracker, said, dispatcher, text, role, about, said_so, named
):
    run(ActionRole, make_tracker(f"role_{role}", about, text=text, people=["eva_fred"]))
    assert said()[0] == said_so
    told = [str(m.get("name") or m.get("names")) for m in dispatcher.messages]
    assert all(any(name in one for one in told) for name in named)


def test_who_is_claimed_to_be_more_than_one(run, make_tracker, said, dispatcher):
    tracker = make_tracker(
        "role_consultant",
        {"group": "båda"},
        text="Är båda konsulenter?",
        people=["eva_fred"],
        mentioned=["eva_fred", "anna_hansson"],
    )
    run(ActionRole, tracker)
    assert said()[0] == "utter_claim_true"
    assert dispatcher.messages[0]["names"] == "Anna Hansson och Eva Fred"
    assert dispatcher.messages[0]["title"] == "konsulenter"


@pytest.mark.parametrize(
    ("people", "said_so"),
    [
        (["eva_fred", "anna_hansson"], ["utter_none_of_them", "utter_role_one"]),
        (["eva_fred", "daniella_pind"], ["utter_role_one"]),
    ],
)
def test_which_of_them_may_be_none(run, make_tracker, said, people, said_so):
    tracker = make_tracker("role_head", {"group": "dem"}, text="Vem av dem är chef?", people=people)
    run(ActionRole, tracker)
    assert said() == said_so


def test_one_alone_is_no_list_to_choose_from(run, make_tracker, slots):
    assert slots(run(ActionRole, make_tracker("role_head")))["listed"] == []


@pytest.mark.parametrize(
    ("text", "all_of_them"),
    [
        ("vilka är inte konsulenter", True),
        ("Vilka jobbar hos er förutom konsulenterna?", True),
        ("Är det inte Daniella som är chef?", False),
        ("vilka är konsulenter", False),
    ],
)
def test_whoever_has_another_role_is_told_with_all(run, make_tracker, text, all_of_them):
    events = run(ActionRole, make_tracker("role_consultant", text=text))
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == ["contact_all"] * all_of_them


@pytest.mark.parametrize(
    ("text", "question", "of_another"),
    [
        ("Vem är chef där?", "mission_responsible", True),
        ("har de en chef?", "mission_responsible", True),
        ("Vem är chef?", "mission_responsible", False),
        ("Vem är chef där?", "mission_overview", False),
    ],
)
def test_the_head_there_is_not_ours(run, make_tracker, text, question, of_another):
    events = run(ActionRole, make_tracker("role_head", text=text, question=question))
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == ["repeat"] * of_another


def test_offers_no_number_that_nobody_has(run, make_tracker, payloads):
    run(ActionRole, make_tracker("role_head"))
    assert "/contact_phone" not in payloads()
    assert "/role_project_leader" in payloads()


@pytest.mark.parametrize(
    ("text", "question", "of_the_fact"),
    [
        ("vem har beslutat om den?", "mission_plan", True),
        ("vem bestämmer då?", "mission_not_a_library", True),
        ("vem bestämmer hos er?", "mission_plan", False),
        ("vem har beslutat om den?", None, False),
    ],
)
def test_who_did_what_was_told_of_is_not_our_head(run, make_tracker, text, question, of_the_fact):
    events = run(ActionRole, make_tracker("role_head", text=text, question=question))
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == ["more"] * of_the_fact
