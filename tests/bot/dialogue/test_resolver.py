"""What is decided, given what the models hear."""

from dataclasses import replace

import pytest
import yaml

from bot.dialogue.decision import (
    AGAIN,
    ASK_BACK,
    CLAIM,
    FACET,
    OVER_TOLD,
    SAY,
    STRANGER,
    UNCLEAR,
)
from bot.dialogue.heard import Heard
from bot.dialogue.matter_model import (
    ANOTHER,
    JOY,
    LOCAL,
    MATTERS,
    OFFER,
    OUTSIDE,
    PRAISE,
    REPORT,
    SORROW,
    UNIT,
)
from bot.dialogue.memory import Ask, Memory
from bot.dialogue.policy import DecisionPolicy
from bot.dialogue.resolver import Resolver
from bot.dialogue.turn_model import Reading
from tests.bot.dialogue.hearing import about, after, entity, heard
from tests.conftest import ROOT

TRAINING = about("mission_training")
EVA = about("person:eva_fred")
HEAD = about("role_head", facet="who")


@pytest.fixture(scope="module")
def decide(knowledge):
    policies = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["policies"]
    given = next(one for one in policies if one["name"].endswith("DecisionPolicy"))
    config = {**DecisionPolicy.get_default_config(), **given}

    def decide(said, memory=None, reading=None):
        return Resolver(knowledge, config, said, memory or Memory(), reading).decide()

    return decide


def reading(act="follow", topic="mission_training", facet="what", polar=-1.0):
    others = {"mission_law": -0.9, "person": -0.9, "chat": -0.9, topic: 0.8}
    return Reading({act: 0.8, "ask": -0.5}, {facet: 0.8, "what": -0.5}, others, polar)


def chosen(intent, **entities):
    found = [{"entity": kind, "value": value} for kind, value in entities.items()]
    return Heard.of(f"/{intent}", {"intent": {"name": intent}, "entities": found}, None, [], [])


def test_a_button_asks_what_stands_on_it(decide):
    decision = decide(chosen("mission_law"))
    assert (decision.action, decision.asks) == (FACET, (Ask("ask", ("mission_law",), "what"),))
    decision = decide(chosen("contact_phone", person="eva_fred"))
    assert decision.asks == (Ask("ask", ("person:eva_fred",), "phone"),)


def test_the_button_of_a_role_asks_who_it_is_after_a_number_too(decide):
    before = after(about("person:eva_fred", facet="phone"))
    assert decide(chosen("role_head"), before).asks[0].facet == "who"


@pytest.mark.parametrize("before", ["mission_training", "local", "other", "bot"])
@pytest.mark.parametrize("intent", ["emergency", "unwell", "worried", "care", "foreign"])
def test_nothing_overrules_help(decide, intent, before):
    assert decide(heard(intent, margin=0.9), after(about(before)), reading()).action is None


def test_who_names_a_language_writes_swedish_all_the_same(decide):
    decision = decide(heard("foreign"), after(TRAINING), reading(facet="language"))
    assert decision.asks[0] == Ask("follow", ("mission_training",), "language")


def test_a_word_of_the_glossary_is_explained_whatever_it_is_taken_for(decide):
    said = heard("oos", "vad betyder omvärldsbevaka", 0.9)
    decision = decide(said, Memory(), reading("ask", topic="mission_law", facet="meaning"))
    assert (decision.action, decision.asks[0].facet) == (FACET, "meaning")
    decision = decide(heard("oos", "och folkbibliotek?"), after(*decision.asks), reading("swap"))
    assert decision.asks[0].facet == "meaning"


def test_how_many_there_are_is_counted(decide):
    before = after(about("contact_all", facet="list"))
    decision = decide(heard(), before, reading("count", topic="contact_all", facet="what"))
    assert (decision.action, decision.asks[0].facet) == (FACET, "amount")


