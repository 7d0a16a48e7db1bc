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
    tracker = with_ranking(make_tracker("nlu_fallback", {"person": "eva_fred"}), "contact_phone")
    assert slots(run(ActionAskBack, tracker))["people"] == ["eva_fred"]


def test_a_stranger_is_nobody_here(run, make_tracker, said):
    tracker = make_tracker("nlu_fallback", {"other_person": "Margareta Lind"})
    run(ActionAskBack, with_ranking(tracker, "contact_person", "contact_all"))
    assert said() == ["utter_person_unknown"]
