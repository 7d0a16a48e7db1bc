import pytest

from actions.action_facet import ActionFacet

BOTH = ["person:sara_troen", "person:eva_fred"]


def test_a_fact_is_told_whole(answer, knowledge, payloads):
    fact = knowledge.facts["mission_law"]
    (said,) = answer(ActionFacet, ["mission_law"], "what", act="ask")
    assert said == fact.statement.strip()
    assert payloads() == [f"/{one}" for one in fact.follow_ups]


def test_facts_asked_for_together_are_told_together(answer, knowledge):
    topics = ["areas_open", "areas_digital"]
    (text,) = answer(ActionFacet, topics, "what", act="ask")
    assert all(knowledge.facts[one].statement.strip() in text for one in topics)


def test_what_a_fact_lacks_is_said_last(answer, knowledge, monkeypatch):
    fact = knowledge.facts["mission_law"].model_copy(update={"lacks": "Mer står inte där."})
    monkeypatch.setitem(knowledge.facts, "mission_law", fact)
    (said,) = answer(ActionFacet, ["mission_law"], "what", act="ask")
    assert said.endswith("\nMer står inte där.")


def test_what_the_page_tells_comes_before_what_it_leaves_out(answer, dispatcher, knowledge):
    said = answer(ActionFacet, ["mission_training"], "who")
    fact = knowledge.facts["mission_training"]
    left = fact.leaves_out["who"]
    assert said == ["utter_told", "utter_left_out", "utter_ask_instead"]
    assert dispatcher.messages[0]["text"] == fact.tells["who"]
    assert dispatcher.messages[1]["what"] == left[0].upper() + left[1:]


def test_what_is_only_left_out_ends_with_whom_to_ask(answer, dispatcher):
    said = answer(ActionFacet, ["mission_training"], "cost")
    assert said == ["utter_left_out", "utter_ask_instead"]
    assert dispatcher.messages[0]["buttons"] == []
    assert dispatcher.messages[1]["whom"] == "enhetschef Daniella Pind"


def test_the_same_again_is_said_in_other_words(answer):
    said = answer(ActionFacet, ["mission_training"], "cost", said=["mission_training.cost"])
    assert said == ["utter_left_out_again"]


def test_what_was_told_is_kept_for_the_next_reply(run, make_tracker, slots):
    asked = {"act": "follow", "topics": ["mission_training"], "facet": "cost"}
    tracker = make_tracker("oos", decision={"action": "action_facet", "asks": [asked]})
    assert slots(run(ActionFacet, tracker))["said"][0] == "mission_training.cost"


def test_a_word_is_explained_as_a_word(answer, dispatcher):
    text = "vad betyder omvärldsbevaka"
    assert answer(ActionFacet, ["mission_activities"], "meaning", text=text) == ["utter_word_of"]
    assert dispatcher.messages[0]["means"].startswith("Att omvärldsbevaka är")


def test_a_word_that_is_asked_of_somebody_is_explained_beside_the_name(answer, dispatcher):
    said = answer(ActionFacet, BOTH[:1], "meaning", text="vad betyder konsulent")
    assert said == ["utter_word_of"]
    assert dispatcher.messages[0]["noun"] in ("Eva Fred", "Sara Tröen")


def test_a_named_topic_is_told_whole_rather_than_its_word(answer):
    text = "vad betyder öppna biblioteket"
    (said,) = answer(ActionFacet, ["areas_open"], "meaning", text=text)
    assert said.startswith("Det öppna biblioteket handlar om")


@pytest.mark.parametrize("facet", ["phone", "email"])
def test_what_is_missing_of_somebody_is_said_with_where_to_turn(answer, facet):
    said = answer(ActionFacet, ["person:eva_fred"], facet)
    assert said == [f"utter_{facet}_missing", "utter_instead"]


def test_both_ways_are_given_when_both_are_asked_for(answer):
    said = answer(ActionFacet, ["person:eva_fred"], "contact")
    assert said == ["utter_phone_missing", "utter_email_missing", "utter_instead"]


def test_what_staff_have_filled_in_is_given(answer, knowledge, monkeypatch, dispatcher):
    eva = knowledge.people["eva_fred"].model_copy(update={"phone": "010-123 45 67"})
    monkeypatch.setitem(knowledge.people, "eva_fred", eva)
    assert answer(ActionFacet, ["person:eva_fred"], "phone") == [
        "utter_phone",
        "utter_anything_else",
    ]
    assert dispatcher.messages[0]["value"] == "010-123 45 67"
    assert dispatcher.messages[0]["custom"]["contacts"][0]["phone"] == "010-123 45 67"