@pytest.mark.parametrize(
    ("intent", "text", "margin", "phrase"),
    [
        ("oos", "jag kan inte", -0.2, "utter_emergency"),
        ("deny", "nej", 0.4, "utter_emergency"),
        ("contact_phone", "kan ni ringa åt mig?", 0.2, "utter_emergency"),
        ("unwell", "jag är så ledsen", 0.9, "utter_emergency"),
        ("thanks", "tack", 0.9, "utter_emergency_ending"),
    ],
)
def test_after_danger_it_stays_danger(decide, intent, text, margin, phrase):
    decision = decide(heard(intent, text, margin), after(Ask("emergency")), reading())
    assert (decision.action, decision.phrase) == (SAY, phrase)


@pytest.mark.parametrize(
    ("intent", "text", "found"),
    [
        ("mission_training", "har ni kurser?", {}),
        ("contact_phone", "vad har Eva för nummer", {"person": "eva_fred"}),
        ("oos", "en lång berättelse om något annat som tar mer än åtta ord", {}),
    ],
)
def test_what_is_clearly_something_else_is_answered_after_danger(decide, intent, text, found):
    decision = decide(heard(intent, text, 0.9, **found), after(Ask("emergency")), reading())
    assert decision.phrase != "utter_emergency"


@pytest.mark.parametrize("intent", ["contact_person", "contact_phone", "same_question"])
def test_nobody_here_has_a_strangers_name(decide, intent):
    said = heard(intent, other_person="Lisa Ek")
    assert decide(said, after(EVA), reading(topic="person")).action == STRANGER


def test_a_stranger_is_said_to_have_no_role_here(decide):
    text = "Är Lisa Ek chef?"
    found = [entity(text, "other_person", "Lisa Ek", "Lisa Ek")]
    decision = decide(heard("role_head", text, entities=found), Memory(), reading())
    assert (decision.action, decision.asks[0].polar) == (STRANGER, True)


def test_a_first_question_for_the_whole_fact_gets_it(decide):
    decision = decide(heard("mission_training"), Memory(), reading("ask"))
    assert decision.asks == (TRAINING,)


def test_facts_that_are_named_together_are_told_together(decide):
    text = "vad är det öppna biblioteket och det digitala biblioteket"
    decision = decide(heard("areas_open", text), Memory(), reading("ask", "areas_open"))
    assert decision.asks[0].topics == ("areas_open", "areas_digital")


def test_a_first_question_for_one_facet_gets_that(decide):
    decision = decide(heard("mission_training"), Memory(), reading("ask", facet="cost"))
    assert decision.action == FACET
    assert decision.asks == (Ask("ask", ("mission_training",), "cost"),)


def test_the_intent_knows_the_topic_of_a_first_question(decide):
    hears = reading("ask", topic="mission_law", facet="when")
    said = heard("mission_plan", margin=0.9)
    assert decide(said, Memory(), hears).asks[0].topics == ("mission_plan",)


def test_the_turn_model_places_a_first_question_that_no_intent_does(decide):
    decision = decide(heard("oos", margin=0.1), Memory(), reading("ask", "mission_law", "why"))
    assert (decision.action, decision.asks[0].topics) == (FACET, ("mission_law",))


def of_matter(hears, matter, lead=1.0):
    """Return what is heard, with whose matter it is by a lead over all others."""
    return replace(hears, matters={**dict.fromkeys(MATTERS, -lead / 2), matter: lead / 2})


@pytest.mark.parametrize("intent", ["oos", "local", "unit_missing", "nlu_fallback"])
@pytest.mark.parametrize(
    ("matter", "topic", "phrase"),
    [
        (UNIT, "unit", ""),
        (OFFER, "offer", ""),
        (REPORT, "report", ""),
        (LOCAL, "local", "utter_local"),
        (ANOTHER, "other", "utter_another"),
        (OUTSIDE, "other", "utter_oos"),
        (SORROW, "chat", "utter_sorrow"),
        (JOY, "chat", "utter_joy"),
        (PRAISE, "chat", "utter_praise"),
    ],
)
def test_what_is_not_answered_is_told_whose_matter_it_is(decide, intent, matter, topic, phrase):
    hears = of_matter(reading("ask", "other", "can"), matter)
    decision = decide(heard(intent, margin=0.1), Memory(), hears)
    assert (decision.asks[0].topics, decision.phrase) == ((topic,), phrase)
    assert decision.action == (SAY if phrase else FACET)


