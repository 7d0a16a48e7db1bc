"""Every facet of every topic makes a sentence, and no sentence says what staff have changed."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge import FACETS, load_folder
from bot.knowledge.models import Item, Topic
from tests.conftest import ROOT

FOLDER = ROOT / "data" / "knowledge"
KNOWLEDGE = load_folder(FOLDER)
ENDS = re.compile(r"[.!?”]$")
BEGINS = re.compile(
    r"(?:vad|vem|vems|vilk\w+|hur|när|var|varför|om|på vilk\w+|mer om|något mer om|i vilk\w+)\b"
)


@dataclass
class Sentence:
    topic: str
    facet: str
    text: str


def sentences(kind):
    return [
        Sentence(topic, facet, text)
        for topic, aspects in [*KNOWLEDGE.topics.items(), *KNOWLEDGE.items.items()]
        for facet, text in getattr(aspects, kind).items()
    ]


@pytest.mark.parametrize("one", sentences("tells"), ids=lambda one: f"{one.topic}-{one.facet}")
def test_what_is_told_is_a_whole_sentence(one):
    assert one.text[0].isupper() or one.text[0] in "”{"
    assert ENDS.search(one.text)
    assert "inte på sidan" not in one.text


@pytest.mark.parametrize("one", sentences("leaves_out"), ids=lambda one: f"{one.topic}-{one.facet}")
def test_what_is_left_out_fits_before_that_it_is(one):
    assert BEGINS.match(one.text), one.text
    assert not ENDS.search(one.text)
    assert "står inte" not in one.text


def test_every_fact_can_be_said_in_short():
    assert not [name for name, fact in KNOWLEDGE.facts.items() if not (fact.short and fact.noun)]


@pytest.mark.parametrize("claim", KNOWLEDGE.claims.values(), ids=lambda claim: claim.id)
def test_what_settles_a_claim_fits_after_yes_or_no(claim):
    assert claim.because[-1] not in ".!?", claim.because
    assert ENDS.search(claim.says)
    first = claim.because.split()[0].rstrip("s")
    people = {word for person in KNOWLEDGE.people.values() for word in person.name.split()}
    proper = {*people, "Kulturförvaltningen", "Det", KNOWLEDGE.unit.name, "Västra"}
    assert first in proper or not first[0].isupper(), claim.because


def folder_with(tmp_path, name, old, new):
    for path in FOLDER.glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert path.name != name or old in text
        changed = text.replace(old, new, 1) if path.name == name else text
        (tmp_path / path.name).write_text(changed, encoding="utf-8")
    return Path(tmp_path)


def test_what_staff_fill_in_is_no_longer_left_out(tmp_path):
    old = "      settles: [what, list, is, other, where, example]\n      value:"
    knowledge = load_folder(folder_with(tmp_path, "areas.yml", old, f"{old} alfa och beta"))
    fact = knowledge.facts["areas_count"]
    assert fact.left_out("list") is None
    assert "alfa och beta" in fact.told("list")
    assert fact.left_out("cost")


def test_a_facet_that_does_not_exist_is_told_with_those_that_do(tmp_path):
    folder = folder_with(
        tmp_path, "mission.yml", "      when: när kurserna", "      nar: när kurserna"
    )
    with pytest.raises(KnowledgeError, match="aspekten nar finns inte") as caught:
        load_folder(folder)
    assert "mission.yml" in str(caught.value)
    assert all(facet in str(caught.value) for facet in FACETS)


def test_who_works_here_stands_in_one_place_only():
    """Whoever changes a name or hires somebody must find no second place that says otherwise."""
    texts = [
        text
        for aspects in KNOWLEDGE.topics.values()
        for text in (
            aspects.short or "",
            *aspects.tells.values(),
            *aspects.leaves_out.values(),
            *(f"{claim.says} {claim.because}" for claim in aspects.claims),
        )
    ]
    names = [person.name for person in KNOWLEDGE.people.values()]
    assert not [text for text in texts for name in names if name in text]


@pytest.mark.parametrize(
    ("claim", "truth", "because"),
    [
        ("people_count", "yes", "vår webbsida nämner 9 medarbetare"),
        ("heads_count", "yes", "vår webbsida nämner 0 enhetschefer"),
        ("head_exists", "no", "vår webbsida nämner 0 enhetschefer"),
        ("phones_stated", "yes", "telefonnummer står på vår webbsida"),
        ("emails_stated", "no", "inga e-postadresser till medarbetarna står på vår webbsida"),
        ("all_consultants", "no", "vår webbsida nämner 8 konsulenter"),
    ],
)
def test_what_is_claimed_of_the_staff_follows_them(claim, truth, because):
    """The head has left, and somebody has got a number."""
    people = [one for one in KNOWLEDGE.people.values() if one.title != "Enhetschef"]
    people[0] = people[0].model_copy(update={"phone": "010-441 00 00"})
    topics = [one for one in KNOWLEDGE.topics.values() if isinstance(one, Topic)]
    parts = KNOWLEDGE.unit, [*KNOWLEDGE.facts.values()], [*KNOWLEDGE.roles.values()], people
    later = type(KNOWLEDGE)(*parts, KNOWLEDGE.questions, topics=topics)
    assert (later.claims[claim].truth, later.claims[claim].because) == (truth, because)


@pytest.mark.parametrize(
    ("text", "word"), [("vad är en kurs", "kurs"), ("konkurs", None), ("kursen", "kurs")]
)
def test_a_word_is_found_at_the_beginning_of_words(text, word):
    found = KNOWLEDGE.word_in(text)
    assert (found.word if found else None) == word


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("är fortbildning samma som kompetensutveckling", ["fortbildning", "kompetensutveckling"]),
        ("en konkurs", []),
        ("kursen och kurserna", ["kurs"]),
        ("stöd och förmedling", ["stöd och förmedling"]),
    ],
)
def test_words_are_found_in_their_order_each_once(text, words):
    assert [one.word for one in KNOWLEDGE.words_in(text)] == words


ITEMS = [
    Item(id="networks", words=["nätverk"], topics=["support"], tells={"what": "Nätverk stöds."},
         leaves_out={"when": "när nätverken träffas"}),
    Item(id="advice", words=["råd", "konsult"], topics=["support"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("när träffas nätverken", ["networks"]),
        ("nätverk och råd", ["networks", "advice"]),
        ("när då", []),
    ],
)
def test_the_things_that_a_fact_names_together_are_found(knowledge, monkeypatch, text, found):
    monkeypatch.setattr(knowledge, "items", {item.id: item for item in ITEMS})
    assert knowledge.items_in(text, "support") == found
    assert knowledge.items_in(text, "another") == []


def test_of_one_thing_its_own_is_told_and_the_facts_where_it_has_none():
    fact = Topic(id="support", tells={"what": "Allt stöds.", "when": "Nu.", "who": "Vi."})
    told = ITEMS[0].of(fact)
    assert (told.told("what"), told.told("who")) == ("Nätverk stöds.", "Vi.")
    assert (told.told("when"), told.left_out("when")) == (None, "när nätverken träffas")