def test_the_other_way_is_given_when_only_that_is_known(answer, knowledge, monkeypatch):
    eva = knowledge.people["eva_fred"].model_copy(update={"email": "eva@exempel.se"})
    monkeypatch.setitem(knowledge.people, "eva_fred", eva)
    said = answer(ActionFacet, ["person:eva_fred"], "phone")
    assert said == ["utter_phone_missing", "utter_email", "utter_anything_else"]


def test_what_several_lack_is_said_once(answer, dispatcher):
    assert answer(ActionFacet, BOTH, "phone") == ["utter_phone_missing_several", "utter_instead"]
    assert dispatcher.messages[0]["name"] == "Sara Tröen och Eva Fred"


def test_what_many_lack_is_counted(answer, dispatcher):
    assert answer(ActionFacet, ["contact_all"], "phone")[0] == "utter_phone_missing_many"
    assert dispatcher.messages[0]["count"] == 10


def test_a_bare_number_is_that_of_the_unit(answer, dispatcher):
    answer(ActionFacet, ["unit"], "phone")
    assert dispatcher.messages[0]["name"] == "Biblioteksutveckling"


def test_who_wants_to_be_called_is_told_that_it_cannot_be(answer):
    said = answer(ActionFacet, ["person:eva_fred"], "phone", entities={"human": "be henne"})
    assert said[0] == "utter_no_human"


def test_somebody_is_told_with_what_is_missing(answer):
    said = answer(ActionFacet, ["person:eva_fred"], "what")
    assert said == ["utter_person", "utter_person_missing", "utter_instead"]


def test_what_is_not_known_of_somebody_names_them(answer, dispatcher):
    answer(ActionFacet, BOTH[::-1], "when")
    assert "Eva Fred och Sara Tröen" in dispatcher.messages[0]["what"]


def test_what_one_person_has_or_leads_is_left_out_beside_who_that_is(answer, dispatcher):
    assert answer(ActionFacet, ["role_head"], "amount") == ["utter_role_one", "utter_left_out"]
    assert "lön" in dispatcher.messages[-1]["what"]


def test_how_many_there_are_of_whom_there_is_one_is_told_by_who_that_is(answer):
    assert answer(ActionFacet, ["role_head"], "amount", intent="role_head") == ["utter_role_one"]


@pytest.mark.parametrize(
    ("topic", "facet", "said"),
    [
        ("role_consultant", "list", "utter_role_many"),
        ("role_head", "who", "utter_role_one"),
        ("role_project_leader", "amount", "utter_role_one"),
        ("role_head", "phone", "utter_phone_missing"),
        ("contact_all", "list", "utter_everybody"),
        ("contact_topic", "contact", "utter_topic_unknown"),
        ("unit", "can", "utter_not_on_the_page"),
    ],
)
def test_people_are_told_as_they_are_now(answer, topic, facet, said):
    assert answer(ActionFacet, [topic], facet)[0] == said


def test_a_role_that_nobody_has_is_said_to_be_vacant(answer, knowledge, monkeypatch):
    monkeypatch.setattr(knowledge, "_with_title", {})
    assert answer(ActionFacet, ["role_head"], "who") == ["utter_role_nobody"]


@pytest.mark.parametrize(
    ("topic", "said", "count"),
    [("contact_all", "utter_count", 10), ("role_consultant", "utter_count_of", 8)],
)
def test_how_many_there_are_is_a_number(answer, dispatcher, topic, said, count):
    assert answer(ActionFacet, [topic], "amount") == [said]
    assert dispatcher.messages[0]["count"] == count


def test_those_who_have_another_role_are_listed(run, make_tracker, said, dispatcher):
    asked = {"act": "ask", "topics": ["contact_all"], "facet": "list", "role": "role_consultant"}
    tracker = make_tracker("role_consultant", decision={"action": "x", "asks": [asked]})
    run(ActionFacet, tracker)
    assert said() == ["utter_others"]
    assert len(dispatcher.messages[0]["people"].splitlines()) == 2


def test_a_title_is_told_without_more(answer):
    assert answer(ActionFacet, ["person:eva_fred"], "title") == ["utter_role_one"]


def test_of_somebody_who_was_told_of_the_title_is_enough(answer):
    found = answer(ActionFacet, ["person:eva_fred"], "what", said=["eva_fred.what"])
    assert found == ["utter_role_one"]


def test_whom_to_turn_to_is_said_shortly_the_second_time(answer):
    found = answer(ActionFacet, ["contact_topic"], "contact", said=["contact_topic"])
    assert found == ["utter_topic_unknown_again"]


