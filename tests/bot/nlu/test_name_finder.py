import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.name_finder import NameFinder, names_in

WORDS = """
    vem är jobbar hos er peter vad har för nummer hej och lisa anders per carlsson berg chef när
    jag når telefon heter en besökare
"""
ORDINARY = set(WORDS.split())


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
        # Neither is ours, though one name is.
        ("jobbar Lisa Hansson hos er", [("other_person", "Lisa Hansson", ["anna_hansson"])]),
        ("jobbar lisa hansson hos er", [("other_person", "lisa hansson", ["anna_hansson"])]),
        (
            "Jobbar Anders Berg hos er",
            [("other_person", "Anders Berg", ["asa_maria_berg_levinsson"])],
        ),
        ("vem är Per Fred", [("other_person", "Per Fred", ["eva_fred"])]),
        (
            "har Anna Carlsson nummer",
            [("other_person", "Anna Carlsson", ["anna_hansson", "malin_carlsson"])],
        ),
        ("vem är Göran Persson", [("other_person", "Göran Persson", [])]),
        # Not a name here, and not of staff there.
        ("når jag Anna Hansson per telefon", [("person", "anna_hansson", None)]),
        ("jag heter Bodil, vem är chef", []),
        ("en trogen besökare, vem är chef", []),
        # A surname more makes it another.
        ("vem är Daniella Pind Ek", [("other_person", "Daniella Pind Ek", ["daniella_pind"])]),
    ],
)
def test_marks_staff_and_strangers(text, found):
    assert people(text)[: len(found) or None] == found


@pytest.mark.parametrize(
    ("text", "strangers"),
    [
        ("gebyr for en bog der er fjorten dage for sent afleveret", []),
        ("Here for July only. Is the branch open?", []),
        ("who knows sara lind in your team", ["sara lind"]),
        ("Do you know Lisa Ek who works there?", ["Lisa Ek"]),
    ],
)
def test_words_of_another_language_make_no_stranger(knowledge, text, strangers):
    found = names_in(text, knowledge.names)
    assert [one["value"] for one in found if one["entity"] == "other_person"] == strangers
