"""No text of 1,000 characters takes more than its share of the processor or of memory."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Iterator
from random import Random

import pytest

from bot import training
from bot.engine.observed import ObservedAgent, observed_agent

LONGEST = 1000
SECONDS = 0.2
MEGABYTES = 20
# What is repeated until the text is full. Each has been slow somewhere, in some program.
PIECES = [
    "x", "a", "å", "ß", "\ufdfa", "\ufb03", "İ", "\u0301", "a\u0301", "a\u0300\u0301\u0302",
    "\u200b", "\u202e", "w", "sj", "xz", "xy ", "a b ", "d ö ", "a-", "a'", "'", "-", "–",
    "_", "*", "**a", "`", "~", "#", "> ", "\n", "\n\n", " ", "\t", ".", ". ", "..", "?",
    "?!", "!", ",", ", ", ": ", "… ", "/", "//", "\\", "<", "<a ", "<a>", "</p>", "<p>a",
    "&", "&amp;", "&#", "&lt;b&gt;", "[", "[a](", "[a](b)", "(", "()", "{", "{}", '"', "@",
    "a@", "a@b.", "a(at)", "a.b@c.d ", "1", "12", "1 ", "1-", "19", "070-", "+46 ",
    "850101-", "4111 ", "10.30-", "och ", " och vem", ", och ", " och är", " eller ",
    "dels ", "vem ", "vad är ", "är Eva ", "Eva Fred ", "eva-", "Anna-Lena ", "von ",
    "af Ek ", "O'", "Sara Sara", "hansson", "Hanson ", "Kajsa, ", "mvh ", "jag heter ",
    "Örjan", "orjan ", "konsulent ", "chef eller ", "nej ", "ja men ", "hej hej, ", "tack ",
    "jag vill dö ", "hjälp! ", "hon ", "den andra ", "nästa ", "2 ", "alla ", "bibliotek",
    "qzxj", "äöå ", "ã¤", "Ã¤", "â€œ", "\U0001f600",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f1f8", "\u6f22", "\u6f22\u5b57 ",
    "مرحبا ", "ا", "क्ष", "\ud55c", "ไทย", "ำ", "\U0001d42f\U0001d41a\U0001d41d ", "\uff56",
    "\u33a8", "\x96", "\x0b", "I", "I ", "VAD ", "aA", "0x", "%C3%A4", "\\u00e5",
]  # fmt: skip
FEWEST_MIXED, MIXED = 2, 1500


def full(text: str) -> str:
    return (text * LONGEST)[:LONGEST]


def hostile() -> Iterator[str]:
    """Yield each piece repeated, alone and in the middle of a question, and mixtures of them."""
    chance = Random(19)
    for piece in PIECES:
        yield full(piece)
        yield f"vem är {piece * LONGEST}"[: LONGEST - 10] + " chef här?"
    for _ in range(MIXED):
        some = chance.choices(PIECES, k=chance.randint(FEWEST_MIXED, 6))
        yield full("".join(piece * chance.choice([1, 1, 2, 7, 60]) for piece in some))
    for _ in range(200):
        yield "".join(chr(chance.choice([chance.randrange(32, 0x300), chance.randrange(0xD800)]))
                      for _ in range(LONGEST))  # fmt: skip


@pytest.fixture(scope="module")
def agent() -> ObservedAgent:
    agent = observed_agent(training.MODEL)
    asyncio.run(agent.observe("a" * 16, "vem är chef"))
    return agent


def seconds_of_processor(agent: ObservedAgent, text: str) -> float:
    began = time.process_time()
    observed = asyncio.run(agent.observe("b" * 16, text))
    assert observed.items
    return time.process_time() - began


def test_any_text_takes_a_bounded_time_of_the_processor(agent):
    slow = [text for text in hostile() if seconds_of_processor(agent, text) > SECONDS]

    # What the machine did meanwhile may have counted too.
    again = {t: min(seconds_of_processor(agent, f"{t[:-1]}{n}") for n in range(4)) for t in slow}
    assert {text: took for text, took in again.items() if took > SECONDS} == {}


def test_any_text_takes_bounded_memory(agent):
    for text in (full(piece) for piece in PIECES):
        tracemalloc.start()
        asyncio.run(agent.observe("c" * 16, text))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < MEGABYTES * 1024 * 1024, text
