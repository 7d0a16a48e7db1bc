"""What visitors of the page ask, over HTTP, and what they must be told."""

from __future__ import annotations

import re

import pytest

# A telephone number or an e-mail address: never in an answer, for the page has none.
INVENTED = r"\d{5}|\d[- ]\d|\w@\w"
MISSING = "saknas|står inte"

MISSION = [
    ("Vad är Biblioteksutveckling?", "regionala biblioteksverksamheten"),
    ("Vad säger bibliotekslagen?", r"bibliotekslagen \(2013:801, 11 §\)"),
    ("Vem är huvudman för er?", "Kulturförvaltningen"),
    ("Var hittar jag biblioteksplanen?", "regionala biblioteksplanen.*saknas"),
    ("Vad gör ni konkret?", "kurser.*konferenser.*nätverk.*biblioteksmagasin"),
    ("Ordnar ni några utbildningar?", "kurser"),
    ("Kan vi få rådgivning av er?", "konsultationer och utvecklingsstöd"),
    ("Ger ni ut någon tidskrift?", "Ja, vi ger ut ett biblioteksmagasin"),
    ("Vilka samarbetar ni med i regionen?", "kommuner.*civilsamhället"),
    ("Hur främjar ni läsning?", "nationella målen.*Kraftsamling fullföljda studier"),
    ("Vad gör ni för barn?", "barn och unga"),
    ("Vem vänder ni er till?", "folkbibliotek"),
    ("Varför behövs bibliotek?", "kultur-, informations- och läranderesurser"),
]
AREAS = [
    ("Vilka är era strategiska områden?", "öppna.*digitala.*lärande"),
    ("Hur många strategiska områden har ni?", "fyra.*tre"),
    ("Vad är det öppna biblioteket?", "likvärdig tillgång till information, kultur och kunskap"),
    ("Vad är det digitala biblioteket?", "medie- och informationskunnighet"),
    ("Vad är det lärande biblioteket?", "livslångt lärande"),
    ("Vilket område hör MIK till?", "Det digitala biblioteket"),
    ("Vilket område hör likvärdighet till?", "Det öppna biblioteket"),
    ("Under vilket område ligger livslångt lärande?", "Det lärande biblioteket"),
]
CONTACTS = [
    ("Vem är chef för enheten?", "Daniella Pind är enhetschef"),
    ("Vilka jobbar hos er?", "Daniella Pind.*Anna Hansson.*Örjan Hellström"),
    ("Vilka är era konsulenter?", "Anna Hansson.*Åsa-Maria Berg Levinsson.*Örjan Hellström"),
    ("Vem är projektledare hos er?", "Malin Carlsson"),
    ("Vem är Anna Hansson?", "Anna Hansson är konsulent"),
    ("vem är Sara?", "Sara Tröen är konsulent"),
    ("vem är hellström", "Örjan Hellström är konsulent"),
    ("Vad har Bodil för nummer?", f"Bodil Alvarsdotter.*({MISSING})"),
    ("Bodils nummer", f"Bodil Alvarsdotter.*({MISSING})"),
    ("telefon till Kaisa Lunde", f"Kajsa Lunde.*({MISSING})"),
    ("Orjan hellstrom mejl", f"Örjan Hellström.*({MISSING})"),
    ("mejladress till Åsa Maria", f"Åsa-Maria Berg Levinsson.*({MISSING})"),
    ("Vad har ni för telefonnummer?", f"Biblioteksutveckling.*({MISSING})"),
    ("Vad är er mejladress?", f"Biblioteksutveckling.*({MISSING})"),
    ("Vem ska jag kontakta om läsfrämjande?", "Daniella Pind.*konsulenterna"),
    ("Vad har Pelle Svensson för nummer?", "ingen som heter Pelle Svensson"),
]
META = [
    ("Hej", "chattbot"),
    ("Tack så mycket!", "Varsågod"),
    ("Hej då", "Hej då"),
    ("Hur mår du?", "chattbot"),
    ("Vad heter du?", "inget eget namn"),
    ("Är du en människa?", "chattbot, ingen människa"),
    ("Vad kan du svara på?", "uppdraget.*områdena"),
    ("Vad händer med det jag skriver?", "sparas"),
    ("Du är värdelös", "missnöjd"),
]
ELSEWHERE = [
    ("Har biblioteket öppet på söndag?", "folkbibliotek"),
    ("Hur lånar jag om en bok?", "folkbibliotek"),
    ("Jag har tappat mitt lånekort", "folkbibliotek"),
    ("Kan man skriva ut på biblioteket?", "folkbibliotek"),
    ("Vilken gatuadress har enheten?", "står inte på sidan.*Daniella Pind"),
    ("Har ni några lediga jobb?", "Om vi har några lediga jobb står inte på sidan.*Daniella Pind"),
    ("Vad har enheten för budget?", "står inte på sidan.*Daniella Pind"),
    ("Någon håller på att drunkna, hjälp!", "112"),
    ("Vad är huvudstaden i Peru?", "kan jag inte svara på"),
    ("Blir det regn i morgon?", "kan jag inte svara på"),
    ("asdfghjkl", "förstod jag inte"),
    ("😀😀", "förstod jag inte"),
    ("What are your opening hours?", "not on the page.*Daniella Pind"),
]


@pytest.mark.parametrize(("question", "answer"), [*MISSION, *AREAS, *CONTACTS, *META, *ELSEWHERE])
def test_a_question_gets_its_answer(bot, question, answer):
    reply = bot.talk(question)
    assert re.search(answer, reply, re.DOTALL), reply
    assert not re.search(INVENTED, reply), reply