def test_what_is_told_is_held_back_only_where_somebody_elses_matter_is_sure(decide):
    said, hears = heard("mission_training", margin=0.9), reading("ask", facet="cost")
    for matter, lead, topic in (
        (ANOTHER, 0.2, "mission_training"),
        (ANOTHER, 2.0, "other"),
        (LOCAL, 2.0, "local"),
        (UNIT, 2.0, "mission_training"),
    ):
        decision = decide(said, Memory(), of_matter(hears, matter, lead))
        assert decision.asks[0].topics == (topic,)


def test_what_is_like_nobodys_message_is_decided_on_without_that(decide):
    unclear = replace(reading("ask", "other"), matters={**dict.fromkeys(MATTERS, -0.8), UNIT: -0.5})
    assert decide(heard("oos"), Memory(), unclear).asks[0].topics == ("other",)


def test_what_goes_on_in_a_conversation_is_no_matter_by_itself(decide):
    hears = of_matter(reading(topic="other"), LOCAL, 2.0)
    decision = decide(heard("oos"), after(about("other")), hears)
    assert decision.phrase == "utter_oos"
    decision = decide(heard("oos"), after(TRAINING), of_matter(reading("ask", "other"), LOCAL))
    assert decision.phrase == "utter_local"


def test_what_is_told_in_a_conversation_or_of_the_talk_is_not_held_back(decide):
    hears = of_matter(reading("ask", facet="cost"), LOCAL, 2.0)
    decision = decide(heard("mission_training", margin=0.9), after(TRAINING), hears)
    assert decision.asks[0].topics == ("mission_training",)
    hears = of_matter(reading("ask", "chat"), REPORT, 2.0)
    assert decide(heard("chat_problem", margin=0.9), Memory(), hears).asks[0].topics == ("chat",)


def test_what_a_word_of_the_page_means_is_of_the_page(decide):
    hears = of_matter(reading("ask", "unit", "meaning"), OUTSIDE, 2.0)
    decision = decide(heard("oos", "Vad betyder ordet främja?"), Memory(), hears)
    assert decision.asks[0].facet == "meaning"


@pytest.mark.parametrize("intent", ["emergency", "unwell", "care", "foreign"])
def test_danger_and_other_languages_are_nobodys_matter(decide, intent):
    decision = decide(heard(intent), Memory(), of_matter(reading("ask", "other"), OUTSIDE, 2.0))
    assert decision.phrase != "utter_oos"


def test_of_the_unit_what_is_asked_for_is_named(decide):
    hears = of_matter(reading("ask", "other", "cost"), UNIT)
    assert decide(heard("oos"), Memory(), hears).asks[0].facet == "cost"
    hears = of_matter(reading("ask", "other", "title"), UNIT)
    assert decide(heard("oos"), Memory(), hears).asks[0].facet is None


def test_a_facet_of_what_was_told(decide):
    decision = decide(heard("oos"), after(TRAINING), reading(facet="when"))
    assert (decision.action, decision.asks[0].facet) == (FACET, "when")


def test_a_sure_intent_changes_the_topic(decide):
    said = heard("mission_law", margin=0.9)
    decision = decide(said, after(TRAINING), reading(facet="when"))
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
    ],
)
def test_each_act_has_its_answer(decide, act, action):
    assert decide(heard(), after(TRAINING), reading(act)).action == action


def test_a_first_message_may_ask_something_and_how_it_is_told(decide):
    said = heard("simpler", "säg enkelt vad ni gör", 0.9)
    decision = decide(said, reading=reading("simpler"))
    assert (decision.action, decision.asks[0].topics) == (FACET, ("mission_training",))
    decision = decide(said, reading=reading("simpler", topic="chat"))
    assert (decision.action, decision.asks[0].topics) == (AGAIN, ())


def test_yes_is_the_first_offer(decide):
    said = heard("affirm", "ja", 0.5, offered=["/areas_count", "/help"])
    decision = decide(said, after(TRAINING), reading("yes"))
    assert decision.asks[0].topics == ("areas_count",)
    decision = decide(heard("affirm", "ja", 0.5), after(TRAINING), reading("yes"))
    assert decision.phrase == "utter_ack"


