"""The other kinds of answers that the policy chooses."""

from types import SimpleNamespace

import pytest

from actions.action_again import ActionAgain
from actions.action_claim import ActionClaim
from actions.action_facet import ActionFacet
from actions.action_over_told import ActionOverTold
from actions.action_say import ActionSay


def memory(*topics):
    return [[{"act": "ask", "topics": [topic], "facet": "what"}] for topic in topics]


@pytest.mark.parametrize("act", ["simpler", "more"])
def test_the_topic_again_in_another_way(answer, knowledge, act):
    fact = knowledge.facts["mission_law"]
    wanted = {"simpler": fact.simple, "more": fact.more}[act]
    assert answer(ActionAgain, ["mission_law"], act=act) == [wanted.strip()]


def test_shorter_once_and_then_no_more(answer, dispatcher, knowledge):
    law = ["mission_law"]
    assert answer(ActionAgain, law, act="shorter") == ["utter_told"]
    assert dispatcher.messages.pop()["text"] == knowledge.facts["mission_law"].short
    said = ["mission_law.short"]
    assert answer(ActionAgain, law, act="shorter", said=said) == ["utter_no_shorter"]


def in_form(answer, dispatcher, topics, text, act="shorter"):
    action = ActionOverTold if act == "summarise" else ActionAgain
    answer(action, topics, act=act, text=text)
    return dispatcher.messages[0]["text"]


def test_as_many_sentences_or_points_as_are_wanted(answer, dispatcher, knowledge):
    overview = knowledge.facts["mission_overview"]
    first, second = overview.statement.split("\n")[:2]
    told = in_form(answer, dispatcher, [overview.id], "i två meningar", "summarise")
    assert told == f"{first} {second}"


def test_the_parts_of_a_list_are_its_points(answer, dispatcher, knowledge):
    parts = [knowledge.facts[one].short for one in knowledge.facts["areas_overview"].lists]
    told = in_form(answer, dispatcher, ["areas_overview"], "tre punkter")
    assert told == "\n".join(f"- {part}" for part in parts)


def test_the_points_of_an_answer_are_its_own(answer, dispatcher):
    told = in_form(answer, dispatcher, ["mission_activities"], "i punktform")
    assert told.startswith("- utveckla och genomföra kurser\n- anordna")


def test_of_the_whole_unit_what_it_leads_to_is_told_too(answer, dispatcher, knowledge):
    told = in_form(answer, dispatcher, ["mission_overview"], "i fyra punkter").split("\n")
    assert told[2:] == [
        f"- {knowledge.facts[one].short}" for one in ("mission_activities", "areas_overview")
    ]


def test_fewer_sentences_than_are_wanted_are_said_to_be_all(answer):
    said = answer(ActionAgain, ["mission_children"], act="shorter", text="i nio meningar")
    assert said == ["utter_told", "utter_no_more_of_it"]


def test_what_is_longer_than_is_wanted_is_said_to_be_the_shortest(answer):
    said = answer(ActionAgain, ["mission_activities"], act="shorter", text="max fem ord")
    assert said == ["utter_told", "utter_no_shorter"]


def test_what_was_told_of_several_is_not_left_out_for_a_form(answer, dispatcher, knowledge):
    topics = ["mission_law", "mission_plan"]
    said = answer(ActionOverTold, topics, act="summarise", text="sammanfatta i en mening")
    assert said == ["utter_told", "utter_no_shorter"]
    shorts = [knowledge.facts[one].short for one in topics]
    assert dispatcher.messages[0]["text"] == " ".join(shorts)


def test_what_has_no_names_is_told_in_short(answer):
    assert answer(ActionAgain, ["unit"], act="shorter", text="bara namnen") == ["utter_told"]


def test_only_names(answer, dispatcher, knowledge):
    told = in_form(answer, dispatcher, ["contact_all"], "bara namnen")
    assert told == "\n".join(f"- {person.name}" for person in knowledge.people.values())


def test_an_example_or_that_there_is_none(answer, dispatcher):
    assert answer(ActionAgain, ["areas_open"], act="example") == ["utter_left_out"]
    assert "exempel" in dispatcher.messages[0]["what"].lower()


