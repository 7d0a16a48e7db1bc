"""Whom and what a message points at."""

from dataclasses import replace

import pytest

from bot.dialogue.memory import Ask
from bot.dialogue.references import References
from tests.bot.dialogue.hearing import about, after, entity, heard

AREAS = ["areas_open", "areas_digital", "areas_learning"]
EVA, SARA, ANNA = "person:eva_fred", "person:sara_troen", "person:anna_hansson"
PAIR = ["sara_troen", "eva_fred"]


@pytest.mark.parametrize(
    ("found", "people"),
    [
        ({}, ["daniella_pind"]),
        ({"pronoun": "hon"}, ["daniella_pind"]),
        ({"pronoun": "hennes", "unit": "ni"}, ["daniella_pind"]),
        ({"unit": "ni"}, []),
        ({"role": "project_leader"}, ["malin_carlsson"]),
        ({"role": "project_leader", "pronoun": "hon"}, ["malin_carlsson"]),
        ({"pronoun": "hon", "role": "project_leader"}, ["daniella_pind"]),
        ({"person": "eva_fred"}, ["eva_fred"]),
        ({"other_person": "Pelle"}, []),
    ],
)
def test_whom_it_is_about(knowledge, found, people):
    memory = after(about("person:daniella_pind"))
    assert References(heard(**found), memory, knowledge).meant() == people


@pytest.mark.parametrize(
    ("found", "before", "people"),
    [
        ({"pronoun": "hon"}, [about(EVA), about("mission_law")], ["eva_fred"]),
        ({"group": "de"}, [about(SARA), about(EVA)], PAIR),
        ({"group": "de"}, [about(SARA, EVA)], PAIR),
        ({"group": "dem", "ordinal": "last"}, [about(SARA, EVA)], ["eva_fred"]),
        ({"group": "de"}, [], []),
        ({"pronoun": "hon"}, [about(EVA), about("other")], ["eva_fred"]),
        ({"pronoun": "hon"}, [about("contact_topic")], ["daniella_pind"]),
    ],
)
def test_whom_she_and_they_are(knowledge, found, before, people):
    assert References(heard(**found), after(*before), knowledge).meant() == people


def test_they_are_those_of_the_list(knowledge):
    memory = after(about("contact_all", facet="list"))
    assert len(References(heard(group="dem"), memory, knowledge).meant()) == 10


def test_many_in_focus_are_not_a_bare_number(knowledge):
    memory = after(about("role_consultant", facet="who"))
    assert References(heard(), memory, knowledge).meant() == []


def test_her_among_two_is_unclear(knowledge):
    memory = after(about(SARA, EVA))
    assert References(heard(pronoun="hon"), memory, knowledge).unclear() == PAIR


@pytest.mark.parametrize(("before", "choices"), [([], 2), ([about("person:anna_berg")], 0)])
def test_two_with_one_name_are_unclear_until_one_was_spoken_of(knowledge, before, choices):
    twin = knowledge.people["anna_hansson"].model_copy(update={"id": "anna_berg"})
    parts = knowledge.unit, [*knowledge.facts.values()], [*knowledge.roles.values()]
    both = type(knowledge)(*parts, [*knowledge.people.values(), twin], knowledge.questions)
    annas = [
        {"entity": "person", "value": one, "start": 5, "end": 9}
        for one in ("anna_berg", "anna_hansson")
    ]
    refers = References(heard(entities=annas), after(*before), both)
    assert len(refers.unclear()) == choices


@pytest.mark.parametrize(
    ("ordinal", "topic"),
    [("1", AREAS[0]), ("2", AREAS[1]), ("3", AREAS[2]), ("last", AREAS[2]), ("middle", AREAS[1])],
)
def test_takes_that_one_of_the_list(knowledge, ordinal, topic):
    memory = after(about("areas_overview"))
    assert References(heard(ordinal=ordinal), memory, knowledge).picked() == [topic]


def test_the_next_one_follows_the_last_answer(knowledge):
    memory = after(about("areas_overview"), about("areas_open"))
    assert References(heard(ordinal="next"), memory, knowledge).picked() == ["areas_digital"]


def test_finds_the_list_that_the_last_answer_belongs_to(knowledge):
    memory = after(about("areas_open"))
    assert References(heard(ordinal="last"), memory, knowledge).picked() == ["areas_learning"]