@pytest.mark.parametrize("text", ["ja, precis", "ja, det stämmer"])
def test_who_agrees_chooses_no_button(decide, text):
    said = heard("affirm", text, 0.9, offered=["/areas_count"])
    assert decide(said, after(TRAINING), reading("yes")).phrase == "utter_ack"
    said = heard("affirm", "ja", 0.9, offered=["/areas_count"])
    confirmed = Ask("confirm", ("mission_training",), "is")
    assert decide(said, after(confirmed), reading("yes")).phrase == "utter_ack"


def test_a_question_that_is_announced_chooses_no_button(decide):
    said = heard("affirm", "ja, en sak till", 0.9, offered=["/areas_count"])
    assert decide(said, after(TRAINING), reading("yes")).phrase == "utter_accept_what"


def test_who_is_a_stranger_stays_one(decide):
    memory = after(HEAD, about("nobody"))
    decision = decide(heard("contact_phone", "har hon telefon?", 0.9, pronoun="hon"), memory)
    assert (decision.action, decision.phrase) == (SAY, "utter_nobody")
    decision = decide(heard("contact_email", "hennes mejl?", 0.9, pronoun="hennes"))
    assert decision.action == ASK_BACK


def test_what_was_picked_of_a_sentence_is_told(decide):
    said = heard("refer", "den andra", 0.9, entities=[entity("den andra", "ordinal", "2", "andra")])
    decision = decide(said, after(about("mission_reading")), reading("pick"))
    assert (decision.action, decision.claim) == (CLAIM, "recommendation_base")
    decision = decide(said, after(TRAINING), reading("pick", facet="cost"))
    assert decision.claim == "conferences"


def test_what_goes_on_about_something_else_does_not_jump_back(decide):
    memory = after(TRAINING, about("unit", facet="is"))
    decision = decide(heard("more", "vad gör man då?", -0.2), memory, reading("follow"))
    assert decision.asks[0].topics == ("unit",)
    decision = decide(
        heard("repeat", "vem är det?", -0.2), after(TRAINING, about("other")), reading()
    )
    assert decision.phrase == "utter_oos"


def test_another_organisation_is_what_it_is(decide):
    memory = after(TRAINING, about("mission_responsible", facet="who"))
    decision = decide(heard("repeat", "vem är det?", -0.2), memory, reading(facet="who"))
    assert decision.asks[0] == Ask("follow", ("mission_responsible",), "meaning")


@pytest.mark.parametrize(
    ("text", "is_other"),
    [("erbjuder ni praktik?", True), ("har ni många kurser?", False), ("ger ni oss det?", False)],
)
def test_what_is_not_near_to_what_was_told_may_be_another_matter(decide, text, is_other):
    said = heard("oos", text, -0.2, unit="ni")
    decision = decide(said, after(TRAINING), reading(facet="is", polar=1.0))
    assert (decision.action, decision.is_by_context) == (CLAIM, is_other)


@pytest.mark.parametrize(
    ("text", "found", "phrase"),
    [
        ("vad hette du?", {}, "utter_bot_name"),
        ("vad frågade jag om före det?", {}, "utter_recalled_before"),
        ("det sa du redan", {}, "utter_said_already"),
    ],
)
def test_talk_about_the_talk(decide, text, found, phrase):
    memory = after(TRAINING, HEAD)
    assert decide(heard("oos", text, 0.1, **found), memory, reading()).phrase == phrase


def test_the_unit_has_a_name(decide):
    text = "vad heter ni?"
    said = heard("oos", text, 0.1, entities=[entity(text, "unit", "ni", "ni")])
    assert decide(said, after(TRAINING), reading()).asks[0] == Ask("ask", ("unit",), "title")


def test_no_to_an_offer_is_no_question_unless_somebody_is_named(decide):
    assert decide(heard("deny", "nej"), after(EVA), reading("no")).phrase == "utter_decline"
    said = heard("deny", "nej, Sara", person="sara_troen")
    decision = decide(said, after(about("person:eva_fred", facet="phone")), reading("no"))
    assert decision.asks == (Ask("ask", ("person:sara_troen",), "phone"),)


def test_what_is_objected_to_is_answered_again_where_it_is_known(decide):
    assert decide(heard("deny"), after(TRAINING), reading("object")).action == FACET
    decision = decide(heard("deny"), after(TRAINING), reading("object", topic="chat"))
    assert decision.action == SAY


