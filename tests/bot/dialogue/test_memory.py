import json

from bot.dialogue.memory import BEFORE, FIRST, LATEST, RECALL, Ask, Memory

LAW = Ask("ask", ("mission_law",), "what")
EVA = Ask("follow", ("person:eva_fred", "person:sara_troen"), "phone", polar=True)


def test_what_was_asked_survives_a_slot():
    memory = Memory().after([LAW]).after([EVA])
    assert Memory.of_slot(json.loads(json.dumps(memory.as_slot()))) == memory


def test_an_older_conversation_remembers_nothing():
    assert Memory.of_slot(None) == Memory()


def test_small_talk_leaves_the_topic():
    memory = Memory().after([LAW]).after([Ask("thanks", ("chat",))])
    assert memory.topics == ("mission_law",)
    assert memory.facet == "what"


def test_topics_of_a_message_add_up():
    memory = Memory().after([LAW, EVA])
    assert memory.topics == ("mission_law", "person:eva_fred", "person:sara_troen")
    assert EVA.people == ("eva_fred", "sara_troen")


def test_earlier_topics_come_latest_first_and_once():
    plan = Ask("ask", ("mission_plan",))
    memory = Memory().after([LAW]).after([plan]).after([LAW])
    assert memory.earlier == [("mission_law",), ("mission_plan",)]


def test_only_the_latest_messages_are_remembered():
    memory = Memory()
    for number in range(20):
        memory = memory.after([Ask("ask", (f"topic_{number}",))])
    assert len(memory.messages) == 8
    assert memory.topics == ("topic_19",)


def test_all_that_was_told_comes_first_first_and_once():
    memory = Memory().after([LAW]).after([EVA]).after([LAW])
    assert memory.told == ("person:eva_fred", "person:sara_troen", "mission_law")


def test_a_summary_asks_nothing_of_what_it_sums_up():
    memory = Memory().after([EVA]).after([Ask("summarise", EVA.topics, "what")])
    assert memory.facet_of("person:eva_fred") == "phone"


def test_what_was_asked_is_recalled_from_where_one_is():
    head, plan = Ask("ask", ("role_head",)), Ask("ask", ("mission_plan",))
    memory = Memory().after([LAW]).after([head]).after([plan])
    assert memory.recalled(LATEST) == (LATEST, plan.topics)
    assert memory.recalled(FIRST) == (FIRST, LAW.topics)
    assert memory.recalled(BEFORE) == (BEFORE, head.topics)
    memory = memory.after([Ask(RECALL, head.topics)])
    assert memory.recalled(BEFORE) == (BEFORE, LAW.topics)
    memory = memory.after([Ask(RECALL, LAW.topics)])
    assert memory.recalled(BEFORE) == (FIRST, LAW.topics)
    assert Memory().recalled(FIRST) == ("nothing", ())


def test_questions_of_one_message_are_together():
    memory = Memory().after([EVA]).after([LAW]).after([Ask("ask", ("role_head",), beside=True)])
    assert memory.together == ("mission_law", "role_head")
    assert memory.after([EVA]).together == ()


def test_one_thing_of_a_topic_is_remembered_as_long_as_the_topic():
    networks = Ask("ask", ("mission_support",), "when", item="networks")
    memory = Memory().after([networks])
    assert Memory.of_slot(memory.as_slot()).item == "networks"
    assert memory.after([Ask("thanks", ("chat",))]).item == "networks"
    assert memory.after([LAW]).item is None
