"""The knowledge for who writes English."""

import re

import pytest

from bot.knowledge import in_english, is_in_english
from bot.knowledge.english import lacks_english

# Names that the page has, beside those of people.
SWEDISH_NAMES = (
    "Om Biblioteksutveckling", "Biblioteksutveckling", "Kulturförvaltningen", "bibliotekslagen",
    "den regionala biblioteksplanen", "stöd och förmedling", "Medarbetare", "Västra Götaland",
    "Västra Götalandsregionen", "Kraftsamling fullföljda studier", "Det öppna biblioteket",
    "Det digitala biblioteket", "Det lärande biblioteket",
)  # fmt: skip


def test_every_fact_role_and_topic_has_english(knowledge):
    assert lacks_english(knowledge) == []


def test_no_swedish_is_left_but_names(knowledge):
    english = in_english(knowledge)
    texts = [
        *(text for one in english.topics.values() for text in one.tells.values()),
        *(text for one in english.topics.values() for text in one.leaves_out.values()),
        *(text for one in english.facts.values() for text in (one.answer, one.more, one.question)),
        *(text for role in english.roles.values() for text in (role.title, role.plural)),
        *english.questions.values(),
        english.unit.instead,
    ]
    names = "|".join(sorted(map(re.escape, SWEDISH_NAMES), key=len, reverse=True))
    left = [text for text in texts if re.search("[åäöÅÄÖ]", re.sub(names, "", text))]
    assert left == []


def test_what_the_page_leaves_out_is_left_out_in_english_too(knowledge):
    """And nothing that it tells is denied."""
    english = in_english(knowledge)
    for name, aspects in knowledge.topics.items():
        own = english.topics[name]
        assert own.tells.keys() >= aspects.tells.keys()
        assert own.leaves_out.keys() == aspects.leaves_out.keys()
        denied = [
            f for f in own.leaves_out if f in own.tells and "nothing more" not in own.leaves_out[f]
        ]
        assert not denied


def test_people_have_english_titles_and_the_same_roles(knowledge):
    english = in_english(knowledge)
    for intent, role in knowledge.roles.items():
        own = english.roles[intent]
        assert [one.id for one in english.with_role(own)] == [
            one.id for one in knowledge.with_role(role)
        ]
    assert {person.title for person in english.people.values()} == {
        "Head of unit", "Consultant", "Project manager"
    }  # fmt: skip


@pytest.mark.parametrize("given", [{"english": None}, {"missing": "filled"}])
def test_what_has_no_english_is_known_to_have_none(knowledge, given):
    plan = knowledge.facts["mission_plan"]
    if given.get("missing"):
        english = plan.english.model_copy(update={"filled": None})
        missing = plan.missing.model_copy(update={"value": "https://exempel.se/plan"})
        given = {"english": english, "missing": missing}
    facts = {**knowledge.facts, plan.id: plan.model_copy(update=given)}
    changed = _with_facts(knowledge, facts)
    assert lacks_english(changed) == [plan.id]
    assert not is_in_english(changed, ["role_head", plan.id])
    assert is_in_english(changed, ["role_head", "person:eva_fred", "local"])


def test_what_staff_fill_in_is_told_in_english_too(knowledge):
    plan = knowledge.facts["mission_plan"]
    missing = plan.missing.model_copy(update={"value": "https://exempel.se/plan"})
    facts = {**knowledge.facts, plan.id: plan.model_copy(update={"missing": missing})}
    told = in_english(_with_facts(knowledge, facts)).facts[plan.id]
    assert "https://exempel.se/plan" in told.statement
    assert told.left_out("where") is None


def _with_facts(knowledge, facts):
    topics = [one for name, one in knowledge.topics.items() if name not in knowledge.facts]
    return type(knowledge)(
        knowledge.unit,
        list(facts.values()),
        list(knowledge.roles.values()),
        list(knowledge.people.values()),
        knowledge.questions,
        topics=topics,
        english=knowledge.english,
    )