def test_an_ordinal_picks_from_what_was_listed(decide):
    said = heard("oos", ordinal="2")
    decision = decide(said, after(about("areas_overview")), reading("pick"))
    assert decision.asks[0].topics == ("areas_digital",)
    hears = reading("pick", topic="chat")
    decision = decide(heard("refer", ordinal="5"), after(about("areas_overview")), hears)
    assert decision.phrase == "utter_refer_to_what"


def test_one_of_a_list_may_be_picked_by_what_it_is_about(decide):
    hears = reading("pick", topic="areas_learning")
    decision = decide(heard("refer", "den om lärande"), after(about("areas_overview")), hears)
    assert decision.asks[0].topics == ("areas_learning",)


def test_yes_or_no_is_a_claim(decide):
    decision = decide(heard(), after(TRAINING), reading("confirm", polar=1.0))
    assert decision.action == CLAIM


def test_a_title_beside_another_question_is_not_what_is_asked(decide):
    text = "Malin är projektledare, kan hon hjälpa oss?"
    found = [
        entity(text, "person", "malin_carlsson", "Malin"),
        entity(text, "role", "project_leader", "projektledare"),
        entity(text, "pronoun", "hon", "hon"),
    ]
    said = heard("oos", text, 0.0, entities=found)
    for facet, is_of_title in (("can", False), ("is", True)):
        read = reading("confirm", topic="person", facet=facet, polar=0.9)
        decision = decide(said, after(TRAINING), read)
        assert (decision.action, bool(decision.titles)) == (CLAIM, is_of_title)
        assert decision.asks[0].topics == ("person:malin_carlsson",)


def test_a_claim_of_a_title_holds_who_and_what(decide):
    text = "Är hon chef?"
    found = [entity(text, "pronoun", "hon", "hon"), entity(text, "role", "head", "chef")]
    decision = decide(heard("role_head", text, 0.9, entities=found), after(EVA), reading("confirm"))
    assert decision.action == CLAIM
    assert [(one.person, one.role) for one in decision.titles] == [("eva_fred", "role_head")]


@pytest.mark.parametrize(
    ("text", "title", "of_all"),
    [
        ("Är alla konsulenter?", "konsulenter", True),
        ("Är samtliga konsulenter, eller hur? Jag undrar bara.", "konsulenter", True),
        ("Är alla konsulenter kvinnor?", "konsulenter", False),
        ("Är konsulenterna många?", "konsulenterna", False),
    ],
)
def test_a_title_alone_of_all_is_claimed_of_everybody(decide, text, title, of_all):
    said = heard("role_consultant", text, 0.9, entities=[entity(text, "role", "consultant", title)])
    decision = decide(said, Memory(), reading("ask", topic="role_consultant", polar=1.0))
    assert (len(decision.titles) > 1) == of_all


def test_who_has_not_the_title_spoken_of_is_told_with_the_others(decide):
    asked = Ask("ask", ("person:eva_fred",), "is", polar=True, role="role_consultant")
    hears = reading(topic="role_project_leader", facet="who")
    decision = decide(heard("nlu_fallback", "Vem är inte det då?", -0.4), after(asked), hears)
    assert decision.asks[0].topics == ("contact_all",)
    assert decision.asks[0].role == "role_consultant"


def test_what_names_no_topic_is_about_what_was_spoken_of(decide):
    unheard = replace(reading(facet="source"), topics={"role_head": -0.8, "mission_law": -0.9})
    decision = decide(heard("nlu_fallback", "bevisa det", -0.4), after(TRAINING), unheard)
    assert decision.asks[0].topics == ("mission_training",)


def test_who_works_with_what_is_picked_is_asked_of_it(decide):
    text = "och den första, vem jobbar med den"
    said = heard("contact_topic", text, 0.9, entities=[entity(text, "ordinal", "1", "första")])
    asked = after(about("areas_overview", facet="list"))
    picked = decide(said, asked, reading("pick", facet="who")).asks[0]
    assert (picked.topics, picked.facet) == (("areas_open",), "who")
    assert decide(said, asked, reading("pick")).asks[0].facet == "what"