@pytest.mark.parametrize(
    ("topic", "facet", "said"),
    [
        ("person:eva_fred", "phone", "utter_phone_missing"),
        ("person:eva_fred", "what", "utter_person"),
        ("role_head", "who", "utter_role_one"),
        ("contact_all", "list", "utter_everybody"),
        ("contact_topic", "contact", "utter_topic_unknown"),
    ],
)
def test_people_are_told_again(answer, topic, facet, said):
    assert answer(ActionAgain, [topic], facet, act="repeat")[0] == said


def test_there_is_no_more_of_somebody(answer):
    assert answer(ActionAgain, ["person:eva_fred"], act="more") == ["utter_no_more"]


@pytest.mark.parametrize(
    ("act", "said"), [("repeat", "utter_refer_to_what"), ("more", "utter_more_of_what")]
)
def test_nothing_to_say_again_is_asked_back_about(answer, act, said):
    assert answer(ActionAgain, act=act) == [said]


def test_before_any_answer_what_is_hard_is_the_unit(answer, knowledge):
    simple = knowledge.facts[knowledge.unit.overview].simple
    assert answer(ActionAgain, act="simpler") == ["utter_easily", simple.strip()]


EASY = {"easy": True}


def test_easy_words_are_told_for_the_rest_of_the_conversation(answer, knowledge):
    law = knowledge.facts["mission_law"]
    assert answer(ActionFacet, [law.id], "what", act="ask", **EASY) == [law.simple.strip()]


def test_where_facets_have_no_easy_words_the_fact_has(answer, dispatcher, knowledge):
    law = knowledge.facts["mission_law"]
    assert answer(ActionFacet, [law.id], "is", **EASY) == [law.simple.strip()]
    dispatcher.messages.clear()
    assert answer(ActionFacet, [law.id], "when", **EASY)[0] == "utter_told"


def test_a_title_is_explained_in_easy_words(answer, dispatcher):
    asked = {"topics": ["role_head"], "facet": "who"}
    assert answer(ActionFacet, **asked) == ["utter_role_one"]
    dispatcher.messages.clear()
    assert answer(ActionFacet, **asked, **EASY) == ["utter_word_easy", "utter_role_one"]


def test_phrases_are_said_in_easy_words_where_there_are_some(answer, dispatcher):
    local = {"action": "action_say", "phrase": "utter_local"}
    assert answer(ActionSay, ["local"], decision=local, **EASY) == ["utter_local_easy"]
    dispatcher.messages.clear()
    assert answer(ActionSay, ["local"], decision=local) == ["utter_local"]


@pytest.mark.parametrize(
    ("topic", "others"), [("areas_open", ["local"]), ("mission_reading", ["areas_open", "local"])]
)
def test_difficulties_in_reading_lead_to_the_area_and_the_library(
    answer, dispatcher, knowledge, topic, others
):
    item = knowledge.items["hard_to_read"]
    asked = {"asks": [{"act": "ask", "topics": [topic], "facet": "what", "item": item.id}]}
    answer(ActionFacet, decision=asked, text="jag har dyslexi, vad gör ni för mig")
    assert [m.get("text") for m in dispatcher.messages[1:]] == [item.leads_to[o] for o in others]


def test_the_library_is_asked_and_the_area_is_told_of_difficulties_in_reading(
    answer, dispatcher, knowledge
):
    item = knowledge.items["hard_to_read"]
    asked = {"act": "ask", "topics": ["local"], "item": item.id}
    local = {"phrase": "utter_local", "asks": [asked]}
    said = answer(ActionSay, decision=local, text="jag har dyslexi, finns det talböcker")
    assert said == ["utter_local_named", "utter_told"]
    assert dispatcher.messages[1]["text"] == item.leads_to["areas_open"]
    dispatcher.messages.clear()
    assert answer(ActionSay, decision=local, text="och i Borås") == ["utter_local"]


def told(answer, dispatcher, act, topics, **asked):
    phrase = answer(ActionOverTold, topics, act=act, **asked)
    return phrase, dispatcher.messages[0].get("facts", "").split("\n")


