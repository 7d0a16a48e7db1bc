import pytest

from actions.action_everybody import ActionEverybody
from bot.knowledge import Knowledge


def test_lists_everybody_with_title(run, make_tracker, said, dispatcher):
    run(ActionEverybody, make_tracker("contact_all"))
    assert said() == ["utter_everybody", "utter_no_ways"]
    lines = dispatcher.messages[0]["people"].splitlines()
    assert len(lines) == 10
    assert "- Malin Carlsson, projektledare" in lines
    assert len(dispatcher.messages[0]["custom"]["contacts"]) == 10


def test_names_whom_to_turn_to_when_there_are_too_many(knowledge, make_tracker, said, dispatcher):
    head = knowledge.people["daniella_pind"]
    many = [head.model_copy(update={"id": f"p{n}", "title": "Handläggare"}) for n in range(50)]
    bigger = Knowledge(
        knowledge.unit, [], list(knowledge.roles.values()), [head, *many], knowledge.questions
    )
    ActionEverybody(lambda: bigger).run(dispatcher, make_tracker("contact_all"), {})
    assert said() == ["utter_everybody_many", "utter_no_ways"]
    assert dispatcher.messages[0]["count"] == 51
    assert dispatcher.messages[0]["people"] == "- Daniella Pind, enhetschef"


def test_says_that_it_cannot_connect_to_a_human(run, make_tracker, said):
    run(ActionEverybody, make_tracker("contact_all", text="ge mig en riktig människa"))
    assert said() == ["utter_no_human", "utter_everybody", "utter_no_ways"]


@pytest.mark.parametrize("text", ["finns det fler?", "Är det några andra då?", "och har ni flera"])
def test_asks_for_others_like_the_fact_that_was_told(run, make_tracker, text):
    _, user = run(ActionEverybody, make_tracker("contact_all", text=text, question="areas_open"))
    assert user["text"] == "/areas_overview"
    _, user = run(ActionEverybody, make_tracker("contact_all", text=text, question="mission_law"))
    assert user["parse_data"]["intent"]["name"] == "more"


@pytest.mark.parametrize(
    ("text", "question"),
    [("finns det fler?", "role_head"), ("finns det fler chefer", "areas_open")],
)
def test_lists_people_where_no_fact_is_meant(run, make_tracker, said, text, question):
    run(ActionEverybody, make_tracker("contact_all", text=text, question=question))
    assert said()[0] == "utter_everybody"


def test_whom_to_call_about_a_local_matter_is_not_the_staff(run, make_tracker):
    tracker = make_tracker("contact_all", text="Vem ska jag ringa?", question="local")
    _, user = run(ActionEverybody, tracker)
    assert user["parse_data"]["intent"]["name"] == "local"