def test_she_is_who_was_spoken_of(decide):
    hears = reading(topic="person", facet="duties")
    decision = decide(heard(pronoun="hon"), after(EVA, TRAINING), hears)
    assert decision.asks[0].topics == ("person:eva_fred",)


def test_she_is_who_has_the_role_that_was_spoken_of(decide):
    hears = reading(topic="person", facet="duties")
    decision = decide(heard(pronoun="hon"), after(HEAD), hears)
    assert decision.asks[0].topics == ("person:daniella_pind",)


def test_she_is_somebody_whatever_the_words_resemble(decide):
    hears = reading(topic="unit", facet="duties")
    decision = decide(heard(pronoun="hon"), after(EVA), hears)
    assert decision.asks[0].topics == ("person:eva_fred",)


def test_nobody_spoken_of_means_everybody(decide):
    hears = reading(topic="person", facet="when")
    decision = decide(heard(pronoun="hon"), after(TRAINING), hears)
    assert decision.asks[0].topics == ("contact_all",)


def test_her_among_two_is_asked_back_about(decide):
    memory = after(about("person:eva_fred", "person:sara_troen"))
    decision = decide(heard("contact_phone", pronoun="henne"), memory, reading(topic="person"))
    assert (decision.action, len(decision.asks[0].people)) == (ASK_BACK, 2)


def test_a_number_after_another_number_is_asked_of_the_role(decide):
    memory = after(about("person:eva_fred", facet="phone"))
    said = heard("role_project_leader", "och projektledaren?", 0.9, role="project_leader")
    decision = decide(said, memory, reading("swap", topic="role_project_leader"))
    assert decision.asks[0].facet == "phone"
    said = heard("role_project_leader", "och projektledaren?", 0.9, role="project_leader")
    assert decide(said, after(TRAINING), reading("swap")).asks[0].facet == "who"


@pytest.mark.parametrize(
    ("text", "all_of_them"),
    [
        ("vilka är inte konsulenter", True),
        ("Vilka jobbar hos er förutom konsulenterna?", True),
        ("vilka är konsulenter", False),
        ("Jag vill inte störa, vilka är konsulenter?", False),
    ],
)
def test_whoever_has_another_role_is_told_with_all(decide, text, all_of_them):
    written = "konsulenterna" if "konsulenterna" in text else "konsulenter"
    found = [entity(text, "role", "consultant", written)]
    said = heard("role_consultant", text, 0.9, entities=found)
    decision = decide(said, after(TRAINING), reading("ask"))
    assert (decision.asks[0].topics == ("contact_all",)) == all_of_them


@pytest.mark.parametrize(
    ("text", "fact", "of_another"),
    [
        ("Vem är chef där?", "mission_responsible", True),
        ("Vem är chef?", "mission_responsible", False),
        ("Vem är chef där?", "mission_overview", False),
    ],
)
def test_the_head_there_is_not_ours(decide, text, fact, of_another):
    said = heard("role_head", text, 0.9, entities=[entity(text, "role", "head", "chef")])
    decision = decide(said, after(about(fact)), reading("ask"))
    assert (decision.asks[0].topics == (fact,)) == of_another


def test_a_name_alone_asks_who_that_is(decide):
    said = heard(text="Och Eva då?", person="eva_fred")
    hears = reading("swap", topic="person", facet="duties", polar=1.0)
    decision = decide(said, after(TRAINING), hears)
    assert (decision.action, decision.asks[0].facet) == (FACET, "what")


def test_a_part_of_a_message_stands_by_itself(decide):
    said = Heard.of("…", {"intent": {"name": "mission_law"}, "is_part": True}, 0.9, [], [])
    decision = decide(said, after(TRAINING), reading("ask", facet="when"))
    assert decision.asks[0].topics == ("mission_law",)


def test_those_who_are_responsible_are_told_with_whom_to_contact(decide, knowledge, monkeypatch):
    eva = knowledge.people["eva_fred"]
    monkeypatch.setattr(knowledge, "responsible_for", lambda text: [eva] * ("barn" in text))
    decision = decide(heard("contact_topic", "vem kan svara om barn"), Memory(), None)
    assert decision.asks[0].topics == ("contact_topic", "person:eva_fred")


