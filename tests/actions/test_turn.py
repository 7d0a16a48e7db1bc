import pytest

from actions.action_accept import ActionAccept
from actions.action_fact import ActionFact
from actions.turn import KnowledgeAction, one_of

SECOND = {"text": "vem är chef", "intent": {"name": "role_head"}, "entities": []}
THIRD = {"text": "har ni kurser", "intent": {"name": "mission_training"}, "entities": []}


def asking_more(tracker, *further):
    tracker.latest_message["further"] = list(further)
    return tracker


def test_goes_on_to_the_next_question_of_the_message(run, make_tracker):
    events = run(ActionFact, asking_more(make_tracker("mission_law"), SECOND, THIRD))
    listen, user = events[-2:]
    assert listen["name"] == "action_listen"
    assert user["text"] == "vem är chef"
    assert user["parse_data"]["intent"]["name"] == "role_head"
    assert user["parse_data"]["further"] == [THIRD]


def test_an_answer_that_goes_on_is_finished_first(run, make_tracker):
    tracker = asking_more(make_tracker("affirm", offered=["/areas_count"]), SECOND)
    *_, user = run(ActionAccept, tracker)
    assert user["text"] == "/areas_count"
    assert user["parse_data"]["further"] == [SECOND]


@pytest.mark.parametrize(
    ("names", "text"), [(["a"], "a"), (["a", "b"], "a och b"), (["a", "b", "c"], "a, b och c")]
)
def test_joins_names(names, text):
    assert one_of(names, "och") == text


@pytest.mark.parametrize(("first", "second"), [("more", "refer"), ("repeat", "repeat")])
def test_a_question_is_not_passed_on_to_what_it_was_taken_for(
    knowledge, dispatcher, make_tracker, said, first, second
):
    class PassOn(KnowledgeAction):
        def name(self):
            return "pass_on"

        def answer(self, turn):
            return turn.take_as(second if turn.intent == first else first)

    tracker, taken = make_tracker(first, text="vilken den femte?"), [first]
    while events := PassOn(lambda: knowledge).run(dispatcher, tracker, {}):
        tracker = make_tracker("", text="vilken den femte?")
        tracker.latest_message.update(events[-1]["parse_data"])
        taken.append(tracker.latest_message["intent"]["name"])

    assert taken == list(dict.fromkeys([first, second]))
    assert said() == ["utter_refer_to_what"]
    assert dispatcher.messages[-1]["custom"]["error_id"]


def test_a_question_is_not_passed_on_without_end(knowledge, dispatcher, make_tracker, said):
    class Invent(KnowledgeAction):
        def name(self):
            return "invent"

        def answer(self, turn):
            return turn.take_as(f"{turn.intent}x")

    tracker = make_tracker("x", text="va?")
    for _ in range(6):
        events = Invent(lambda: knowledge).run(dispatcher, tracker, {})
        if events:
            tracker.latest_message.update(events[-1]["parse_data"])

    assert events == []
    assert said() == ["utter_refer_to_what"]
