import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.channel import readable
from bot.language.cleaning import clean, clean_file
from bot.nlu.text_cleaner import TextCleaner


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("VAD GÖR NI????", "VAD GÖR NI?"),
        ("Vad gör ni?!?!", "Vad gör ni?"),
        ("Jag vill dö.......", "Jag vill dö."),
        ("Hallå… är du där", "Hallå. är du där"),
        (unicodedata.normalize("NFD", "Vem är Åsa Hellström?"), "Vem är Åsa Hellström?"),
        ("Vem\u200bä\u00adr che\u2060f?", "Vemär chef?"),
        ("vem\u00a0är\u2003chef", "vem är chef"),
        ("\u202eVem är chef\u202c", "Vem är chef"),
        ("Vem\x0bär\x0cchef\x00", "Vemärchef"),
        ("vad g&ouml;r ni", "vad gör ni"),
        ("jag vill d&amp;amp;#246;", "jag vill dö"),
        ("&lt;b&gt;Vem&lt;/b&gt; är chef", "Vem är chef"),
        ("<p>Vem är chef?</p><p>Hur når jag henne?</p>", "Vem är chef?\n\nHur når jag henne?"),
        ("**Vem** är _chef_ `här`?", "Vem är chef här?"),
        ("## Vem är chef", "Vem är chef"),
        ("> Vem är chef", "Vem är chef"),
        ("[planen](https://exempel.se/a_b)", "planen"),
        ("Vem Ã¤r chef?", "Vem är chef?"),
        ("ｖｅｍ är ﬁnast", "vem är finast"),
        ("v\u0435m är \u0441hef", "vem är chef"),
        ("v̸̧̢e̷m̵ är chef", "vem är chef"),
        ("vad\ngör\nni", "vad gör ni"),
        ("biblio-\nteket", "biblioteket"),
        ("V A D  G Ö R  N I", "VAD GÖR NI"),
        ("jag vill d ö", "jag vill dö"),
        ("s-j-ä-l-v-m-o-r-d", "självmord"),
        ("snäääälla hjääälp", "snälla hjälp"),
        ("😭😭😭", "😭"),
        ("  vem   är\r\n\tchef ", "vem är\nchef"),
    ],
)
def test_texts_that_look_alike_are_read_alike(typed, meant):
    assert clean(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Vem är chef?",
        "plan b i år",
        "Vad säger lagen (2013:801, 11 §)?",
        "t.ex. och m.m.",
        "https://www.exempel.se/en_sida",
        "<a@exempel.se>",
        "jag <3 er",
        "q & a",
        "- ett\n- två",
        "vem är chef\nhur når jag henne",
        "Åsa-\nMaria",
        "ring *** i dag",
        "الاتحاد",
        "Привет, как дела?",
        '/contact_person{"person": ["kajsa_lunde", "sara_troen"]}',
    ],
)
def test_what_is_plain_stays_as_it_is(text):
    assert clean(text) == text


def test_a_file_keeps_its_lines_and_marks():
    text = "a: **x**????\r\n\u2028b:\u00a0y\u200b\n\tc: a\u030a\n"
    cleaned = clean_file(text)

    assert cleaned == "a: **x**????\n\nb: y\n\tc: å\n"


@given(st.text(max_size=200))
def test_a_clean_text_holds_nothing_that_cannot_be_seen(text):
    cleaned = clean(text)

    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()


@given(st.text(alphabet="a <>&;#*_-.?\n[](p/å", max_size=60))
def test_personal_data_is_masked_after_cleaning(noise):
    hidden = f"mejla a<b></b>nna@exem\u200bpel.se {noise}"

    assert "@exempel.se" not in readable(hidden)


@pytest.mark.parametrize(
    "hostile",
    [
        "a b " * 250, "<a " * 333, "_" * 1000, "~" * 1000, "`a" * 500, "[a](" * 250, "a-" * 500,
        "a\n" * 500, "&amp;" + "amp;" * 240, "-\n" * 500, "> " * 500, "\u0430a" * 500,
        "x" * 1000, "?!" * 500, "Ã¤" * 500, "\ufdfa" * 1000, "a\u0301" * 500, "\ufb03" * 1000,
        "\n " * 500, "aA" * 500, "< p" * 333, "&" * 1000, "\u200b" * 1000, "ﷺ " * 500,
    ],
)  # fmt: skip
def test_cleaning_takes_little_of_the_processor_whatever_the_text(hostile):
    began = time.process_time()
    cleaned = clean(hostile)

    assert time.process_time() - began < 0.05
    assert len(cleaned) <= 3 * len(hostile)


def test_marks_of_entities_move_with_the_text():
    text = "Vem  är <b>A\u030asa</b> och  Bodil????"
    at = text.index("A\u030asa")
    message = Message(
        {
            "text": text,
            "entities": [
                {"entity": "person", "value": "Bodil", "start": text.index("Bodil"), "end": 30},
                {"entity": "person", "value": "Åsa", "start": at, "end": at + 4},
            ],
        }
    )
    message.data["entities"][0]["end"] = message.data["entities"][0]["start"] + 5
    TextCleaner().process([message])

    cleaned = message.get("text")
    assert cleaned == "Vem är Åsa och Bodil?"
    marked = [cleaned[e["start"] : e["end"]] for e in message.get("entities")]
    assert marked == ["Åsa", "Bodil"]
