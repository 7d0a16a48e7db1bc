import pytest

from bot.nlu.names import NameIndex

ORDINARY = {"spara", "fred", "berg", "asså", "änna", "vad", "har", "såra", "kan", "malin"}


@pytest.fixture(scope="module")
def index():
    names = {
        "daniella_pind": "Daniella Pind",
        "anna_hansson": "Anna Hansson",
        "bodil_alvarsdotter": "Bodil Alvarsdotter",
        "eva_fred": "Eva Fred",
        "kajsa_lunde": "Kajsa Lunde",
        "katarina_larson": "Katarina Larson",
        "malin_carlsson": "Malin Carlsson",
        "sara_troen": "Sara Tröen",
        "asa_maria_berg_levinsson": "Åsa-Maria Berg Levinsson",
        "orjan_hellstrom": "Örjan Hellström",
    }
    return NameIndex(names, ORDINARY)


def found(index, text):
    return [person for mention in index.find(text) for person in mention.people]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Vad har Bodil för nummer?", "bodil_alvarsdotter"),
        ("Bodils nummer", "bodil_alvarsdotter"),
        ("Kaisa Lunde", "kajsa_lunde"),
        ("kasja vem e hon", "kajsa_lunde"),
        ("Orjan hellstrom", "orjan_hellstrom"),
        ("Åsa Maria", "asa_maria_berg_levinsson"),
        ("asa-maria berg-levinson", "asa_maria_berg_levinsson"),
        ("åsamaria, vad gör hon", "asa_maria_berg_levinsson"),
        ("levinsson", "asa_maria_berg_levinsson"),
        ("Alvarsdoters mejl", "bodil_alvarsdotter"),
        ("katarina larsson", "katarina_larson"),
        ("Malin Karlson", "malin_carlsson"),
        ("malin", "malin_carlsson"),
        ("SARA TROEN", "sara_troen"),
        ("daniela pind", "daniella_pind"),
        ("eva fred", "eva_fred"),
        ("vad har Fred för nummer", "eva_fred"),
        ("hur når jag enhetschefen Daniella", "daniella_pind"),
    ],
)
def test_finds_people_in_any_spelling(index, text, person):
    assert found(index, text) == [person]


@pytest.mark.parametrize(
    "text",
    [
        "hur sparar ni",
        "kan jag spara det",
        "fred på jorden",
        "Fred i vår tid",
        "berg och dalar",
        "asså va gör ni änna",
        "jag vill inte såra dig",
        "vad har ni",
        "Sara Stridsberg är en författare",
        "spela Håkan Hellström",
        "",
        "?!",
    ],
)
def test_ordinary_words_and_others_are_nobody_here(index, text):
    assert found(index, text) == []


def test_finds_several_people_in_order(index):
    text = "Är Eva och Kajsa konsulenter?"
    mentions = index.find(text)
    assert [text[m.start : m.end] for m in mentions] == ["Eva", "Kajsa"]


def test_the_span_covers_the_whole_name(index):
    text = "mejla Åsa-Maria Berg Levinsson i dag"
    (mention,) = index.find(text)
    assert text[mention.start : mention.end] == "Åsa-Maria Berg Levinsson"


def test_a_shared_first_name_gives_both():
    index = NameIndex({"a": "Anna Ek", "b": "Anna Alm"})
    assert found(index, "vem är Anna?") == ["a", "b"]
    assert found(index, "vem är Anna Alm?") == ["b"]


@pytest.mark.parametrize("text", ["Vem är Anna Larsson?", "anna karlsson", "jobbar Örjan Berg där"])
def test_ones_first_name_and_anothers_surname_are_a_stranger(index, text):
    assert found(index, text) == []


def test_tells_who_shares_a_name_with_a_stranger(index):
    assert index.sharing_a_name("Anna Karlsson") == ["anna_hansson", "malin_carlsson"]
    assert index.sharing_a_name("Peter Ek") == []
