"""Whatever follows whatever, a turn ends: no course of actions goes on for ever."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from random import Random

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import DEFAULT_INTENTS

from bot import training
from bot.channel import Reply
from bot.engine.observed import ObservedAgent, observed_agent
from bot.engine.processor import MOST_STEPS

FOLLOW_UPS = Path(__file__).with_name("follow_ups.txt").read_text(encoding="utf-8").splitlines()
# Six questions in one message, each of which was passed on twice, take fewer.
MOST_SEEN = 30


class Talker:
    """Holds conversations without the encoder's delay: what a text means is worked out once."""

    def __init__(self, agent: ObservedAgent) -> None:
        self.agent = agent
        self._parsed: dict[str, dict] = {}
        self.most = 0

    async def say(self, sender: str, text: str) -> str:
        reply = Reply()
        processor = self.agent.processor
        tracker = await processor.fetch_tracker_and_update_session(sender, reply)
        if text not in self._parsed:
            parsed = await processor.parse_message(UserMessage(text, reply, sender), tracker)
            self._parsed[text] = parsed
        parse_data = json.loads(json.dumps(self._parsed[text]))
        if text.startswith("/"):
            tracker.offered.append(text)
        message = UserMessage(text, reply, sender, parse_data=parse_data)
        await processor._handle_message_with_tracker(message, tracker)
        await processor._run_prediction_loop(reply, tracker)
        await processor.save_tracker(tracker)
        self.most = max(self.most, tracker.steps)
        return "\n".join(item["text"] for item in reply.items)


@pytest.fixture(scope="module")
def talker() -> Talker:
    agent = observed_agent(training.MODEL)
    # What is decided without the encoder differs in what is heard, not in how a turn goes on.
    agent.processor._decider._encoder = None
    return Talker(agent)


def every_answer(agent: ObservedAgent) -> list[str]:
    """Return a payload for each intent, and the same about people."""
    people = [
        '{"person": "eva_fred"}',
        '{"person": ["eva_fred", "sara_troen", "bodil_alvarsdotter"]}',
    ]
    ways = [f"/contact_{way}{who}" for way in ("person", "phone", "email") for who in people]
    intents = [intent for intent in agent.domain.intents if intent not in DEFAULT_INTENTS]
    return [*(f"/{intent}" for intent in intents), *ways]


def test_every_follow_up_of_every_answer_ends(talker):
    async def hold() -> None:
        for number, opening in enumerate(every_answer(talker.agent)):
            for text in FOLLOW_UPS:
                sender = f"pair-{number}-{text}"
                await talker.say(sender, opening)
                assert await talker.say(sender, text), (opening, text)

    asyncio.run(hold())
    assert talker.most <= MOST_SEEN <= MOST_STEPS


def test_two_thousand_conversations_of_six_messages_end(talker):
    chance = Random(19)
    openings = every_answer(talker.agent)

    async def hold() -> None:
        for number in range(2000):
            texts = [chance.choice(openings), *chance.choices([*FOLLOW_UPS, *openings], k=5)]
            for text in texts:
                assert await talker.say(f"random-{number}", text), texts

    asyncio.run(hold())
    assert talker.most <= MOST_SEEN
