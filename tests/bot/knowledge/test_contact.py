"""What was pasted into a field for a telephone number or an address is understood or refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import KnowledgeError
from bot.knowledge import load_folder
from bot.knowledge.contact import read_email, read_phone
from bot.settings import ROOT


@pytest.fixture
def written(tmp_path):
    """Return the head of unit of facts in which a field is written so."""

    def write(field, value):
        for path in (ROOT / "data" / "knowledge").glob("*.yml"):
            text = path.read_text(encoding="utf-8")
            text = text.replace(f"    {field}:\n", f"    {field}: {value}\n", 1)
            (tmp_path / path.name).write_text(text, encoding="utf-8")
        return load_folder(tmp_path).people["daniella_pind"]

    return write


@pytest.mark.parametrize(
    "value",
    [
        "<a@b.se>",
        "mailto:a@b.se",
        "MAILTO:a@b.se",
        "'mailto:a@b.se?subject=Hej'",
        "<mailto:a@b.se>",
        "a@b.se;",
        "a@b.se,",
        "a@b.se.",
        "Anna Berg <a@b.se>",
        "'Anna Berg <mailto:a@b.se>'",
        "'\"Berg, Anna\" <a@b.se>'",
        "a\u200b@b.se",
        "\u200ba@b.se\ufeff",
        "\u202da@b.se\u202c",
        "\u00a0a@b.se\u3000",
        "a＠b.se",
        "a@b.\u00adse",
    ],
    ids=ascii,
)
def test_an_address_that_is_meant(written, value):
    assert written("email", value).email == "a@b.se"


@pytest.mark.parametrize("value", ["anna.b-c_d+e@bibliotek.vgregion.se", "a@räksmörgås.se"])
def test_an_address_is_left_as_it_is(written, value):
    assert written("email", value).email == value


@pytest.mark.parametrize(
    "value",
    [
        "ingen",
        "a@b.se c@d.se",
        "a@b.se, c@d.se",
        "a b@c.se",
        "a@b",
        "a@b..se",
        "a..b@c.se",
        "a@-b.se",
        "a@b_c.se",
        "a@b.se/x",
        "a@1.2.3.4",
        "å@b.se",
        "'\"a b\"@c.se'",
        "a(at)b.se",
        "a;b@c.se",
        "a@b.se (jobbet)",
        "'[a@b.se](mailto:a@b.se)'",
        "https://b.se/@a",
        "'mailto:'",
        "'@'",
    ],
)
def test_what_is_no_address_is_refused_in_clear_words(written, value):
    with pytest.raises(KnowledgeError, match=r"fältet email: .*(mer än en|ser inte ut som) .*\."):
        written("email", value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("010\u00a0123\u00a045\u00a067", "010 123 45 67"),
        ("010\u2011123 45 67", "010-123 45 67"),
        ("010–123 45 67", "010-123 45 67"),
        ("010−123 45 67", "010-123 45 67"),
        ("\u202d010-123 45 67\u202c", "010-123 45 67"),
        ("010\u200b-123\u202f45\u200967", "010-123 45 67"),
        ("０１０-123 45 67", "010-123 45 67"),
        ("＋46 10 123 45 67", "+46 10 123 45 67"),
        ("tel:+46101234567", "+46101234567"),
        ("'TEL: 010-123 45 67'", "010-123 45 67"),
        ('"010-123\\t45  67"', "010-123 45 67"),
        ("+46 (0)10-123 45 67", "+46 (0)10-123 45 67"),
        ("0104410000", "0104410000"),
    ],
    ids=ascii,
)
def test_a_number_that_is_meant(written, value, number):
    assert written("phone", value).phone == number


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("ring mig", "”ringm” kan inte stå i ett"),
        ("010.123.45.67", "”.” kan inte"),
        ("010-123 45 67 ankn. 12", "kan inte"),
        ("hotel:010-123 45 67", "”hotel:” kan inte"),
        ("12", "Skriv till exempel 010-123 45 67"),
        ("010-123 45 67 010-123 45 68", "Skriv till exempel"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(written, value, why):
    with pytest.raises(KnowledgeError, match=f"fältet phone: .*{why}"):
        written("phone", value)


@pytest.mark.parametrize("read", [read_phone, read_email])
@given(st.text(max_size=60))
def test_what_is_read_of_anything_can_be_seen_and_stays(read, text):
    with contextlib.suppress(ValueError):
        meant = read(text)
        assert read(meant) == meant
        assert meant.isprintable()
