"""Everyday sentences with words of the unit in other senses get nothing that is told of it."""

import asyncio
import uuid
from pathlib import Path

from bot.engine.observed import observed_agent
from bot.report.outside import REFERRED, kind_of_reply
from bot.training import MODEL

TEXTS = Path(__file__).parent / "outside" / "words_in_other_senses.txt"
# Of these sentences, that nothing is trained on. Lower it with the bot.
MOST_FALSE = 3


def test_single_words_of_the_unit_are_not_enough():
    agent, false = observed_agent(MODEL), []
    for text in TEXTS.read_text(encoding="utf-8").splitlines():
        turn = asyncio.run(agent.observe(uuid.uuid4().hex, text))
        kind = kind_of_reply(said for step in turn.steps for said in step.said)
        if kind not in (None, REFERRED):
            false.append(f"{kind}: {text} → {turn.reply}")
    assert len(false) <= MOST_FALSE, "\n".join(false)
