import pytest

from bot.nlu.parts import after_opening, sentences


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("hej hej, vem e chef", "vem e chef"),
        ("Hej, vem är chef?", "vem är chef?"),
        ("hej, då", None),
        ("vem är chef", None),
        ("det var en gång en prins, vem var han", None),
        ("nej jag vill dö", "jag vill dö"),
        ("Nej tack men vad gör ni", "vad gör ni"),
        ("ok vem är chef", "vem är chef"),
        ("nej tack", None),
        ("nejlikor är fina blommor", None),
    ],
)
def test_what_follows_a_few_words_and_a_comma_or_a_yes_or_no(text, rest):
    found = after_opening(text)
    assert (text[slice(*found)] if found else None) == rest


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Har ni kurser? Jag mår så dåligt.", ["Har ni kurser?", "Jag mår så dåligt."]),
        ("ska jag gå?\nhan är här", ["ska jag gå?", "han är här"]),
        ("Hej! Vem är chef?", ["Vem är chef?"]),
        ("jag vill dö", []),
        ("hej, hej", []),
    ],
)
def test_the_sentences_of_a_message(text, pieces):
    assert [text[a:b].strip() for a, b in sentences(text)] == pieces
