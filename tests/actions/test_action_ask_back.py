import pytest

from actions.action_ask_back import ActionAskBack


def with_ranking(tracker, *names):
    tracker.latest_message["intent_ranking"] = [{"name": n, "confidence": 0.1} for n in names]
    return tracker


def test_offers_the_nearest_questions(run, make_tracker, said, payloads):
    near = [
        "nlu_fallback",
        "mission_law",
        "oos",
        "role_head",
        "thanks",
        "contact_topic",
        "areas_open",
    ]
    run(ActionAskBack, with_ranking(make_tracker("nlu_fallback"), *near))
    assert said() == ["utter_unsure"]
    assert payloads() == ["/mission_law", "/role_head", "/contact_topic"]


def test_offers_help_when_nothing_is_near(run, make_tracker, payloads):
    run(ActionAskBack, with_ranking(make_tracker("nlu_fallback"), "oos"))
    assert payloads() == ["/help"]


def test_the_chosen_question_is_about_the_person_named(run, make_tracker, slots):
    tracker = with_ranking(make_tracker("nlu_fallback", {"person": "eva_fred"}), "mission_law")
    assert slots(run(ActionAskBack, tracker))["people"] == ["eva_fred"]


@pytest.mark.parametrize("entities", [{"pronoun": "henne"}, {"person": "eva_fred"}])
def test_a_question_about_people_needs_no_asking(run, make_tracker, asked, entities):
    tracker = make_tracker("nlu_fallback", entities, text="och till henne", people=["eva_fred"])
    assert asked(run(ActionAskBack, with_ranking(tracker, "oos", "contact_email")))


@pytest.mark.parametrize(
    ("text", "goes_on"), [("Varför då?", True), ("vilka kommuner", True), ("bibliotek", False)]
)
def test_a_short_question_after_a_fact_asks_for_more(run, make_tracker, text, goes_on):
    tracker = make_tracker("nlu_fallback", text=text, question="mission_partners")
    events = run(ActionAskBack, with_ranking(tracker, "mission_law"))
    assert [e["parse_data"]["intent"]["name"] for e in events[1:]] == ["more"] * goes_on


def test_a_stranger_is_answered_as_the_nearest_question(run, make_tracker):
    tracker = make_tracker("nlu_fallback", {"other_person": "Margareta Lind"})
    *_, user = run(ActionAskBack, with_ranking(tracker, "contact_person", "contact_all"))
    assert user["parse_data"]["intent"]["name"] == "contact_person"
    assert user["parse_data"]["entities"][0]["value"] == "Margareta Lind"


@pytest.mark.parametrize(
    ("question", "intent"), [("contact_person", "contact_all"), ("mission_law", None)]
)
def test_which_others_there_are_after_somebody_means_the_staff(run, make_tracker, question, intent):
    tracker = make_tracker("nlu_fallback", text="vilka andra finns?", question=question)
    events = run(ActionAskBack, with_ranking(tracker, "mission_partners"))
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert ("contact_all" in taken_as) == bool(intent)
