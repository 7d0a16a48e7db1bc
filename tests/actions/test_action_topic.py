import pytest

from actions.action_topic import ActionTopic
from bot.knowledge import Knowledge


def test_says_that_it_is_unknown_and_whom_to_ask(run, make_tracker, said, dispatcher):
    run(ActionTopic, make_tracker("contact_topic", text="vem kan jag fråga om läsning?"))
    assert said() == ["utter_topic_unknown", "utter_no_ways"]
    head, consultants, leader = dispatcher.messages[0]["people"].splitlines()
    assert head == "- Enhetschef: Daniella Pind"
    assert consultants.startswith("- Konsulenter: Anna Hansson, Bodil Alvarsdotter")
    assert leader == "- Projektledare: Malin Carlsson"


@pytest.mark.parametrize(
    ("text", "question", "matter"),
    [
        ("vem ska jag fråga då?", "local", "local"),
        ("vem ska jag fråga då?", "emergency", "emergency"),
        ("vem ska jag fråga då?", "mission_law", None),
        ("vem av er ska jag fråga om hur vårt nätverk för läsning kan utvecklas?", "local", None),
    ],
)
def test_after_a_local_matter_a_few_words_are_still_about_it(
    run, make_tracker, text, question, matter
):
    events = run(ActionTopic, make_tracker("contact_topic", text=text, question=question))
    taken_as = [e["parse_data"]["intent"]["name"] for e in events if e["event"] == "user"]
    assert taken_as == ([matter] if matter else [])


def test_names_whoever_is_responsible(knowledge, make_tracker, dispatcher, said, slots):
    people = [
        p.model_copy(update={"areas": ["barn och unga"]}) if p.id == "eva_fred" else p
        for p in knowledge.people.values()
    ]
    facts, roles = list(knowledge.facts.values()), list(knowledge.roles.values())
    filled = Knowledge(knowledge.unit, facts, roles, people, knowledge.questions)
    tracker = make_tracker("contact_topic", text="Vem jobbar med barnen?")
    events = ActionTopic(lambda: filled).run(dispatcher, tracker, {})
    assert said() == ["utter_topic_known"]
    assert dispatcher.messages[0]["people"] == "Eva Fred, konsulent,"
    assert slots(events)["people"] == ["eva_fred"]


def test_offers_only_ways_that_lead_to_somebody(
    knowledge, make_tracker, said, payloads, dispatcher
):
    ActionTopic(lambda: knowledge).run(dispatcher, make_tracker("contact_topic"), {})
    assert not {"/contact_phone", "/contact_email"} & set(payloads())
    one, *others = knowledge.people.values()
    reachable = one.model_copy(update={"phone": "010-123 45 67"})
    better = Knowledge(
        knowledge.unit,
        list(knowledge.facts.values()),
        list(knowledge.roles.values()),
        [reachable, *others],
        knowledge.questions,
    )
    ActionTopic(lambda: better).run(dispatcher, make_tracker("contact_topic"), {})
    assert "/contact_phone" in payloads()
    assert "/contact_email" not in payloads()
    assert said()[-1] == "utter_anything_else"