def test_falls_back_to_what_was_offered(knowledge):
    said = heard(ordinal="2", offered=["/role_head", "/contact_all"])
    assert References(said, after(about("mission_why")), knowledge).picked() == ["/contact_all"]


def test_buttons_that_came_after_a_list_are_meant(knowledge):
    said = heard(ordinal="2", offered=["/role_head", "/contact_all"])
    memory = after(about("areas_overview"), about("chat"))
    assert References(said, memory, knowledge).picked() == ["/contact_all"]


def test_what_a_sentence_names_is_a_list(knowledge):
    told = References(heard(ordinal="2"), after(about("mission_reading")), knowledge)
    assert told.picked() == ["recommendation_base"]
    told = References(heard(ordinal="last"), after(about("mission_support")), knowledge)
    assert told.picked() == ["exchange_of_experience"]
    memory = after(about("mission_reading"), about("role_head"))
    assert References(heard(ordinal="2"), memory, knowledge).picked() == []


def test_what_was_picked_from_a_list_has_its_own_only_by_name(knowledge):
    picked = Ask("pick", ("mission_support",), "what", within=("mission_activities",))
    memory = after(about("mission_activities"), picked)
    assert References(heard(ordinal="4"), memory, knowledge).picked() == ["monitors"]
    said = heard(text="det sista du nämnde", ordinal="last")
    assert References(said, memory, knowledge).picked() == ["exchange_of_experience"]


def test_questions_of_one_message_are_a_list(knowledge):
    memory = after(about("mission_law"), Ask("ask", ("role_head",), "who", beside=True))
    assert References(heard(ordinal="1"), memory, knowledge).picked() == ["mission_law"]


@pytest.mark.parametrize(
    ("before", "named", "people"),
    [
        ([about("mission_law")], {"told": ["person:eva_fred"]}, ["eva_fred"]),
        ([about(SARA), about("mission_law")], {"told": ["person:eva_fred"]}, ["eva_fred"]),
        ([about(SARA)], {"told": ["person:eva_fred"]}, ["sara_troen"]),
        ([about("nobody")], {"offered": ['/contact_person{"person": "eva_fred"}']}, ["eva_fred"]),
        ([about("nobody"), about("mission_law")], {"told": ["person:eva_fred"]}, []),
        ([about(SARA), about("nobody")], {}, []),
        ([about("nobody"), about(SARA)], {}, ["sara_troen"]),
    ],
)
def test_she_may_be_whom_the_bot_just_named(knowledge, before, named, people):
    said = replace(heard(pronoun="hennes"), **named)
    assert References(said, after(*before), knowledge).meant() == people


def test_a_number_that_no_list_has_is_a_button(knowledge):
    said = heard(
        text="4", entities=[entity("4", "ordinal", "4", "4")], offered=[*AREAS, "/areas_count"]
    )
    memory = after(about("areas_overview"))
    assert References(said, memory, knowledge).picked() == ["/areas_count"]


@pytest.mark.parametrize("found", [{}, {"ordinal": "4"}, {"ordinal": "next"}])
def test_points_at_nothing_that_is_not_there(knowledge, found):
    memory = after(about("areas_overview"))
    assert References(heard(**found), memory, knowledge).picked() == []


def test_not_her_but_the_other_one_is_whom_was_spoken_of_before(knowledge):
    said = heard(pronoun="hon", ordinal="2")
    memory = after(about(ANNA), about(EVA))
    assert References(said, memory, knowledge).picked() == [ANNA]


def test_the_other_one_of_two_without_a_list(knowledge):
    said = heard(ordinal="2", offered=["/contact_topic", "/contact_all"])
    memory = after(about(EVA, facet="phone"), about(ANNA, facet="phone"))
    assert References(said, memory, knowledge).picked() == [EVA]


def test_the_others_are_all_but_the_last_told(knowledge):
    said = heard(group="de", ordinal="2")
    memory = after(about("areas_overview"), about("areas_learning"))
    assert References(said, memory, knowledge).picked() == AREAS[:2]