@pytest.mark.parametrize(
    ("among", "said"),
    [
        (["eva_fred", "anna_hansson"], ["utter_none_of_them", "utter_role_one"]),
        (["eva_fred", "daniella_pind"], ["utter_role_one"]),
    ],
)
def test_which_of_them_may_be_none(answer, among, said):
    titles = {"titles": [[one, "role_head"] for one in among]}
    assert answer(ActionFacet, ["role_head"], "who", decision=titles) == said


def test_no_number_is_offered_that_nobody_has(answer, payloads):
    answer(ActionFacet, ["role_head"], "who")
    assert "/contact_phone" not in payloads()
    assert "/role_project_leader" in payloads()


def test_more_people_than_can_be_read_are_not_listed(answer, knowledge, monkeypatch):
    eva = knowledge.people["eva_fred"]
    monkeypatch.setattr(knowledge, "people", {f"eva_{n}": eva for n in range(50)})
    assert answer(ActionFacet, ["contact_all"], "list")[0] == "utter_everybody_many"


@pytest.mark.parametrize("facet", ["who", "duties"])
def test_who_is_responsible_is_told_where_it_is_known(answer, facet):
    said = answer(ActionFacet, ["contact_topic", "person:eva_fred"], facet)
    assert said == ["utter_topic_known"]


@pytest.mark.parametrize("facet", ["phone", "contact"])
def test_more_numbers_than_can_be_read_are_not_listed(answer, knowledge, monkeypatch, facet):
    eva = knowledge.people["eva_fred"].model_copy(update={"phone": "010-441 00 00"})
    monkeypatch.setattr(knowledge, "people", {f"eva_{n}": eva for n in range(50)})
    assert answer(ActionFacet, ["contact_all"], facet)[0] == "utter_everybody_many"


def test_more_others_than_can_be_read_are_not_listed(answer, knowledge, monkeypatch):
    eva = knowledge.people["eva_fred"]
    monkeypatch.setattr(knowledge, "people", {f"eva_{n}": eva for n in range(50)})
    asked = {"act": "ask", "topics": ["contact_all"], "facet": "list", "role": "role_head"}
    said = answer(ActionFacet, decision={"asks": [asked]})
    assert said[0] == "utter_everybody_many"


def test_what_is_not_on_the_page_twice_is_said_shortly(answer):
    said = answer(ActionFacet, ["unit"], said=["not_on_the_page"])
    assert said == ["utter_not_on_the_page_again"]


def lacking(text, word):
    start = text.index(word)
    return {"text": text, "decision": {"lacks": [[start, start + len(word)]]}}


def test_what_the_page_lacks_is_named_before_what_it_tells(answer, dispatcher):
    asked = lacking("kurser i akvarell", "akvarell")
    said = answer(ActionFacet, ["mission_training"], "is", **asked)
    assert said[:2] == ["utter_lacking", "utter_told"]
    assert dispatcher.messages[0]["words"] == "”akvarell”"


def test_what_is_left_out_in_the_same_words_is_not_named_twice(answer):
    asked = lacking("vad kostar mässorna", "mässorna")
    assert answer(ActionFacet, ["mission_training"], "cost", **asked) == [
        "utter_left_out",
        "utter_ask_instead",
    ]


def test_a_matter_of_the_unit_that_the_page_lacks_is_named(answer, dispatcher):
    asked = lacking("parkering hos er", "parkering")
    said = answer(ActionFacet, ["unit"], "is", **asked)
    assert said == ["utter_not_on_the_page_named"]
    assert dispatcher.messages[0]["words"] == "”parkering”"


def test_what_is_asked_is_said_to_be_missing_in_its_own_words(answer, dispatcher):
    asked = lacking("har ni kurser i akvarell?", "akvarell")
    said = answer(ActionFacet, ["mission_training"], "is", **asked)
    assert said[:2] == ["utter_left_out", "utter_told"]
    assert dispatcher.messages[0]["what"] == "Om vi har kurser i akvarell"


def test_a_matter_of_the_unit_is_said_to_be_missing_in_its_own_words(answer, dispatcher):
    said = answer(ActionFacet, ["unit"], "is", text="har ni parkering?")
    assert said == ["utter_not_on_the_page_asked"]
    assert dispatcher.messages[0]["clause"] == "Om vi har parkering"


@pytest.mark.parametrize(
    ("text", "is_missing", "said"),
    [
        ("hur många är de tillsammans?", False, ["utter_count"]),
        ("hur mycket tjänar de?", True, ["utter_left_out", "utter_ask_instead"]),
    ],
)
def test_how_much_is_no_count_where_the_page_is_likely_to_lack_it(answer, text, is_missing, said):
    decision = {"is_missing": is_missing}
    decision["asks"] = [{"act": "follow", "topics": ["contact_all"], "facet": "amount"}]
    assert answer(ActionFacet, text=text, decision=decision) == said
