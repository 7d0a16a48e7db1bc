"""In which language a message is answered."""

from dataclasses import replace

import pytest

from bot.dialogue.policy import language_of_reply
from tests.bot.dialogue.hearing import heard


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", None, "en"),
        ("sv", "en", None),
        ("nb", "en", None),
        ("da", None, None),
        ("fi", None, "en"),
        (None, "en", "en"),
        (None, None, None),
    ],
)
def test_the_message_decides_and_else_the_one_before(language, before, after):
    message = replace(heard("contact_person"), language=language)
    assert language_of_reply(message, before) == after


def test_a_button_is_answered_as_the_message_before():
    button = replace(heard("mission_law"), language="sv", is_chosen=True)
    assert language_of_reply(button, "en") == "en"


def test_an_unknown_language_is_answered_as_one_that_is_not_understood():
    assert language_of_reply(heard("foreign"), None) == "en"
