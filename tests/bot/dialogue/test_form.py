"""In which form an answer is wanted."""

import pytest

from bot.dialogue.form import FIRST_NAMES, NAMES, POINTS, SENTENCES, WORDS, Form, form_wanted


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Sammanfatta vad ni gör i två meningar", Form(SENTENCES, 2)),
        ("i 2 korta meningar", Form(SENTENCES, 2)),
        ("säg det i ett par meningar", Form(SENTENCES, 2)),
        ("i en mening, tack", Form(SENTENCES, 1)),
        ("ge mig tre punkter", Form(POINTS, 3)),
        ("i punktform", Form(POINTS)),
        ("skriv det i korta punkter", Form(POINTS)),
        ("max fem ord", Form(WORDS, 5)),
        ("förklara med ett ord", Form(WORDS, 1)),
        ("en mening per område", Form(SENTENCES, 1, is_each=True)),
        ("bara namnen", Form(NAMES)),
        ("enbart förnamn tack", Form(FIRST_NAMES)),
    ],
)
def test_the_form_that_is_asked_for(text, form):
    assert form_wanted(text) == form


@pytest.mark.parametrize(
    "text",
    [
        "med andra ord, vad gör ni?",
        "vad betyder de två ord som står där?",
        "vilka är de tre punkterna?",
        "vad är det för mening med det?",
        "hur många meningar är det?",
        "vad heter chefen i namn?",
        "vilka områden har ni?",
        "jag hör bara ordet telefonnummer efter varje namn",
    ],
)
def test_no_form_is_asked_for(text):
    assert form_wanted(text) is None
