import pytest

from actions.action_phrase import ActionPhrase


@pytest.mark.parametrize("intent", ["greet", "local", "emergency", "oos"])
def test_utters_what_is_named_after_the_intent(run, make_tracker, said, intent):
    run(ActionPhrase, make_tracker(intent, text="några ord"))
    assert said() == [f"utter_{intent}"]


@pytest.mark.parametrize("intent", ["local", "emergency"])
def test_does_not_say_the_same_twice(run, make_tracker, said, slots, intent):
    question = slots(run(ActionPhrase, make_tracker(intent)))["question"]
    run(ActionPhrase, make_tracker(intent, question=question))
    assert said() == [f"utter_{intent}", f"utter_{intent}_again"]


@pytest.mark.parametrize(
    ("text", "question", "intent"),
    [
        ("och i Borås?", "local", "local"),
        ("det finns ingen som bryr sig", "emergency", "emergency"),
        ("kostar det något att gå på dem?", "mission_training", "more"),
        ("var anmäler man sig", "mission_training", "more"),
        ("hur anmäler man sig då?", "unit_missing", "unit_missing"),
        ("vem vinner riksdagsvalet?", "mission_training", None),
        ("vem vann Melodifestivalen i år?", "mission_training", None),
        ("och i Borås?", "greet", None),
    ],
)
def test_what_is_unclear_goes_on_about_the_last_answer(run, make_tracker, text, question, intent):
    tracker = make_tracker("oos", text=text, question=question, confidence=0.6)
    events = run(ActionPhrase, tracker)
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == ([intent] if intent else [])


@pytest.mark.parametrize(
    ("text", "question", "goes_on"),
    [
        ("Vad blir det för väder imorgon?", "mission_partners", False),
        ("Var förnyar jag mitt pass?", "local", False),
        ("och i Borås?", "local", True),
        ("hjälp mig då", "emergency", True),
    ],
)
def test_what_is_clearly_something_else_does_not_go_on(run, make_tracker, text, question, goes_on):
    events = run(ActionPhrase, make_tracker("oos", text=text, question=question, confidence=1.0))
    assert bool([e for e in events if e["event"] == "user"]) == goes_on


@pytest.mark.parametrize(
    ("intent", "text", "stays"),
    [
        ("bot_challenge", "är du kvar?", True),
        ("help", "vad ska jag göra", True),
        ("thanks", "tack", False),
        ("goodbye", "hej då", False),
    ],
)
def test_whoever_is_in_danger_is_told_so_until_they_leave(run, make_tracker, intent, text, stays):
    events = run(ActionPhrase, make_tracker(intent, text=text, question="emergency"))
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == (["emergency"] if stays else [])


@pytest.mark.parametrize("intent", ["thanks", "goodbye"])
def test_whoever_leaves_danger_is_not_offered_more_answers(run, make_tracker, said, intent):
    assert run(ActionPhrase, make_tracker(intent, text="tack", question="emergency")) == []
    assert said() == ["utter_emergency_ending"]


@pytest.mark.parametrize(
    ("text", "question", "people", "intent"),
    [
        ("vad heter den?", "mission_publications", [], "unit_missing"),
        ("Och vad heter hon då?", "role_head", ["daniella_pind"], "contact_person"),
        ("vad heter du?", "mission_publications", [], None),
        ("vad heter den?", None, [], None),
    ],
)
def test_the_name_of_what_was_told_is_not_the_bots(
    run, make_tracker, text, question, people, intent
):
    tracker = make_tracker("bot_name", text=text, question=question, people=people)
    events = run(ActionPhrase, tracker)
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == ([intent] if intent else [])


@pytest.mark.parametrize(("intent", "left"), [("greet", {"listed": []}), ("thanks", {})])
def test_new_buttons_take_the_place_of_a_list(run, make_tracker, slots, intent, left):
    assert slots(run(ActionPhrase, make_tracker(intent, listed=["/areas_open"]))) == left


@pytest.mark.parametrize(
    ("text", "question", "about_something"),
    [
        ("Jag vill sälja in ett författarbesök till biblioteken. Vem talar jag med?", None, True),
        ("vem pratar jag med då", "mission_partners", True),
        ("God kväll, vem talar jag med?", None, False),
        ("vem pratar jag med", "contact_person", False),
    ],
)
def test_whom_to_talk_to_about_something(run, make_tracker, text, question, about_something):
    events = run(ActionPhrase, make_tracker("bot_challenge", text=text, question=question))
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == ["contact_topic"] * about_something


@pytest.mark.parametrize(("kind", "is_told"), [("person", True), ("other_person", False)])
def test_a_question_about_ours_in_another_language_is_answered(
    run, make_tracker, said, kind, is_told
):
    tracker = make_tracker("foreign", {kind: "sara_troen"}, text="Is Sara Tröen the head?")
    asked = [e for e in run(ActionPhrase, tracker) if e["event"] == "user"]
    assert said() == ["utter_foreign_person" if is_told else "utter_foreign"]
    assert bool(asked) == is_told
