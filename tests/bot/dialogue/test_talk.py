"""Talk about the talk, by its words."""

import pytest

from bot.dialogue.memory import BEFORE, FIRST, LATEST
from bot.dialogue.talk import (
    announces,
    asks_name,
    only_points,
    points_back,
    recalled,
    says_it_was_said,
)


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("vad pratade vi om före det?", BEFORE),
        ("Vad snackade vi om innan?", BEFORE),
        ("vad var min första fråga?", FIRST),
        ("minns du vad vi pratade om först?", FIRST),
        ("vad var det jag undrade nyss?", LATEST),
        ("vad frågade jag?", LATEST),
        ("jag undrade vad ni gör", None),
        ("vad kan jag fråga om?", None),
        ("och före det?", None),
    ],
)
def test_which_question_is_to_be_recalled(text, which):
    assert recalled(text, is_going_on=False) == which


def test_before_that_goes_on():
    assert recalled("och före det?", is_going_on=True) == BEFORE
    assert recalled("okej", is_going_on=True) is None


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("det sa du redan", True),
        ("du har redan svarat på det", True),
        ("vad sa du nyss", False),
        ("sa du inte det nyss", False),
        ("sa du det nyss?", False),
    ],
)
def test_what_was_said_already(text, is_said):
    assert says_it_was_said(text) is is_said


def test_a_question_is_announced():
    assert announces("Ja, en sak till")
    assert announces("ja men en fråga")
    assert not announces("ja")
    assert not announces("en fråga om kurserna")


def test_whose_name_is_asked_for():
    assert "ni" in asks_name("Vad heter ni egentligen?")
    assert "du" in asks_name("vad var det du hette?")
    assert not asks_name("vad heter ni på engelska?")
    assert not asks_name("vad gör ni?")


def test_what_only_points():
    assert only_points("Vem är det då?")
    assert not only_points("vem är chef?")
    assert points_back("kan ni hjälpa oss med det?")
    assert not points_back("finns det praktik hos er?")
