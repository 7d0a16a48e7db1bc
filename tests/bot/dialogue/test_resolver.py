"""What is decided, given what the models hear."""

import pytest
import yaml

from bot.dialogue.memory import Ask, Memory
from bot.dialogue.policy import DecisionPolicy
from bot.dialogue.resolver import (
    ACCEPT,
    AGAIN,
    CLAIM,
    FACET,
    OVER_TOLD,
    REFER,
    SAY,
    Heard,
    Resolver,
)
from bot.dialogue.turn_model import Reading
from tests.conftest import ROOT

TRAINING = Ask("ask", ("mission_training",), "what")
EVA = Ask("ask", ("person:eva_fred",), "what")


@pytest.fixture(scope="module")
def resolver(knowledge):
    policies = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["policies"]
    given = next(one for one in policies if one["name"].endswith("DecisionPolicy"))
    return Resolver(knowledge, {**DecisionPolicy.get_default_config(), **given})


def heard(intent, text="…", margin=0.0, is_chosen=False, is_part=False, **entities):
    found = [
        {"entity": kind, "value": value}
        for kind, values in entities.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return Heard(text, intent, margin, is_chosen, is_part, True, found)


def reading(act="follow", topic="mission_training", facet="what", polar=-1.0):
    others = {"mission_law": -0.9, "person": -0.9, "chat": -0.9, topic: 0.8}
    return Reading({act: 0.8, "ask": -0.5}, {facet: 0.8, "what": -0.5}, others, polar)


def after(*asks):
    memory = Memory()
    for ask in asks:
        memory = memory.after([ask])
    return memory


def test_a_button_is_left_to_the_rules(resolver):
    decision = resolver.decide(heard("mission_law", is_chosen=True), Memory(), None)
    assert (decision.action, decision.asks) == (None, (Ask("ask", ("mission_law",), "what"),))


@pytest.mark.parametrize("intent", ["emergency", "unwell", "worried", "care", "foreign"])
def test_nothing_overrules_help(resolver, intent):
    assert resolver.decide(heard(intent), after(TRAINING), reading()).action is None


def test_a_stranger_is_left_to_the_rules(resolver):
    said = heard("contact_person", other_person="Lisa Ek")
    assert resolver.decide(said, after(EVA), reading(topic="person")).action is None


def test_a_first_question_for_the_whole_fact_is_left_to_the_rules(resolver):
    assert resolver.decide(heard("mission_training"), Memory(), reading("ask")).action is None


def test_a_first_question_for_one_facet_gets_that(resolver):
    decision = resolver.decide(heard("mission_training"), Memory(), reading("ask", facet="cost"))
    assert decision.action == FACET
    assert decision.asks == (Ask("ask", ("mission_training",), "cost"),)


def test_the_intent_knows_the_topic_of_a_first_question(resolver):
    hears = reading("ask", topic="mission_law", facet="when")
    decision = resolver.decide(heard("mission_plan"), Memory(), hears)
    assert decision.asks[0].topics == ("mission_plan",)


def test_a_facet_of_what_was_told(resolver):
    decision = resolver.decide(heard("oos"), after(TRAINING), reading(facet="when"))
    assert (decision.action, decision.asks[0].facet) == (FACET, "when")


def test_a_sure_intent_changes_the_topic(resolver):
    said = heard("mission_law", margin=0.9)
    decision = resolver.decide(said, after(TRAINING), reading(facet="when"))
    assert decision.asks[0].topics == ("mission_law",)


@pytest.mark.parametrize(
    ("act", "action"),
    [
        ("repeat", AGAIN),
        ("simpler", AGAIN),
        ("example", AGAIN),
        ("summarise", OVER_TOLD),
        ("compare", OVER_TOLD),
        ("count", FACET),
        ("list", FACET),
        ("ack", SAY),
        ("praise", SAY),
        ("yes", ACCEPT),
    ],
)
def test_each_act_has_its_answer(resolver, act, action):
    assert resolver.decide(heard("oos"), after(TRAINING), reading(act)).action == action


def test_what_is_objected_to_is_answered_again_where_it_is_known(resolver):
    assert resolver.decide(heard("deny"), after(TRAINING), reading("object")).action == FACET
    decision = resolver.decide(heard("deny"), after(TRAINING), reading("object", topic="chat"))
    assert decision.action == SAY


def test_an_ordinal_picks_from_what_was_listed(resolver):
    said = heard("oos", ordinal="2")
    assert resolver.decide(said, after(TRAINING), reading("pick")).action == REFER


def test_yes_or_no_is_a_claim(resolver):
    decision = resolver.decide(heard("oos"), after(TRAINING), reading("confirm", polar=1.0))
    assert decision.action == CLAIM


def test_she_is_who_was_spoken_of(resolver):
    hears = reading(topic="person", facet="duties")
    decision = resolver.decide(heard("oos", pronoun="hon"), after(EVA, TRAINING), hears)
    assert decision.asks[0].topics == ("person:eva_fred",)


def test_she_is_who_has_the_role_that_was_spoken_of(resolver):
    hears = reading(topic="person", facet="duties")
    before = after(Ask("ask", ("role_head",), "who"))
    decision = resolver.decide(heard("oos", pronoun="hon"), before, hears)
    assert decision.asks[0].topics == ("person:daniella_pind",)


def test_she_is_somebody_whatever_the_words_resemble(resolver):
    hears = reading(topic="unit", facet="duties")
    decision = resolver.decide(heard("oos", pronoun="hon"), after(EVA), hears)
    assert decision.asks[0].topics == ("person:eva_fred",)


def test_the_rules_know_nobody_where_a_role_was_spoken_of(resolver):
    before = after(Ask("ask", ("role_head",), "who"))
    said = heard("contact_person", margin=0.9, pronoun="hon")
    decision = resolver.decide(said, before, reading(topic="person", facet="duties"))
    assert decision.asks[0].topics == ("person:daniella_pind",)


def test_nobody_spoken_of_means_everybody(resolver):
    hears = reading(topic="person", facet="when")
    decision = resolver.decide(heard("oos", pronoun="hon"), after(TRAINING), hears)
    assert decision.asks[0].topics == ("contact_all",)


def test_a_name_alone_asks_who_that_is(resolver):
    said = heard("oos", "Och Eva då?", person="eva_fred")
    hears = reading("swap", topic="person", facet="duties", polar=1.0)
    decision = resolver.decide(said, after(TRAINING), hears)
    assert (decision.action, decision.asks[0].facet) == (FACET, "what")


def test_a_part_of_a_message_stands_by_itself(resolver):
    said = heard("mission_law", is_part=True)
    assert resolver.decide(said, after(TRAINING), reading("ask")).action is None
