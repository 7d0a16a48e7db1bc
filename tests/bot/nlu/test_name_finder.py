import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.name_finder import NameFinder

ORDINARY = set("vem är jobbar hos er peter vad har för nummer hej och".split())  # noqa: SIM905


def people(text):
    finder = NameFinder(None, None, ORDINARY)
    (message,) = finder.process([Message({"text": text})])
    return [(e["entity"], e["value"], e.get("namesakes")) for e in message.get("entities")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vem är Kajsa?", [("person", "kajsa_lunde", None)]),
        ("jobbar Peter Ek hos er", [("other_person", "Peter Ek", [])]),
        (
            "vem är anna larsson",
            [("other_person", "anna larsson", ["anna_hansson", "katarina_larson"])],
        ),
        ("vem är Nilsson", [("other_person", "Nilsson", [])]),
        ("Hej och vem är chef", []),
        # Two names, which share no word.
        (
            "vem är Daniella Pind Ek",
            [("person", "daniella_pind", None), ("other_person", "Ek", [])],
        ),
    ],
)
def test_marks_staff_and_strangers(text, found):
    assert people(text)[: len(found) or None] == found
