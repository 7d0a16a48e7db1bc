"""A process that hangs, freezes or crashes is replaced, and what did it is not taken again."""

from __future__ import annotations

import signal
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.kills import stored
from tests.e2e.visitors import Crowd

ROOT = Path(__file__).resolve().parent.parent.parent
DEADLY_BOT = str(Path(__file__).with_name("deadly_bot.py"))
# After which somebody who looks after processes that hang has long acted.
PATIENCE_SECONDS = 60


@pytest.fixture
def deadly(start_bot: Callable[..., Any], tmp_path: Path) -> Any:
    bot = start_bot(ROOT, tmp_path, command=[DEADLY_BOT], PYTHONPATH=str(ROOT))
    yield bot
    bot.stop()


def send(bot: Any, text: str, sender: str) -> requests.Response:
    body = {"sender": sender, "message": text, "message_id": "m1"}
    return requests.post(f"{bot.url}/webhooks/rest/webhook", json=body, timeout=PATIENCE_SECONDS)


def send_until_answered(bot: Any, text: str, sender: str) -> requests.Response:
    """Send a message as the widget does, again and again, until the bot is there."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return send(bot, text, sender)
        except requests.ConnectionError:
            assert time.monotonic() < end, "nobody takes the place of the process"


@pytest.mark.parametrize("text", ["häng dig", "frys", "krascha"])
def test_what_ends_a_process_is_not_taken_again_and_others_are_answered(deadly, text):
    port, sender = int(deadly.url.rpartition(":")[2]), uuid.uuid4().hex
    (before,) = deadly.workers()
    with Crowd(port, 4, seed=3) as crowd:
        crowd.wait_for(20)
        with pytest.raises(requests.ConnectionError):
            send(deadly, text, sender)
        refusal = send_until_answered(deadly, text, sender)
        crowd.wait_for(20)
    assert "fått chatten att stanna" in refusal.json()[0]["text"]
    assert refusal.json()[0]["custom"]["error_id"] in deadly.log.read_text(encoding="utf-8")
    (after,) = deadly.workers()
    assert after != before

    for visitor in crowd.visitors:
        visitor.ask_everything_again()
    assert crowd.replies <= stored(deadly.database)
    assert "Daniella" in send(deadly, "Vem är chef?", uuid.uuid4().hex).text


def test_a_process_that_hangs_ends_when_it_is_told(deadly):
    sender = uuid.uuid4().hex
    body = {"sender": sender, "message": "häng dig"}
    with pytest.raises(requests.Timeout):
        requests.post(f"{deadly.url}/webhooks/rest/webhook", json=body, timeout=1)
    deadly.process.send_signal(signal.SIGTERM)

    assert deadly.process.wait(timeout=PATIENCE_SECONDS) == 0
    with pytest.raises(requests.ConnectionError):
        send(deadly, "hej", sender)
