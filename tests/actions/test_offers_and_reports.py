"""What is offered or reported to the unit: what the chatbot cannot do, and whom to ask."""

import pytest

from actions.action_facet import ActionFacet


@pytest.mark.parametrize(("topic", "facet"), [("offer", "signup"), ("report", "contact")])
def test_who_offers_or_reports_something_is_told_whom_to_ask(answer, topic, facet):
    said = answer(ActionFacet, [topic], facet)
    assert said == ["utter_told", "utter_left_out", "utter_ask_instead"]


@pytest.mark.parametrize(
    "fact", ["mission_partners", "mission_plan", "areas_open", "areas_digital", "areas_learning"]
)
def test_partners_plan_and_areas_lead_to_a_person(answer, payloads, fact):
    answer(ActionFacet, [fact], "what", act="ask")
    assert "/contact_topic" in payloads()
