import pytest

from bot.nlu.names import NameIndex

ORDINARY = {"spara", "fred", "berg", "asså", "änna", "vad", "har", "såra", "kan", "malin"}
WORDS = """
    projekt telefon bok boken finns undrar regissören vem är hon det titel nummer mejl sa jag
    vill nå som arbetar på en nya av känd eller händer vid ni game of thrones super jobbar lisa
    biblioteket bor utanför brann vilken ordning utställningen mattor till golv ersättare lunden
    tack öppet skicka vet om ber besked chefen söker hej från namn konsulent sara
"""
ORDINARY |= set(WORDS.split())


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


def met(index, text):
    """Return the people, and then the strangers as they are written."""
    mentions = index.everybody(text)
    ours = [person for mention in mentions for person in mention.people]
    return ours, [text[m.start : m.end] for m in mentions if not m.people]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Är Eva-Lena konsulent?", "Eva-Lena"),
        ("Är Lars-Örjan chef?", "Lars-Örjan"),
        ("Är Anna von Essen chef?", "Anna von Essen"),
        ("Är Malin af Klercker chef?", "Malin af Klercker"),
        ("Har Johan von Pind en titel?", "Johan von Pind"),
        ("Är Sara O'Connor chef?", "Sara O'Connor"),
        ("Är Sara O´Connor chef?", "Sara O´Connor"),
        ("är sara o'connor chef", "sara o'connor"),
        ("är malin af klercker chef", "malin af klercker"),
        ("är anna karin chef", "anna karin"),
        ("är malin pind chef", "malin pind"),
        ("vet ni om brie larson är chef", "brie larson"),
        ("är sara el masri chef", "sara el masri"),
        ("Är Eva Ek chef?", "Eva Ek"),
        ("är sara lind chef", "sara lind"),
        ("är bodil svensson chef", "bodil svensson"),
        ("finns eva braun", "eva braun"),
        ("nya boken av Sarah J Maas", "Sarah J Maas"),
        ("vem är Anna Hansson Bok", "Anna Hansson Bok"),
        ("Är Per Albin Hansson känd?", "Per Albin Hansson"),
        ("Levinson, Barry, regissören", "Levinson, Barry"),
        ("Daniel Pind, är han chef?", "Daniel Pind"),
        ("Vem är Hanna Hansson?", "Hanna Hansson"),
        ("Vem är Anna Jansson?", "Anna Jansson"),
        ("Vem är Maria Berg?", "Maria Berg"),
        ("Vem är K. Pind?", "K. Pind"),
        ("Vem är Malin K?", "Malin K"),
    ],
)
def test_what_stands_beside_a_name_makes_it_anothers(index, text, name):
    assert met(index, text) == ([], [name])


@pytest.mark.parametrize(
    "text",
    [
        "Jag vill nå Malin som arbetar på Film i Väst.",
        "Sara på Regionarkivet, vad har hon för mejl?",
        "sara på regionarkivet, nummer?",
        "Kulturchef Malin Carlsson i Hässleholm",
        "Är Malin på Film i Väst projektledare?",
        "Rektor Anna Hansson sa det",
        "Min fru Malin och jag",
        "Min kanin heter Bodil",
        "Sara är min läkare",
        "Anna, som är lärare i Borås, undrar",
        "Bibelns Sara, hur gammal var hon?",
        "Malin på Saltkråkan",
        "Boken om Anna, finns den?",
        "Eva på regionbiblioteket i Halmstad",
    ],
)
def test_one_of_the_same_name_who_is_elsewhere_is_a_stranger(index, text):
    (mention,) = index.everybody(text)
    assert mention.elsewhere
    assert not mention.people


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Konsulent Anna Hansson, vad gör hon?", "anna_hansson"),
        ("Anna på er enhet", "anna_hansson"),
        ("Sara hos er, vad gör hon?", "sara_troen"),
        ("Är Anna i Borås i dag?", "anna_hansson"),
        ("Nås Kajsa på telefon?", "kajsa_lunde"),
        ("Träffade Sara Tröen i Trollhättan", "sara_troen"),
        ("Vår kontaktperson är Malin Carlsson", "malin_carlsson"),
        ("Jobbar Bodil här?", "bodil_alvarsdotter"),
        ("Vem är ersättare för Malin?", "malin_carlsson"),
        ("Hej Anna Kan du ringa?", "anna_hansson"),
        ("malin projeltledare", "malin_carlsson"),
    ],
)
def test_what_does_not_make_a_name_anothers(index, text, person):
    assert met(index, text) == ([person], [])


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Kajsa L eller?", "kajsa_lunde"),
        ("K. Larson, titel?", "katarina_larson"),
        ("Lunde, K. har hon nummer?", "kajsa_lunde"),
        ("Larson, Katarina", "katarina_larson"),
        ("bo dil alvars dotter", "bodil_alvarsdotter"),
        ("örjan häll ström", "orjan_hellstrom"),
        ("anna hans son", "anna_hansson"),
        ("Sarah Tröhn", "sara_troen"),
        ("Ørjan, har han telefon?", "orjan_hellstrom"),
        ("vad gör kataina", "katarina_larson"),
        ("Eva Frid", "eva_fred"),
        ("Sara Tr?en", "sara_troen"),
        ("malinkarlsson", "malin_carlsson"),
        ("Fred är väl konsulent?", "eva_fred"),
    ],
)
def test_initials_split_words_and_what_sounds_alike_are_ours(index, text, person):
    assert met(index, text)[0] == [person]


