"""Who is said to have which title."""

import pytest

from bot.dialogue.references import References
from bot.dialogue.title_words import asks_which, denies, is_claim
from bot.dialogue.titles import are_only_titles, titles_said
from tests.bot.dialogue.hearing import about, after, entity, heard

PIND, CARLSSON, FRED = "daniella_pind", "malin_carlsson", "eva_fred"


@pytest.mark.parametrize(
    ("text", "entities", "said"),
    [
        (
            "Pind är chef och Carlsson projektledare, stämmer det?",
            [("person", PIND, "Pind"), ("role", "head", "chef"),
             ("person", CARLSSON, "Carlsson"), ("role", "project_leader", "projektledare")],
            [(PIND, "head"), (CARLSSON, "project_leader")],
        ),
        (
            "Malin är projektledare, men är Eva det också?",
            [("person", CARLSSON, "Malin"), ("role", "project_leader", "projektledare"),
             ("person", FRED, "Eva")],
            [(CARLSSON, "project_leader"), (FRED, "project_leader")],
        ),
        (
            "Projektledare Kajsa Lunde, är det korrekt?",
            [("role", "project_leader", "Projektledare"),
             ("person", "kajsa_lunde", "Kajsa Lunde")],
            [("kajsa_lunde", "project_leader")],
        ),
        (
            "Är konsulenten Anna chef?",
            [("role", "consultant", "konsulenten"), ("person", "anna_hansson", "Anna"),
             ("role", "head", "chef")],
            [("anna_hansson", "head")],
        ),
        (
            "Är Eva Fred enhetschef numera? Hon var ju konsulent.",
            [("person", FRED, "Eva Fred"), ("role", "head", "enhetschef"),
             ("role", "consultant", "konsulent")],
            [(FRED, "head")],
        ),
        (
            "Vem är chef för Eva?",
            [("role", "head", "chef"), ("person", FRED, "Eva")],
            [],
        ),
    ],
)  # fmt: skip
def test_each_name_goes_with_its_title(knowledge, text, entities, said):
    message = heard("role_consultant", text, entities=[entity(text, *one) for one in entities])
    refers = References(message, after(), knowledge)
    found = titles_said(message, refers, knowledge)
    assert [(one.person, one.role) for one in found] == [
        (who, f"role_{what}") for who, what in said
    ]


def test_she_is_said_to_have_the_title_that_the_intent_names(knowledge):
    message = heard("role_head", "Är hon bossen?", pronoun="hon")
    refers = References(message, after(about("person:eva_fred")), knowledge)
    (said,) = titles_said(message, refers, knowledge, "role_head")
    assert (said.person, said.role) == (FRED, "role_head")


@pytest.mark.parametrize(
    ("text", "is_claim"),
    [("Projektledaren, är det hon som driver det?", False), ("Projektledaren, är det hon?", True)],
)
def test_she_is_who_has_the_title_before_her(knowledge, text, is_claim):
    found = [entity(text, "role", "project_leader", "Projektledaren")]
    found.append(entity(text, "pronoun", "hon", "hon"))
    message = heard("role_project_leader", text, entities=found)
    refers = References(message, after(about(f"person:{PIND}")), knowledge)
    assert bool(titles_said(message, refers, knowledge)) is is_claim


def test_a_title_before_a_name_claims_nothing_new():
    text = "kan enhetschefen Daniella Pind ringa?"
    found = [("role", "head", "enhetschefen"), ("person", PIND, "Daniella Pind")]
    assert are_only_titles(heard(text=text, entities=[entity(text, *one) for one in found]))


def test_two_titles_are_there_to_choose_from():
    text = "Är Eva konsulent eller projektledare?"
    assert asks_which(text, [(7, 16), (23, 36)])
    assert not asks_which("Är Pind chef och Malin Carlsson projektledare", [(8, 12), (32, 45)])


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Är Anna chef?", True),
        ("Anna innehar väl befattningen konsulent", True),
        ("Anna, konsulent, eller hur?", True),
        ("anna konsulent frågetecken", True),
        ("Var Anna konsulent förr?", True),
        ("Var sitter konsulenten Anna?", False),
        ("Vem är Anna, chef?", False),
        ("Hur når jag konsulenten Anna?", False),
        ("Jag söker Anna som är konsulent", False),
    ],
)
def test_what_claims_and_what_asks_openly(text, claims):
    assert is_claim(text) is claims


def test_what_another_sentence_asks_openly_does_not_count():
    assert is_claim("Vad sa hon nu igen? Är Katarina chef?", ["chef"])
    assert not is_claim("Är du där? Vad gör en chef?", ["chef"])


def test_a_denial_is_heard():
    assert denies("Är hon inte chef?")
    assert not denies("Är hon chef?")
