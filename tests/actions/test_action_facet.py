import pytest

from actions.action_facet import ActionFacet


@pytest.fixture
def answer(run, make_tracker, dispatcher, slots):
    def answer(topics, facet, text="", act="follow", **more):
        asks = [{"act": act, "topics": topics, "facet": facet}]
        decision = {"action": "action_facet", "asks": asks}
        events = run(ActionFacet, make_tracker("oos", text=text, decision=decision, **more))
        return "\n".join(m.get("text") or m["response"] for m in dispatcher.messages), slots(events)

    return answer


def filled(dispatcher):
    return [(m.get("response"), m.get("what") or m.get("text")) for m in dispatcher.messages]


def test_what_the_page_tells_comes_before_what_it_leaves_out(answer, dispatcher, knowledge):
    answer(["mission_training"], "who")
    fact = knowledge.facts["mission_training"]
    left = fact.leaves_out["who"]
    assert filled(dispatcher) == [
        ("utter_told", fact.tells["who"]),
        ("utter_left_out", left[0].upper() + left[1:]),
        ("utter_ask_instead", None),
    ]


def test_what_is_only_left_out_ends_with_whom_to_ask(answer, dispatcher):
    answer(["mission_training"], "cost")
    assert [m["response"] for m in dispatcher.messages] == ["utter_left_out", "utter_ask_instead"]
    assert dispatcher.messages[0]["buttons"] == []
    assert dispatcher.messages[1]["whom"] == "enhetschef Daniella Pind"


def test_the_same_again_is_said_in_other_words(answer, dispatcher):
    answer(["mission_training"], "cost", said=["mission_training.cost"])
    assert [m["response"] for m in dispatcher.messages] == ["utter_left_out_again"]


def test_the_topic_becomes_what_the_conversation_is_about(answer):
    _, remembered = answer(["mission_training"], "cost")
    assert remembered["question"] == "mission_training"
    assert remembered["said"] == ["mission_training.cost"]


def test_a_word_is_explained_as_a_word(answer, dispatcher):
    answer(["mission_activities"], "meaning", text="vad betyder omvärldsbevaka")
    (message,) = dispatcher.messages
    assert message["response"] == "utter_word"
    assert message["means"].startswith("Att omvärldsbevaka är")


def test_a_named_topic_is_told_whole_rather_than_its_word(answer):
    text, _ = answer(["areas_open"], "meaning", text="vad betyder öppna biblioteket")
    assert text.startswith("Det öppna biblioteket handlar om")


@pytest.mark.parametrize("facet", ["phone", "email"])
def test_ways_to_reach_people_are_looked_up(answer, facet):
    text, remembered = answer(["person:eva_fred"], facet)
    assert text.split("\n")[0] == f"utter_{facet}_missing"
    assert remembered["people"] == ["eva_fred"]


def test_what_is_not_known_of_somebody_names_them(answer, dispatcher):
    answer(["person:eva_fred", "person:sara_troen"], "when")
    assert "Eva Fred och Sara Tröen" in dispatcher.messages[0]["what"]


@pytest.mark.parametrize(
    ("topic", "facet", "said"),
    [
        ("role_consultant", "list", "utter_role_many"),
        ("role_head", "phone", "utter_phone_missing"),
        ("contact_all", "amount", "utter_everybody"),
        ("contact_topic", "contact", "utter_topic_unknown"),
        ("unit", "can", "utter_not_on_the_page"),
    ],
)
def test_people_are_told_as_they_are_now(answer, topic, facet, said):
    text, _ = answer([topic], facet)
    assert text.split("\n")[0] == said


def test_who_is_responsible_is_told_where_it_is_known(answer, knowledge, monkeypatch):
    eva = knowledge.people["eva_fred"].model_copy(update={"areas": ["digitala biblioteket"]})
    monkeypatch.setattr(knowledge, "_with_areas", [eva])
    text, _ = answer(["areas_digital"], "who", text="vem jobbar med det")
    assert text.startswith("utter_topic_known")
