"""What Prometheus and the log are told: figures, and never who or what."""

from __future__ import annotations

import json
import re
import time
import uuid

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.waiting import put_in_the_place_of

SECRET = "zebrafinken"


def figures(bot) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(bot.figures())
        for sample in family.samples
    }


def messages(found, outcome: str) -> float:
    return sum(
        value
        for (name, labels), value in found.items()
        if name == "bot_messages_total" and ("outcome", outcome) in labels
    )


@pytest.mark.parametrize("workers", ["1", "2"])
def test_messages_are_counted_by_what_became_of_them(start, workers):
    bot = start(BOT_WORKERS=workers, BOT_RATE_LIMIT="5/hour")
    sender = uuid.uuid4().hex
    for text in ("Vem är chef?", f"vad kostar {SECRET} i Skara", "asdfgh", "och mejl?"):
        bot.post(text, sender)
    body = {"sender": sender, "message": "hej"}
    statuses = [
        requests.post(f"{bot.url}/webhooks/rest/webhook", json=body, timeout=30).status_code
        for _ in range(12)
    ]
    found = figures(bot)
    unasked = (("intent", "mission_law"), ("outcome", "answered"))
    assert found["bot_messages_total", unasked] == 0, "the first one would be no increase"
    assert messages(found, "answered") >= 2
    assert messages(found, "not_understood") >= 1
    assert found["bot_messages_total", (("intent", "role_head"), ("outcome", "answered"))] == 1
    assert found["bot_rate_limited_total", (("limit", "sender"),)] == statuses.count(429) > 0
    for step in ("waiting", "understanding", "acting", "saving", "whole"):
        assert found["bot_step_seconds_count", (("step", step),)] >= 4
    assert found["bot_conversations", ()] >= 0
    memory = [value for (name, _), value in found.items() if name == "bot_memory_bytes" and value]
    assert len(memory) == int(workers)
    assert all(50e6 < value < 2e9 for value in memory)
    assert 0 <= time.time() - found["bot_last_start_seconds", ()] < 300
    assert 0 < found["bot_disk_free_ratio", ()] <= 1
    serving = {labels for (name, labels), value in found.items() if name == "bot_serving" and value}
    assert {dict(labels)["model"] for labels in serving}
    text = bot.figures()
    assert sender not in text
    assert SECRET not in text


def test_the_figures_are_for_those_who_have_the_word_for_them(bot, start):
    """From this machine, too, which a proxy here makes of everybody."""
    token = bot.token
    for shown in (None, "", "Bearer", "Bearer ", f"Bearer {token}x", f"Basic {token}", "Bearer å"):
        headers = {} if shown is None else {"Authorization": shown.encode()}
        for forwarded in ({}, {"X-Forwarded-For": "127.0.0.1"}):
            asked = requests.get(f"{bot.url}/metrics", headers={**headers, **forwarded}, timeout=30)
            assert asked.status_code == 401
            assert asked.headers["WWW-Authenticate"] == "Bearer"
            assert "BOT_METRICS_TOKEN" in asked.json()["error"]
    closed = start(BOT_METRICS_TOKEN="")
    for shown in ("Bearer ", "Bearer None", f"Bearer {token}"):
        headers = {"Authorization": shown}
        assert requests.get(f"{closed.url}/metrics", headers=headers, timeout=30).status_code == 401


def test_the_log_may_be_json_and_holds_nobodys_words(start, tmp_path):
    bot = start(BOT_LOG_FORMAT="json")
    bot.database.parent.chmod(0o700)
    requests.post(
        f"{bot.url}/webhooks/rest/webhook",
        json={"sender": uuid.uuid4().hex, "message": SECRET},
        timeout=30,
    )
    put_in_the_place_of(bot.database, bot.database.mkdir)  # No turn can be written.
    for left in bot.database.parent.glob("conversations.sqlite-*"):
        left.unlink()
    sender = uuid.uuid4().hex
    response = requests.post(
        f"{bot.url}/webhooks/rest/webhook",
        json={"sender": sender, "message": SECRET},
        timeout=60,
    )
    assert response.status_code == 503
    error_id = response.json()[0]["custom"]["error_id"]
    lines = [json.loads(line) for line in bot.log.read_text(encoding="utf-8").splitlines()]
    (told,) = [line for line in lines if line.get("error_id") == error_id]
    assert told["level"] == "error"
    assert re.match(r"20\d\d-\d\d-\d\dT", told["time"])
    assert "conversations.sqlite" in told["message"]
    assert SECRET not in bot.log.read_text(encoding="utf-8")
    assert sender not in bot.log.read_text(encoding="utf-8")
