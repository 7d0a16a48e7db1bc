"""Personal data is taken out of what visitors write, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnummer.personnummer import Personnummer

from bot.masking import MASK, without_personal_data


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Mitt personnummer är 19850709-9805, kan jag låna?", f"Mitt personnummer är {MASK}, kan"),
        ("850709-9805", MASK),
        ("8507099805", MASK),
        ("198507099805", MASK),
        ("19 85 07 09 98 05", MASK),
        ("1985-07-09-9805", MASK),
        ("850709+9805", MASK),
        ("１９８５０７０９９８０５", MASK),
        ("1985\u200b0709\u200b9805", MASK),
        ("850709–9805", MASK),
        # A slip in the last digit hides nobody.
        ("850709-1234", MASK),
        ("samordningsnummer 701063-2391", f"samordningsnummer {MASK}"),
        ("5198507099805000", MASK),
        ("maila anna.berg@exempel.se eller bo@exempel.se.", f"maila {MASK} eller {MASK}."),
        ("anna (at) exempel.se", MASK),
        ("anna[at]exempel[punkt]se", MASK),
        ("anna＠exempel.se", MASK),
        ("ring mig på 070-123 45 67 tack", f"ring mig på {MASK} tack"),
        ("0046701234567", MASK),
        ("+358 40 1234567", MASK),
        ("(031) 12 34 56", MASK),
        ("070.123.45.67", MASK),
        ("0 7 0 1 2 3 4 5 6 7", MASK),
        ("betala med 4111 1111 1111 1111", f"betala med {MASK}"),
        ("4111111111111111", MASK),
        ("4111-1111-1111-1112", MASK),
    ],
)
def test_takes_out(text, masked):
    assert masked in without_personal_data(text)
    assert not any(number in without_personal_data(text) for number in ("9805", "1234", "berg"))


# Line breaks, tabs and what else may part a number, seen or unseen.
BREAKS = ["\n", "\r\n", "\r", "\t", " \n ", "\n\n", "\v", "\f", "\x85", "\u2028", "\u2029"]
SPACES = ["\u00a0", "\u2007", "\u202f", "\u3000"]
UNSEEN = ["\u00ad", "\u034f", "\u115f", "\u180e", "\u200d", "\u202d", "\u2800", "\ufe0f", "\ufeff"]
SPLIT = [
    ("850709{0}9805", "9805"),
    ("850709-{0}9805", "9805"),
    ("850709{0}-9805", "9805"),
    ("19850709{0}9805", "9805"),
    ("1985{0}0709{0}9805", "9805"),
    ("85070{0}99805", "99805"),
    ("8507{0}09-9805", "9805"),
    ("12{0}850709{0}9805", "9805"),
    ("4111{0}1111{0}1111{0}1111", "1111"),
    ("4111 1111{0}1111 1111", "1111"),
    ("41111111{0}11111111", "1111"),
    ("070-123{0}45 67", "45"),
    ("070{0}1234567", "1234567"),
    ("+46 70{0}123 45 67", "123"),
    ("anna@{0}exempel.se", "exempel"),
    ("anna{0}@exempel.se", "anna"),
]


@pytest.mark.parametrize("between", [*BREAKS, *SPACES, *UNSEEN], ids=ascii)
@pytest.mark.parametrize(("form", "secret"), SPLIT)
def test_takes_out_what_is_split(form, secret, between):
    masked = without_personal_data(f"Hej! {form.format(between)} tack")
    assert secret not in masked
    assert masked.startswith("Hej! ")
    assert masked.endswith(" tack")


@pytest.mark.parametrize("between", BREAKS, ids=ascii)
def test_takes_out_what_is_split_after_a_dash_whatever_its_check_digit_is(between):
    assert without_personal_data(f"850709-{between}1234") == MASK


@pytest.mark.parametrize("text", ["anna@exempel.sa\u030a", "1\u20e39850709\u20e39805"])
def test_marks_on_letters_and_digits_go_with_them(text):
    assert without_personal_data(text) == MASK


@pytest.mark.parametrize("between", ["\n", "\t", "\r\n"], ids=ascii)
@pytest.mark.parametrize(
    "numbers",
    [
        *[[str(year + n) for n in range(6)] for year in range(1985, 2022)],
        *[[str(year + n) for n in range(4)] for year in range(1985, 2022)],
        ["08.30", "16.00", "09.00", "13.00"],
        ["0830", "1600", "0900", "1300"],
        ["08.30-16.00", "10.00-14.00"],
        ["454 33 Brastad", "411 04 Göteborg"],
        ["45433", "41104"],
        ["2024-05-12", "2024-05-13", "1400"],
        ["1 200", "25 000", "30 500", "12 345"],
        ["4111", "5210", "6400", "3201", "4100", "5100", "6123", "3901"],
        ["12", "31", "2024"],
        ["240512", "- 1402 besök"],
        ["12 050", "61 239"],
        ["2013:801", "11 §", "2018:1937"],
        ["112", "1177", "113 13"],
        ["978-91-7000-123-4", "978-91-7000-124-1"],
        ["1. Det öppna", "2. Det digitala", "3. Det lärande"],
    ],
    ids=lambda numbers: " ".join(numbers),
)
def test_leaves_numbers_on_several_lines(numbers, between):
    text = between.join(numbers)
    assert without_personal_data(f"Hej!\n{text}\nVad är det?") == f"Hej!\n{text}\nVad är det?"


@pytest.mark.parametrize(
    "text",
    [
        "Vem är chef?",
        "bibliotekslagen 2013:801, 11 §",
        "åren 2014-2025 och 2026",
        "2024-05-12 kl 14.30",
        "2024-05-12 1400",
        "öppet 08.30-16.00, lördag 09.00 - 13.00",
        "organisationsnummer 232100-0131",
        "ISBN 978-91-7000-123-4",
        "diarienummer RS 2019-02345",
        "25 000 böcker, 1 200 besök och 10 000 000 kr",
        "ring 112 eller 1177",
        "vi ses @ biblioteket",
        "454 33 Brastad",
    ],
)
def test_leaves(text):
    assert without_personal_data(text) == text


@given(st.text(max_size=1000))
def test_any_text(text):
    masked = without_personal_data(text)
    assert without_personal_data(masked) == masked


_WORDS = st.text("abcåäö ?.,", max_size=30)


@given(
    _WORDS,
    st.dates(),
    st.integers(1, 999),
    st.sampled_from(["{0}{1}{2}-{3}", "{1}{2}-{3}", "{0}{1}{2}{3}", "{1}{2}{3}", "{0}-{1}{2} {3}"]),
    _WORDS,
)
def test_any_personal_number_within_any_words(before, born, number, form, after):
    if born.year < 1900 or born.year > 2025:
        born = born.replace(year=1900 + born.year % 100, day=min(born.day, 28))
    start = f"{born:%y%m%d}{number:03}"
    digits = next(d for d in range(10) if _is_valid(f"{start}{d}"))
    last = f"{number:03}{digits}"
    century, year = f"{born.year:04}"[:2], f"{born.year:04}"[2:]
    written = form.format(century, year, f"{born:%m%d}", last)
    masked = without_personal_data(f"{before} {written} {after}")
    assert last not in masked
    assert MASK in masked


def _is_valid(number):
    try:
        Personnummer(number)
    except Exception:
        return False
    return True
