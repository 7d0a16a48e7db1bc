import pytest

from actions.action_fact import ActionFact


def test_tells_the_fact_and_offers_its_follow_ups(run, make_tracker, said, payloads, dispatcher):
    run(ActionFact, make_tracker("mission_law"))
    assert said() == ["mission_law"]
    assert "2013:801" in dispatcher.messages[0]["text"]
    assert payloads() == ["/mission_responsible", "/mission_plan", "/mission_audience"]


def test_remembers_the_list_for_ordinals(run, make_tracker, slots):
    events = run(ActionFact, make_tracker("areas_overview"))
    assert slots(events)["listed"] == ["/areas_open", "/areas_digital", "/areas_learning"]


def test_forgets_people_but_keeps_an_older_list(run, make_tracker, slots):
    remembered = slots(run(ActionFact, make_tracker("mission_law")))
    assert remembered == {"question": "mission_law", "people": [], "mentioned": []}


def test_says_so_when_the_fact_is_gone(run, make_tracker, said):
    run(ActionFact, make_tracker("mission_removed"))
    assert said() == ["utter_oos"]


@pytest.mark.parametrize(
    ("text", "question", "intent"),
    [
        ("Och om digital kompetens?", "contact_topic", "contact_topic"),
        ("Och om digital kompetens?", "mission_law", None),
        ("Vad är digital kompetens?", "contact_topic", None),
    ],
)
def test_whom_to_contact_about_another_topic(run, make_tracker, text, question, intent):
    events = run(ActionFact, make_tracker("areas_digital", text=text, question=question))
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == ([intent] if intent else [])


def test_an_ordinal_after_a_list_of_people_means_one_of_them(run, make_tracker):
    people = [f'/contact_person{{"person": "{p}"}}' for p in ("a", "b", "c", "eva_fred")]
    tracker = make_tracker("areas_count", {"ordinal": "4"}, text="å den fjärde", listed=people)
    *_, user = run(ActionFact, tracker)
    assert user["parse_data"]["intent"]["name"] == "refer"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Skillnad på lärande och öppna?", ["areas_learning", "areas_open"]),
        ("Vad är Det ÖPPNA biblioteket?", ["areas_open"]),
        ("öppna, digitala, lärande?", ["areas_open", "areas_digital", "areas_learning"]),
        ("Det digitala och det lärande?", ["areas_open"]),
        ("öppnare digitalare", ["areas_open"]),
    ],
)
def test_facts_that_a_message_names_together_are_told_together(
    run, make_tracker, dispatcher, knowledge, payloads, slots, text, told
):
    events = run(ActionFact, make_tracker("areas_open", text=text))
    lines = dispatcher.messages[0]["text"].split("\n")
    # What each of them leaves out is the same, and said once.
    facts = [knowledge.facts[fact] for fact in told]
    assert lines == [*(fact.answer for fact in facts), facts[0].lacks]
    assert not {f"/{fact}" for fact in told} & set(payloads())
    assert slots(events).get("listed") == ([f"/{fact}" for fact in told] if told[1:] else None)


def test_what_else_a_message_asks_is_still_answered(run, make_tracker, said):
    tracker = make_tracker("areas_open", text="öppna och digitala, vem är chef?")
    tracker.latest_message["further"] = [{"text": "vem är chef?", "intent": {"name": "role_head"}}]
    *_, user = run(ActionFact, tracker)
    assert said() == ["areas_open"]
    assert user["parse_data"]["intent"]["name"] == "role_head"


def test_a_fact_that_has_been_told_is_not_told_again(run, make_tracker, said):
    tracker = make_tracker("areas_open", text="öppna och digitala")
    tracker.latest_message["further"] = [{"text": "digitala", "intent": {"name": "areas_digital"}}]
    events = run(ActionFact, tracker)
    assert said() == ["areas_open"]
    assert not [event for event in events if event["event"] == "user"]


@pytest.mark.parametrize(
    ("text", "question", "intent"),
    [
        ("hur många är det?", "contact_all", "repeat"),
        ("hur många är de då", "role_consultant", "repeat"),
        ("hur många är det?", "areas_overview", None),
        ("hur många områden är det?", "contact_all", None),
        ("kan ni stoppa det?", "local", "local"),
        ("och på lördag?", "local", "local"),
        ("vad gör ni då?", "local", None),
        ("kan ni stoppa det?", "mission_law", None),
    ],
)
def test_a_few_words_may_be_about_the_last_answer(run, make_tracker, text, question, intent):
    events = run(ActionFact, make_tracker("areas_count", text=text, question=question))
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == ([intent] if intent else [])


@pytest.mark.parametrize(
    ("question", "counts"),
    [
        ("areas_overview", True), ("areas_open", True), ("mission_plan", True), (None, True),
        ("unit_missing", False), ("mission_partners", False), ("mission_audience", False),
    ],
)  # fmt: skip
def test_how_many_counts_what_was_told_last(run, make_tracker, question, counts):
    tracker = make_tracker("areas_count", text="och hur många är de?", question=question)
    events = run(ActionFact, tracker)
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == ([] if counts else ["unit_missing"])


def test_after_a_menu_a_fact_is_part_of_its_list_again(run, make_tracker, slots):
    assert slots(run(ActionFact, make_tracker("areas_open", listed=[])))["listed"] is None
    assert "listed" not in slots(run(ActionFact, make_tracker("areas_open", listed=["/help"])))