def test_what_was_told_is_summed_up_with_people_and_counts(answer, dispatcher, knowledge):
    topics = ["role_head", "contact_all", "mission_law"]
    phrase, lines = told(answer, dispatcher, "summarise", topics)
    assert phrase == ["utter_summary"]
    count, law = len(knowledge.people), knowledge.facts["mission_law"].short
    counted = f"- På vår webbsida nämns {count} medarbetare."
    assert lines == ["- Daniella Pind är enhetschef.", counted, f"- {law}"]


def test_what_was_left_out_is_summed_up_as_such(answer, dispatcher):
    asked = [[{"act": "ask", "topics": ["mission_training"], "facet": "cost"}]]
    topics = ["mission_training", "role_head"]
    _, lines = told(answer, dispatcher, "summarise", topics, memory=asked)
    assert lines[0].endswith("kostar står inte på sidan.")


def test_a_summary_is_simpler_in_all_its_points(answer, dispatcher, knowledge):
    assert answer(ActionAgain, ["mission_law", "role_head"], act="simpler") == ["utter_summary"]
    first, second = dispatcher.messages[0]["facts"].split("\n")
    assert first == f"- {knowledge.facts['mission_law'].simple}"
    assert second == "- Daniella Pind är enhetschef."


def test_those_that_are_meant_are_compared(answer, dispatcher):
    topics = ["areas_open", "areas_learning"]
    phrase, lines = told(answer, dispatcher, "compare", topics)
    assert (phrase, len(lines)) == (["utter_compared"], 2)


def test_one_thing_is_not_compared(answer):
    assert answer(ActionOverTold, ["areas_open"], act="compare") == ["utter_compare_with_what"]


def test_words_are_compared_by_their_explanations(answer, dispatcher):
    text = "är fortbildning samma som kompetensutveckling?"
    said = answer(ActionOverTold, ["mission_training"], "meaning", "compare", text=text)
    assert said == ["utter_words_compared"]
    assert len(dispatcher.messages[0]["means"].split("\n")) == 2


def test_questions_are_not_counted(answer):
    assert answer(ActionOverTold, ["role_head"], act="count") == ["utter_not_counted"]
    assert answer(ActionOverTold, act="count")[1:] == ["utter_nothing_counted"]


def claimed(truth, claim="", **more):
    return {"decision": {"truth": truth, "claim": claim, **more}}


@pytest.mark.parametrize(
    ("truth", "text", "said"),
    [
        ("yes", "Har ni kurser?", "utter_claim_yes"),
        ("yes", "Har ni inga kurser?", "utter_claim_yes_after_all"),
        ("no", "Är ni ett bibliotek?", "utter_claim_no"),
        ("no", "Ni är väl inte ett bibliotek?", "utter_claim_no"),
    ],
)
def test_a_claim_gets_its_yes_or_no(answer, knowledge, truth, text, said):
    claim = next(
        one.id
        for one in knowledge.claims.values()
        if one.truth == truth and knowledge.topic_of_claim[one.id] == "mission_training"
    )
    found = answer(ActionClaim, ["mission_training"], "is", text=text, **claimed(truth, claim))
    assert found == [said]


def test_of_a_claim_that_is_no_more_than_near_the_page_is_told(answer, dispatcher, knowledge):
    found = answer(ActionClaim, ["mission_training"], "is", **claimed("unsaid", "courses"))
    assert found == ["utter_told"]
    because = knowledge.claims["courses"].because
    assert dispatcher.messages[0]["text"] == f"{because[0].upper()}{because[1:]}."


def test_that_the_page_lacks_something_is_confirmed(answer, dispatcher, knowledge):
    found = answer(ActionClaim, ["mission_training"], "cost", **claimed("yes", "page_lacks"))
    assert found == ["utter_lacks"]
    assert dispatcher.messages[0]["what"] == knowledge.facts["mission_training"].left_out("cost")


def test_what_is_not_settled_is_not_denied_where_it_may_be_so(answer):
    found = answer(ActionClaim, ["mission_children"], "is", **claimed("yes"))
    assert found == ["utter_told", "utter_left_out", "utter_ask_instead"]