def test_who_works_with_a_fact_is_whoever_is_responsible(decide, knowledge, monkeypatch):
    eva = knowledge.people["eva_fred"].model_copy(update={"areas": ["digitala biblioteket"]})
    monkeypatch.setattr(knowledge, "_with_areas", [eva])
    hears = reading("follow", topic="areas_digital", facet="who")
    decision = decide(heard(text="vem jobbar med det"), after(about("areas_digital")), hears)
    assert decision.asks[0].topics == ("contact_topic", "person:eva_fred")


def test_what_is_near_nothing_is_asked_back_about(decide):
    hears = Reading({"ask": -0.5}, {"what": -0.5}, {"mission_law": -0.9}, -1.0)
    assert decide(heard("nlu_fallback"), Memory(), hears).action == ASK_BACK


def test_a_line_of_help_takes_nothing_from_the_message():
    text = "Sara är konsulent, eller? Jag orkar inte mer"
    help_ = {"text": text, "intent": {"name": "care"}}
    said = Heard.of(text, {"intent": {"name": "contact_person"}, "further": [help_]}, 0.0, [], [])
    assert (said.text, said.is_part) == (text, False)


def test_of_several_questions_only_the_first_is_heard():
    text = "Vem är chef och var sitter ni?"
    found = {"part": "Vem är chef", "further": [{"text": "var sitter ni?"}]}
    said = Heard.of(text, {"intent": {"name": "role_head"}, **found}, 0.0, [], [])
    assert (said.text, said.is_part) == ("Vem är chef", True)


def test_what_is_accepted_answers_the_offer(decide):
    offered = ['/contact_phone{"person": ["eva_fred", "sara_troen"]}']
    decision = decide(heard("affirm", "ja", 0.5, offered=offered), after(TRAINING), reading("yes"))
    assert decision.asks[0].act == "yes"
    assert decision.asks[0].topics == ("person:eva_fred", "person:sara_troen")


def test_whoever_has_left_is_asked_back_about(decide):
    decision = decide(chosen("contact_person", person="gone"), after(HEAD))
    assert (decision.action, decision.asks[0].topics) == (ASK_BACK, ())


def test_a_role_and_people_that_are_gone_are_forgotten(decide):
    before = Ask("ask", ("person:gone", "role_gone"), "is", polar=True, role="role_gone")
    said = heard("same_question", "Och Sara Tröen?", person="sara_troen")
    decision = decide(said, after(before), reading("swap", topic="person"))
    assert (decision.action, decision.titles) == (FACET, ())


def test_two_with_one_name_are_asked_back_about_whatever_is_asked(decide):
    annas = [
        {"entity": "person", "value": one, "start": 10, "end": 14}
        for one in ("anna_hansson", "eva_fred")
    ]
    said = heard("oos", "när jobbar Anna", entities=annas)
    decision = decide(said, after(TRAINING), reading(topic="person", facet="when"))
    assert (decision.action, len(decision.asks[0].people)) == (ASK_BACK, 2)


@pytest.mark.parametrize("intent", ["foreign", "nonsense", "oos"])
def test_after_danger_in_english_it_stays_danger(decide, intent):
    decision = decide(
        heard(intent, "please hurry", 0.1), after(Ask("emergency_english")), reading()
    )
    assert decision.phrase == "utter_emergency_english"


@pytest.mark.parametrize(
    ("text", "facet"), [("nästa", "what"), ("när började den sista då", "when")]
)
def test_what_is_asked_of_what_is_picked(decide, text, facet):
    before = [about("role_consultant", facet="who"), about("person:eva_fred")]
    ordinal = "next" if text == "nästa" else "last"
    found = [entity(text, "ordinal", ordinal, "nästa" if text == "nästa" else "sista")]
    hears = reading("pick", topic="person", facet="when")
    decision = decide(heard("refer", text, 0.5, entities=found), after(*before), hears)
    assert decision.asks[0].facet == facet


def test_what_is_summed_up_is_all_that_was_told(decide):
    decision = decide(heard(text="sammanfatta"), after(HEAD, TRAINING), reading("summarise"))
    assert (decision.action, decision.asks[0].topics) == (
        OVER_TOLD,
        ("role_head", "mission_training"),
    )


