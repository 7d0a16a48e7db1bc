"""Phrases that name what somebody else's matter is called."""

import pytest

from actions.action_say import ActionSay
from tests.conftest import DOMAIN


@pytest.mark.parametrize(
    ("phrase", "text", "noun"),
    [
        ("utter_local", "Hur får min pappa talböcker?", "talböcker och inlästa böcker"),
        ("utter_local", "nån läxhjälp på tisdag", "läxhjälp"),
        ("utter_another", "fel i Libris", "Kungliga biblioteket eller Libris"),
    ],
)
def test_the_need_or_whose_it_is_is_named(answer, dispatcher, phrase, text, noun):
    assert answer(ActionSay, ["local"], text=text, decision={"phrase": phrase}) == [
        f"{phrase}_named"
    ]
    assert dispatcher.messages[0]["words"] == noun


@pytest.mark.parametrize("phrase", ["utter_local", "utter_another"])
def test_what_no_file_names_is_not_named(answer, phrase):
    text = "Finns det något sådant?"
    assert answer(ActionSay, ["local"], text=text, decision={"phrase": phrase}) == [phrase]


def test_a_need_of_a_library_is_nobodys_name(answer):
    text = "polisen och talböcker"
    assert answer(ActionSay, ["other"], text=text, decision={"phrase": "utter_oos"}) == [
        "utter_oos"
    ]


@pytest.mark.parametrize("phrase", ["utter_another", "utter_sorrow", "utter_joy", "utter_praise"])
def test_every_no_has_a_phrase(phrase):
    assert DOMAIN["responses"][phrase][0]["text"]