def test_what_the_page_leaves_open_is_said_to_be_open(answer):
    found = answer(ActionClaim, ["mission_training"], "is", **claimed("unsaid"))
    assert found == ["utter_told_instead", "utter_left_out", "utter_ask_instead"]


def test_what_is_left_out_by_name_needs_nothing_else_beside_it(answer):
    found = answer(ActionClaim, ["mission_training"], "cost", **claimed("unsaid"))
    assert found == ["utter_left_out", "utter_ask_instead"]


def test_what_is_nearest_to_the_question_is_told(answer, dispatcher):
    text = "får jag vara med på era mässor?"
    answer(ActionClaim, ["mission_training"], "can", text=text, **claimed("unsaid"))
    assert "mässor" in dispatcher.messages[0]["text"]


def test_what_is_not_known_of_somebody_names_them(answer):
    found = answer(ActionClaim, ["person:eva_fred"], "when", **claimed("unsaid"))
    assert found == ["utter_only_title", "utter_no_more_of_it", "utter_ask_instead"]


@pytest.mark.parametrize(
    ("text", "titles", "said", "names"),
    [
        ("Är hon chef?", [("eva_fred", "head")], ["utter_claim_false", "utter_role_one"],
         ["Eva Fred", "Daniella Pind"]),
        ("Är hon konsulent?", [("eva_fred", "consultant")], ["utter_claim_true"], ["Eva Fred"]),
        ("Är hon inte konsulent?", [("eva_fred", "consultant")], ["utter_claim_true_after_all"],
         ["Eva Fred"]),
        ("Fred är chef och Pind konsulent?",
         [("eva_fred", "head"), ("daniella_pind", "consultant")],
         ["utter_claim_false", "utter_role_one"], ["Eva Fred", "Daniella Pind"]),
        ("Malin är projektledare, men är Eva det?",
         [("malin_carlsson", "project_leader"), ("eva_fred", "project_leader")],
         ["utter_claim_false", "utter_role_one"], ["Eva Fred", "Malin Carlsson"]),
        ("Är båda konsulenter?", [("anna_hansson", "consultant"), ("eva_fred", "consultant")],
         ["utter_claim_true"], ["Anna Hansson och Eva Fred"]),
    ],
)  # fmt: skip
def test_each_title_is_looked_up(answer, dispatcher, text, titles, said, names):
    given = claimed("", titles=[[who, f"role_{what}"] for who, what in titles])
    found = answer(ActionClaim, text=text, **given)
    assert [one for one in found if one != "utter_anything_else"] == said
    told = [m.get("name") or m.get("names") for m in dispatcher.messages]
    assert list(filter(None, told)) == names


def test_a_phrase_is_that_of_the_decision_else_of_the_intent(answer):
    assert answer(ActionSay, decision={"phrase": "utter_ack"}) == ["utter_ack"]


def test_a_phrase_is_that_of_the_intent_where_nothing_was_decided(answer):
    assert answer(ActionSay, intent="greet") == ["utter_greet"]


def test_a_phrase_is_not_said_twice(answer):
    found = answer(ActionSay, decision={"phrase": "utter_ack"}, said=["utter_ack"])
    assert found == ["utter_ack_again"]


def test_a_phrase_names_what_the_page_lacks(answer, dispatcher):
    decision = {"phrase": "utter_oos", "lacks": [[0, 3], [8, 13]]}
    assert answer(ActionSay, text="Gym och padel", decision=decision) == ["utter_oos_named"]
    assert dispatcher.messages[0]["words"] == "”Gym” eller ”padel”"


def test_a_phrase_with_no_other_words_is_said_again(answer):
    assert answer(ActionSay, intent="greet", said=["utter_greet"]) == ["utter_greet"]


def test_who_keeps_questions_says_so(answer, monkeypatch):
    keeping = SimpleNamespace(collect_questions=True)
    monkeypatch.setattr("actions.action_say.settings", lambda: keeping)
    assert answer(ActionSay, intent="privacy") == ["utter_privacy_collecting"]