def test_questions_that_were_asked_are_not_those_of_the_unit(decide):
    said = heard(text="hur många frågor har jag ställt?")
    decision = decide(said, after(TRAINING), reading("count", facet="amount"))
    assert (decision.action, decision.asks[0].act) == (OVER_TOLD, "count")


def test_another_form_is_of_what_was_told(decide):
    decision = decide(heard(text="i två meningar"), after(TRAINING), reading("pick"))
    assert (decision.action, decision.asks[0].topics) == (AGAIN, ("mission_training",))
    decision = decide(heard(text="i två meningar"), None, reading(topic="chat"))
    assert decision.asks[0].topics == ("mission_overview",)


def test_words_that_are_compared_are_explained(decide):
    said = heard(text="vad är skillnaden på en konferens och en mässa?")
    decision = decide(said, None, reading("ask"))
    assert (decision.action, decision.asks[0].facet) == (OVER_TOLD, "meaning")


@pytest.mark.parametrize(("polar", "action"), [(0.9, CLAIM), (-1.0, OVER_TOLD)])
def test_whether_two_facts_are_the_same_is_claimed(decide, polar, action):
    said = heard(text="skillnad på det öppna och det digitala?")
    decision = decide(said, None, reading("ask", "areas_open", "is", polar))
    assert decision.action == action


def test_words_that_are_what_facts_are_called_are_those_facts(decide):
    said = heard(text="jämför biblioteksplanen med bibliotekslagen")
    decision = decide(said, None, reading("compare"))
    assert decision.asks[0].topics == ("mission_plan", "mission_law")
    assert decision.asks[0].facet == "other"
    said = heard(text="vad skiljer den från biblioteksplanen?")
    decision = decide(said, after(HEAD, about("mission_law")), reading("compare"))
    assert decision.asks[0].topics == ("mission_law", "mission_plan")


@pytest.mark.parametrize(
    ("act", "phrase"),
    [("thanks", "utter_thanks"), ("bye", "utter_goodbye"), ("praise", "utter_praise")],
)
@pytest.mark.parametrize("memory", [Memory(), after(TRAINING)], ids=["first", "later"])
def test_good_manners_are_heard_whatever_the_intent_is(decide, memory, act, phrase):
    decision = decide(heard("oos", "tack för pratstunden"), memory, reading(act, topic="chat"))
    assert (decision.action, decision.phrase) == (SAY, phrase)


def test_a_facet_of_the_bot_is_told_of_itself(decide):
    said = heard("bot_challenge", "vem har byggt dig", 0.6)
    for memory in (Memory(), after(TRAINING)):
        decision = decide(said, memory, reading("ask", topic="bot", facet="who"))
        assert (decision.action, decision.asks[0].topics) == (FACET, ("bot",))
    decision = decide(said, Memory(), reading("ask", topic="bot", facet="phone"))
    assert decision.phrase == "utter_bot_challenge"


def test_whom_to_ask_of_a_local_matter_is_the_local_library(decide):
    asked = reading(topic="contact_topic", facet="contact")
    decision = decide(heard("contact_topic", "vem frågar jag då"), after(about("local")), asked)
    assert decision.phrase == "utter_local"
    decision = decide(heard("contact_topic", "vem hos er", unit="er"), after(about("local")), asked)
    assert decision.action == FACET


def test_the_chief_of_a_visitor_is_no_title_of_ours(decide):
    text = "är hon min chef"
    entities = [entity(text, "role", "head", "chef"), entity(text, "pronoun", "she", "hon")]
    asked = reading("confirm", topic="person", facet="is", polar=0.8)
    decision = decide(heard("role_head", text, entities=entities), after(EVA), asked)
    assert not decision.titles


def test_what_a_fact_leaves_out_is_unclear_sooner(decide):
    heard_when = reading(facet="when")
    unsure = replace(heard_when, facets={"when": -0.5, "what": -0.9})
    assert decide(heard(), after(TRAINING), unsure).asks[0].facet == "when"
    left_out = replace(unsure, pages={"missing": 0.9})
    assert decide(heard(), after(TRAINING), left_out).asks[0].facet == UNCLEAR