def test_the_other_of_a_list_is_not_somebody_who_was_spoken_of_before_it(knowledge):
    memory = after(about(EVA), about("areas_overview"))
    assert References(heard(ordinal="2"), memory, knowledge).picked() == ["areas_digital"]


@pytest.mark.parametrize(
    ("text", "number", "topic"),
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
def test_a_number_points_only_where_it_stands_for_one(knowledge, text, number, topic):
    value = {"två": "2", "tre": "3"}.get(number, number)
    said = heard(text=text, entities=[entity(text, "ordinal", value, number)])
    picked = References(said, after(about("areas_overview")), knowledge).picked()
    assert picked == ([topic] if topic else [])


@pytest.mark.parametrize(
    ("text", "ordinal", "people"),
    [
        ("Vad har den sista för nummer?", ("last", "sista"), ["orjan_hellstrom"]),
        ("har de ett nummer", ("1", "ett"), ["eva_fred", "orjan_hellstrom"]),
    ],
)
def test_a_place_in_a_list_stands_for_somebody(knowledge, text, ordinal, people):
    said = heard(text=text, entities=[entity(text, "ordinal", *ordinal)])
    memory = after(about(EVA, "person:orjan_hellstrom"))
    assert References(said, memory, knowledge).meant() == people


def test_a_list_is_gone_through_to_its_end(knowledge):
    """However many messages that takes: what is picked keeps what it was picked from."""
    memory, walked = after(about("contact_all", facet="list")), []
    text = "den första"
    said = heard(text=text, entities=[entity(text, "ordinal", "1", "första")])
    while picked := References(said, memory, knowledge).picked():
        walked += picked
        within = References(said, memory, knowledge).picked_from()
        memory = memory.after([Ask("pick", tuple(picked), "what", within=within)])
        said = heard(ordinal="next")
    assert walked == [f"person:{one}" for one in knowledge.people]


def test_the_second_of_people_who_were_listed_is_one_of_them(knowledge):
    memory = after(about("role_head", facet="who"), about("role_consultant", facet="who"))
    consultants = knowledge.with_role(knowledge.roles["role_consultant"])
    picked = References(heard(ordinal="2"), memory, knowledge).picked()
    assert picked == [f"person:{consultants[1].id}"]


OPEN, DIGITAL, LEARNING = AREAS
LISTED = about("areas_overview")


@pytest.mark.parametrize(
    ("found", "before", "beside"),
    [
        ({"ordinal": ["1", "last"]}, [LISTED], [OPEN, LEARNING]),
        ({"ordinal": ["2", "3"]}, [LISTED], [DIGITAL, LEARNING]),
        ({"group": "dem"}, [LISTED], AREAS),
        ({"group": "de"}, [about(DIGITAL), about(LEARNING)], [DIGITAL, LEARNING]),
        ({"group": "de"}, [about("mission_law"), about(EVA)], ["mission_law", EVA]),
        ({"person": "eva_fred", "role": "head"}, [], [EVA, "role_head"]),
        ({"text": "och det digitala?"}, [about(OPEN)], [OPEN, DIGITAL]),
        ({"group": "de"}, [], []),
    ],
)
def test_what_is_set_beside_each_other(knowledge, found, before, beside):
    assert References(heard(**found), after(*before), knowledge).beside() == beside


@pytest.mark.parametrize(
    ("text", "where", "beside"),
    [
        ("jämför de två sista", "sista", [DIGITAL, LEARNING]),
        ("jämför de två första", "första", [OPEN, DIGITAL]),
        ("jämför alla tre", "", AREAS),
    ],
)
def test_a_number_says_how_many_are_set_beside_each_other(knowledge, text, where, beside):
    number = "tre" if "tre" in text else "två"
    found = [entity(text, "ordinal", "3" if number == "tre" else "2", number)]
    if where:
        found.append(entity(text, "ordinal", "last" if where == "sista" else "1", where))
    said = heard(text=text, entities=found)
    assert References(said, after(LISTED), knowledge).beside() == beside


def test_where_one_number_chooses_the_others_do(knowledge):
    text = "skillnaden på nummer ett och tre"
    found = [entity(text, "ordinal", "1", "ett"), entity(text, "ordinal", "3", "tre")]
    said = heard(text=text, entities=found)
    assert References(said, after(LISTED), knowledge).beside() == [OPEN, LEARNING]
