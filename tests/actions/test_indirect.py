"""A question becomes the clause that the bot says of it."""

import pytest

from actions.indirect import indirect

NAMES = ["Anna Hansson", "chefen"]


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("Måste vi ha en egen biblioteksplan förresten?", "om ni måste ha en egen biblioteksplan"),
        ("Är det frivilligt för kommunerna?", "om det är frivilligt för kommunerna"),
        ("har ni nåt för småbarn", "om vi har något för småbarn"),
        ("Är kurserna för alla?", "om kurserna är för alla"),
        ("Är Anna Hansson rätt person?", "om Anna Hansson är rätt person"),
        ("Är det öppna biblioteket störst?", "om det öppna biblioteket är störst"),
        ("Är er budget stor?", "om vår budget är stor"),
        ("Kan ni hjälpa oss?", "om vi kan hjälpa er"),
        ("Kan man få hjälp av er?", "om man kan få hjälp av oss"),
        ("Kan vi på boendet gå en kurs?", "om ni på boendet kan gå en kurs"),
        ("Kan vi på en skola vara med?", "om ni på en skola kan vara med"),
        ("Vilka andra aktörer samverkar ni med?", "vilka andra aktörer vi samverkar med"),
        ("Är det verkligen gratis?", "om det verkligen är gratis"),
        ("Har ni inte någon budget?", "om vi har någon budget"),
        ("Ni delar alltså inte ut pengar?", "om vi delar ut pengar"),
        (
            "är hon inne idag eller har hon semester?",
            "om hon är inne idag eller om hon har semester",
        ),
        ("Kan man besöka er, eller är det stängt?", "om man kan besöka oss eller om det är stängt"),
        ("Planen då, vem skrev den?", "vem som skrev den"),
        ("Vad kostar kursen och vad gör ni i skolor?", "vad kursen kostar och vad vi gör i skolor"),
        ("En annan sak: tar ni emot praktikanter?", "om vi tar emot praktikanter"),
        ("Hur gammal är chefen?", "hur gammal chefen är"),
        ("Hur många kurser har ni?", "hur många kurser vi har"),
        ("Vad får skattebetalarna ut av det?", "vad skattebetalarna får ut av det"),
        ("vem betalar resan?", "vem som betalar resan"),
        ("vem frågar jag om det", "vem du frågar om det"),
        ("Vilka studier har ni följt?", "vilka studier vi har följt"),
        ("Vilka föreningar är med?", "vilka föreningar som är med"),
        ("Med vem talar jag om saken?", "med vem du talar om saken"),
        ("vilket hus hon sitter i", "vilket hus hon sitter i"),
        ("Varför har ni inte en plan?", "varför vi inte har en plan"),
        ("kan ni tipsa dom om oss?", "om vi kan tipsa dem om er"),
        ("Anordnar ni något i vår?", "om vi anordnar något i vår"),
    ],
)
def test_a_question_is_said_indirectly(question, clause):
    assert indirect(question, NAMES) == clause


@pytest.mark.parametrize(
    "text",
    [
        "Alla tio heltid?",
        "Kan du boka ett möte?",
        "Jag vill skriva till chefen",
        "Då önskar jag er adress",
        "Har ni det?",
        "Står det ingenstans att ni ger bidrag?",
        "PRISET?",
        "Är kurserna i Borås på våren gratis?",
        "Kan någon av er komma hit?",
        "Ring 070-123 45 67, kan ni det?",
        "Vem är hon? Och kan man ringa henne?",
        "Kan vi <b>komma</b>?",
        "",
    ],
)
def test_what_is_unclear_is_left_alone(text):
    assert indirect(text, NAMES) is None
