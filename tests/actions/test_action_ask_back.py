import pytest

from actions.action_ask_back import ActionAskBack


def with_ranking(tracker, *names):
    tracker.latest_message["intent_ranking"] = [{"name": n, "confidence": 0.1} for n in names]
    return tracker


def test_offers_the_nearest_questions(run, make_tracker, said, payloads):
    near = ["nlu_fallback", "mission_law", "oos", "role_head", "thanks", "contact_topic", "help"]
    run(ActionAskBack, with_ranking(make_tracker("nlu_fallback"), *near))
    assert said() == ["utter_unsure"]
    assert payloads() == ["/mission_law", "/role_head", "/contact_topic"]


def test_offers_help_when_nothing_is_near(run, make_tracker, payloads):
    run(ActionAskBack, with_ranking(make_tracker("nlu_fallback"), "oos"))
    assert payloads() == ["/help"]


@pytest.mark.parametrize(
    ("facet", "intent"), [("phone", "contact_phone"), ("what", "contact_person")]
)
def test_asks_which_of_two_is_meant(answer, payloads, facet, intent):
    people = ["person:eva_fred", "person:sara_troen"]
    assert answer(ActionAskBack, people, facet) == ["utter_which_person"]
    assert payloads()[1] == f'/{intent}{{"person": "sara_troen"}}'


def test_one_of_many_is_asked_for_by_name(answer, knowledge):
    everybody = [f"person:{name}" for name in knowledge.people]
    assert answer(ActionAskBack, everybody, "phone") == ["utter_whom"]


def test_asks_who_is_meant_where_nobody_was_named(answer, payloads):
    assert answer(ActionAskBack, [], "what") == ["utter_whom"]
    assert payloads() == ["/contact_all", "/role_head"]