DIALOGUES = [
    (["Vem är chef?", "Har hon något telefonnummer?"], f"Daniella Pind.*({MISSING})"),
    (["Vem är chef?", "Har hon något telefonnummer?", "och mejl?"], f"Daniella Pind.*({MISSING})"),
    (["Vilka områden har ni?", "berätta om den första"], "Det öppna biblioteket"),
    (["Vilka områden har ni?", "berätta om den första", "och den digitala då?"], "Det digitala"),
    (["Vilka är konsulenter?", "den andra"], "Bodil Alvarsdotter är konsulent"),
    (["Vad har Eva för nummer?", "och Sara då?"], f"Sara Tröen.*({MISSING})"),
    (["Vad gör ni i praktiken?", "berätta mer"], "fortbildning"),
    (["Vad säger lagen?", "ja tack"], "Kulturförvaltningen"),
    (["Vad säger lagen?", "nej tack"], "Okej"),
    (["ja"], "Vad vill du veta"),
]


@pytest.mark.parametrize(("messages", "answer"), DIALOGUES)
def test_a_follow_up_keeps_its_subject(bot, messages, answer):
    reply = bot.talk(*messages)
    assert re.search(answer, reply, re.DOTALL), reply
    assert not re.search(INVENTED, reply), reply


@pytest.mark.parametrize("question", [q for q, _ in [*MISSION, *AREAS, *CONTACTS]])
def test_an_answer_offers_two_to_four_next_questions(bot, question):
    (item,) = bot.post(question, "a-visitor-who-counts-buttons")
    assert 2 <= len(item["buttons"]) <= 4


TWO_QUESTIONS = [
    ("Vad är ert uppdrag och vem är chef?", "biblioteksverksamheten", "Daniella Pind"),
    ("Vem är chef och vad har hon för nummer?", "Daniella Pind är", "Daniella Pind saknas"),
    ("Hur lånar jag om en bok? Och vad är det digitala biblioteket?", "folkbibliotek", "digital"),
    ("Vilka är konsulenter? Har ni kurser?", "Anna Hansson", "kurser"),
]


@pytest.mark.parametrize(("message", "first", "second"), TWO_QUESTIONS)
def test_two_questions_get_both_answers_in_order(bot, message, first, second):
    items = bot.post(message, "a-visitor-with-two-questions")
    texts = [item["text"] for item in items]
    assert len(texts) == 2
    assert first in texts[0]
    assert second in texts[1]


@pytest.mark.parametrize(
    "message",
    [
        "Hej! Vem är chef?",
        "hejsan, vem är chef hos er",
        "tjenare tjenare, vem e chef la",
        "Hej, jag ringer från lokalradion om en timme. Vem är enhetschef?",
        "Jag är ny i Lerum. Alla pratar om er. Vem är chef för enheten?",
    ],
)
def test_what_comes_before_a_question_does_not_hide_it(bot, message):
    (item,) = bot.post(message, "a-visitor-who-says-hello-first")
    assert "Daniella Pind" in item["text"]


@pytest.mark.parametrize("message", ["bibliotek", "biblioteket", "x", "?", "1", "👍👍👍🎉"])
def test_too_little_states_no_fact(bot, message):
    text = bot.talk(message)
    assert not re.search("regionala|kurser|Daniella|Kultur", text), text


def test_every_offered_button_leads_to_an_answer(bot, knowledge):
    """Press each button of each answer, from the greeting and from what the bot can do."""
    sender = "a-visitor-who-presses-every-button"
    starts = ("Hej", "Är du en människa?")
    waiting = [b["payload"] for text in starts for b in bot.post(text, sender)[-1]["buttons"]]
    seen: set[str] = set()
    while waiting:
        payload = waiting.pop()
        if payload not in seen:
            seen.add(payload)
            items = bot.post(payload, sender)
            text = " ".join(item["text"] for item in items)
            assert not re.search("förstod jag inte|kan jag inte svara på|gick fel", text), payload
            waiting += [b["payload"] for item in items for b in item.get("buttons", [])]
    # Nobody has a number or an address yet, so none is offered.
    nowhere = {"/contact_phone", "/contact_email"}
    assert {f"/{intent}" for intent in knowledge.questions} - seen == nowhere


def test_english_is_answered_in_english_and_marked(bot):
    sender = "a-visitor-from-abroad"
    for text in ("Do you speak English?", "Who is the head?", "phone number?", "Kajsa Lunde?"):
        items = bot.post(text, sender)
        assert {item["custom"].get("lang") for item in items} == {"en"}, text
    assert "lang" not in bot.post("Vad gör ni?", sender)[-1]["custom"]


def test_a_button_in_english_is_answered_in_english(bot):
    sender = "a-visitor-from-leeds"
    *_, item = bot.post("What do you do?", sender)
    law = next(one for one in item["buttons"] if one["payload"] == "/mission_law")
    assert law["title"] == "What does the Library Act say?"
    assert "every region must" in bot.post(law["payload"], sender)[0]["text"]


def test_norwegian_and_danish_are_understood_and_answered_in_swedish(bot):
    for text in ("Hvem er sjefen deres?", "Hvem er jeres chef?"):
        (item, *_) = bot.post(text, "a-visitor-from-the-north")
        assert "Daniella Pind" in item["text"]
        assert "lang" not in item["custom"]


def test_other_languages_are_answered_in_three(bot):
    items = bot.post("Missä kirjasto on ja kuka on johtaja?", "a-visitor-from-finland")
    assert [item["custom"]["lang"] for item in items] == ["fi", "sv", "en"]