@pytest.mark.parametrize(
    "text",
    [
        "har ni game of thrones",
        "vad händer vid orkan",
        "har ni super mario",
        "vem är super mario",
        "Biblioteket i Åsa",
        "Bor på Berg utanför Skövde",
        "Katarina kyrka brann",
        "Roslund & Hellström, i vilken ordning?",
        "Carl Larsson-utställningen, var är den?",
        "EVA-mattor till golv",
    ],
)
def test_what_is_no_person_is_nobody(index, text):
    assert met(index, text)[0] == []


@pytest.mark.parametrize(
    "text",
    [
        "Anna här, vem är chef?",
        "Hej, Malin heter jag.",
        "hej det e anna från bollebygd",
        "Jag, Sara Ibrahim, söker chefen",
        "Namn: Malin Berg",
        "Tack! Mvh Bodil",
        "Med vänlig hälsning Eva Fred",
        "Tack så mycket. //Sara",
        "Är det öppet? /Anna i Kil",
        "Skicka det till mig, Bodil Karlström.",
        "Undertecknad, Bodil Fransson, ber om besked.",
    ],
)
def test_the_visitors_own_name_is_nobodys(index, text):
    assert index.everybody(text) == []


def test_a_greeting_or_a_verb_is_no_part_of_a_name(index):
    assert met(index, "Hej! Jobbar Kajsa Bergqvist hos er?") == ([], ["Kajsa Bergqvist"])
    assert met(index, "Tack! Är Lisa Ek konsulent?") == ([], ["Lisa Ek"])


def test_a_word_that_is_longer_than_any_name_is_not_looked_at(index):
    assert met(index, "x" * 1000 + " \ufdfa" * 100) == ([], [])


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Maria von Essen", ["Vem är Maria von Essen?", "von Essen", "maria"]),
        ("Lars-Erik Öst", ["Lars-Erik", "lars erik öst", "Lars"]),
        ("Eva Berg-Ek", ["Eva Berg-Ek", "eva berg ek", "Eva Berg"]),
        ("Sara O'Connor", ["Sara O'Connor", "sara oconnor", "Sara O’Connor"]),
        ("Mohammed Al-Rashid", ["Mohammed Al-Rashid", "mohammed al rashid"]),
        ("Bo Ek", ["Bo Ek", "vem är bo ek"]),
    ],
)
def test_our_own_may_have_particles_hyphens_and_apostrophes(name, texts):
    index = NameIndex({"one": name}, {"vem", "är"})
    for text in texts:
        assert met(index, text) == (["one"], [])


@pytest.mark.parametrize("text", ["Är Kajsa Lundell konsulent?", "vem är anna hansen"])
def test_a_common_surname_is_no_slip_in_ours(index, text):
    assert found(index, text) == []


