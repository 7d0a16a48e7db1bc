import pytest

from bot.nlu.parts import after_opening, are_questions, halves, is_question, parts, sentences


def split(text):
    return [text[start:end].strip() for start, end in parts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vem är chef?", ["Vem är chef?"]),
        ("Vad är ert uppdrag och vem är chef?", ["Vad är ert uppdrag", "vem är chef?"]),
        ("Hej! Vem är chef?", ["Hej!", "Vem är chef?"]),
        ("hej. vem är chef", ["hej", "vem är chef"]),
        ("Jag är ny. Vad gör ni?", ["Jag är ny", "Vad gör ni?"]),
        ("Har ni kurser, och vem kontaktar jag?", ["Har ni kurser", "vem kontaktar jag?"]),
        ("Har ni kurser i höst, och vem är chef?", ["Har ni kurser i höst", "vem är chef?"]),
        ("Vad gäller t.ex. barn och unga?", ["Vad gäller t.ex. barn och unga?"]),
        ("Det öppna och det digitala biblioteket", ["Det öppna och det digitala biblioteket"]),
        ("en rad\nvem är chef", ["en rad", "vem är chef"]),
        (
            "Jag undrar dels vem som är chef, dels var ni sitter",
            ["Jag undrar", "vem som är chef", "var ni sitter"],
        ),
        ("", []),
        ("?!", ["?!"]),
    ],
)
def test_parts(text, expected):
    assert split(text) == expected


def test_a_long_text_is_one_part():
    text = "Detta är en mening. " * 20
    assert parts(text) == [(0, len(text))]


@pytest.mark.parametrize("text", ["Hej! Vem? Var? Vad gör ni och vem är chef?", " a. b. c "])
def test_parts_are_in_order_and_within_the_text(text):
    places = [place for part in parts(text) for place in part]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


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
    ("part", "asks"),
    [
        ("Vem är chef?", True),
        ("vad gör ni", True),
        ("om inte, vad är ni för ena då", True),
        ("Kort kommentar tack", False),
        ("Jag är ny här", False),
    ],
)
def test_tells_questions_from_statements(part, asks):
    assert is_question(part) == asks


def test_halves_are_around_each_joint():
    text = "är du en robot och lagras det här, nånstans alls"
    cuts = [[text[start:end].strip() for start, end in cut] for cut in halves(text)]
    assert cuts == [
        ["är du en robot", "lagras det här, nånstans alls"],
        ["är du en robot och lagras det här", "nånstans alls"],
    ]


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("Vem är chef? Vad gör ni?", True),
        ("berätta om er och skicka numret", True),
        ("Var är magasinet? Och planen då.", True),
        ("Jag är låntagare. Är ni till för mig?", False),
        ("barn och ungdomar, vad gör ni där?", False),
    ],
)
def test_background_is_no_question_of_its_own(text, several):
    places = parts(text) if len(parts(text)) > 1 else halves(text)[0]
    assert are_questions(text, places) == several


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
