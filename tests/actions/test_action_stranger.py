import pytest

from actions.action_stranger import ActionStranger


@pytest.fixture
def strange(run, make_tracker, dispatcher, payloads):
    def strange(polar=False, **stranger):
        asked = {"act": "ask", "polar": polar}
        decision = {"action": "action_stranger", "asks": [asked]}
        tracker = make_tracker("contact_person", decision=decision)
        found = {"entity": "other_person", "value": "lisa ek", **stranger}
        tracker.latest_message["entities"] = [found]
        run(ActionStranger, tracker)
        (message,) = dispatcher.messages
        return message["response"], message["name"], payloads()

    return strange


def test_nobody_here_has_the_name(strange):
    assert strange() == ("utter_person_unknown", "Lisa Ek", ["/contact_all", "/role_head"])


def test_those_with_a_name_like_it_are_offered(strange):
    _, _, offered = strange(namesakes=["eva_fred", "gone"])
    assert offered == ['/contact_person{"person": "eva_fred"}', "/contact_all"]


def test_somebody_of_another_organisation_is_said_to_be_there(strange):
    assert strange(elsewhere=True)[0] == "utter_person_elsewhere"


def test_a_claim_of_a_title_is_answered_too(strange):
    assert strange(polar=True)[0] == "utter_person_unknown_claim"