def test_a_surname_that_sounds_like_ours_is_ours(index):
    assert found(index, "Är Örjan Hällström konsulent?") == ["orjan_hellstrom"]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Öjje Hellström, är han kvar?", "orjan_hellstrom"),
        ("har kattis larson nån mejl", "katarina_larson"),
        ("Är Dani chef för er?", "daniella_pind"),
        ("Vad gör Kattis?", "katarina_larson"),
        ("Ann Hansson, konsulent", "anna_hansson"),
        ("pindens nummer har du de", "daniella_pind"),
        ("vem är Bodil Alvarson", "bodil_alvarsdotter"),
        ("Katarina Larsdotter", "katarina_larson"),
        ("Finns det ett Örjannummer?", "orjan_hellstrom"),
        ("Malin-mejlet, har ni det?", "malin_carlsson"),
    ],
)
def test_what_they_are_called_is_theirs(index, text, person):
    assert met(index, text) == ([person], [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Är Kattis Ahlström chef?", "Kattis Ahlström"),
        ("Är Dani Larson chef?", "Dani Larson"),
        ("Är Ann chef?", "Ann"),
        ("Är Anneli Hansson chef?", "Anneli Hansson"),
        ("är daniel chef", "daniel"),
        ("Vem är Malin Alvarson?", "Malin Alvarson"),
    ],
)
def test_a_nickname_or_a_fathers_name_is_no_more_than_the_rest_of_the_name(index, text, name):
    assert met(index, text) == ([], [name])


@pytest.mark.parametrize(
    "text", ["vem röjde i lunden", "i freden nummer ett", "katt i mejl", "är ann chef"]
)
def test_a_word_that_is_like_a_nickname_is_nobody(index, text):
    assert met(index, text)[0] == []


@pytest.mark.parametrize(
    "text",
    [
        "Är Katarina den stora konsulent?",
        "Adam och Eva, vem är hon?",
        "kajsa kavat, finns den?",
        "Sara med lånekortet på Stadsbiblioteket var trevlig",
        "Vem är Malin i Vi på Saltkråkan?",
        "larsons vvs, mejl?",
        "kajsa i skövde, har hon telefon",
        "eva på regionbiblioteket i halmstad",
        "daniella på hr-avdelningen, nummer?",
        "vem är björn hellström",
        "vem är bo hansson",
        "VEM ÄR GARY LARSON",
        "Sara pa Regionarkivet, mejl?",
        "Sara ar min lakare",
        "vem är goran hellstrom",
    ],
)
def test_others_are_others_in_lower_case_and_without_dots_too(index, text):
    assert found(index, text) == []


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Vad är det i Daniellas titel?", "daniella_pind"),
        ("fru fred svarar inte", "eva_fred"),
        ("konsulent fred, har hon telefon", "eva_fred"),
        ("Är Katarina den som är chef?", "katarina_larson"),
        ("är anna i borås", "anna_hansson"),
        ("jobbar Kajsa med läsning i Borås", "kajsa_lunde"),
        ("var är Anna", "anna_hansson"),
        ("har Anna telefon", "anna_hansson"),
    ],
)
def test_ours_are_ours_beside_places_and_titles(index, text, person):
    assert met(index, text)[0] == [person]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("den där Örjan-gubben, vad gör han", "orjan_hellstrom"),
        ("jag var på en Kajsa-kurs i våras", "kajsa_lunde"),
    ],
)
def test_what_is_joined_to_a_name_may_be_of_the_one_who_bears_it(index, text, person):
    assert found(index, text) == [person]


@pytest.mark.parametrize(
    "text",
    [
        "jag är mamma till Kajsa som går i 3B",
        "Är du farfar åt Bodil?",
        "min man heter också Örjan Hellström",
    ],
)
def test_whom_visitors_are_related_to_is_another(index, text):
    assert found(index, text) == []


def test_what_is_sent_to_ours_is_about_ours(index):
    assert found(index, "kan jag lämna boken till Kajsa") == ["kajsa_lunde"]


def test_what_is_said_of_ours_after_a_colon_is_no_signature(index):
    assert found(index, "Rätta mig: Pind är konsulent.") == ["daniella_pind"]
    assert found(index, "svara till mig, Daniella Pind") == []
