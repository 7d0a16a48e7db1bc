"""What the policy keeps of a message beside what it asks."""

import pytest

from bot.dialogue.decision import Decision
from bot.dialogue.heard import Heard
from bot.dialogue.memory import Ask
from bot.dialogue.policy import wants_easy
from tests.bot.dialogue.hearing import heard


@pytest.mark.parametrize(
    ("said", "act", "wanted"),
    [
        (heard("mission_overview", "Vad gör ni? Lätt svenska tack."), "ask", True),
        (heard("mission_overview", "Kan du säga enkelt vad ni gör?"), "ask", True),
        (heard("simpler", "jag förstår inte"), "simpler", True),
        (heard("as_usual", "vanlig svenska räcker"), "as_usual", False),
        (heard("mission_overview", "Vad gör ni?"), "ask", None),
        (heard("local", "finns lättlästa böcker på svenska"), "ask", None),
        (heard("simpler", "kortare"), "shorter", None),
    ],
)
def test_easy_words_are_wanted_from_now_on_or_no_longer(said, act, wanted):
    assert wants_easy(said, Decision((Ask(act),)), ["as_usual"]) is wanted


def test_a_button_says_nothing_of_how_the_answer_is_wanted():
    pressed = Heard.of("/simpler", {"intent": {"name": "simpler"}}, None, (), ())
    assert wants_easy(pressed, Decision((Ask("simpler"),)), ["as_usual"]) is None
