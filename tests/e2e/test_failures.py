"""Whatever fails, the visitor gets a sentence and the log gets the cause, with one id."""

from __future__ import annotations

import resource
import sqlite3
import uuid
from pathlib import Path

import requests

from tests.e2e.waiting import wait_until


def ask(bot, text="Vem är chef?", sender=None, **more):
    body = {"sender": sender or uuid.uuid4().hex, "message": text, **more}
    return requests.post(f"{bot.url}/webhooks/rest/webhook", json=body, timeout=60)


def assert_told(bot, response, status, words, cause):
    assert response.status_code == status
    (item,) = response.json()
    assert words in item["text"]
    assert "Traceback" not in response.text
    error_id = item["custom"]["error_id"]
    log = bot.log.read_text(encoding="utf-8")
    assert error_id in log
    assert cause in log.partition(error_id)[2]


def test_an_action_that_raises(start, project):
    action = project / "actions" / "telling.py"
    text = action.read_text(encoding="utf-8")
    action.write_text(
        text.replace(
            "def role(",
            "def role(turn, asked):\n    raise RuntimeError('oj oj')\n\n\ndef unused(",
            1,
        )
    )
    bot = start(project)
    sender = uuid.uuid4().hex
    assert_told(bot, ask(bot, sender=sender), 200, "Något gick fel", "oj oj")
    assert "Det öppna" in ask(bot, "Vad är Det öppna biblioteket?", sender).text


def test_a_database_that_is_locked(start):
    bot = start()
    sender = uuid.uuid4().hex
    assert ask(bot, sender=sender).ok
    with sqlite3.connect(bot.database, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        response = ask(bot, "har hon något nummer?", sender)
        assert_told(bot, response, 503, "kan inte komma åt samtalen", "locked")
        assert int(response.headers["Retry-After"]) > 0
        for route, more in (("delete", {}), ("feedback", {"id": "role_head", "vote": "up"})):
            body = {"sender": sender, **more}
            refused = requests.post(f"{bot.url}/webhooks/rest/{route}", json=body, timeout=60)
            assert refused.status_code == 503
            assert refused.json()["error_id"] in bot.log.read_text(encoding="utf-8")
        other.execute("ROLLBACK")
    assert "Daniella" in ask(bot, "har hon något nummer?", sender).text


def test_a_database_that_is_taken_away(start):
    bot = start()
    assert ask(bot).ok
    assert requests.get(f"{bot.url}/readyz", timeout=60).ok
    bot.database.parent.rename(bot.database.parent.with_name("taken away"))
    sender = uuid.uuid4().hex
    assert ask(bot, sender=sender).ok
    assert bot.database.exists()
    assert "Daniella" in ask(bot, "har hon något nummer?", sender).text


def test_a_disk_that_is_full(start):
    bot = start()
    assert ask(bot).ok
    with sqlite3.connect(bot.database) as other:
        (pages,) = other.execute("PRAGMA page_count").fetchone()
    assert pages
    # What the system says of a full disk and of a file that may not grow is the same error.
    (worker,) = bot.workers()
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    response = ask(bot)
    assert_told(bot, response, 503, "kan inte komma åt samtalen", "conversations.sqlite")
    wait_until(lambda: requests.get(f"{bot.url}/readyz", timeout=60).status_code == 503)
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(worker, resource.RLIMIT_FSIZE, unlimited)
    assert ask(bot).ok
    assert requests.get(f"{bot.url}/readyz", timeout=60).ok


def test_a_damaged_model_is_refused_and_a_new_one_taken_up(start, project):
    bot = start(project)
    model = project / "models" / "bot.tar.gz"
    whole = model.read_bytes()
    damaged = model.with_name("damaged")
    damaged.write_bytes(whole[:1000])
    damaged.replace(model)
    wait_for(bot.log, "går inte att ladda")
    assert "Daniella" in ask(bot).text
    fresh = model.with_name("fresh")
    fresh.write_bytes(whole)
    fresh.replace(model)
    wait_for(bot.log, "En ny modell används")
    assert "Daniella" in ask(bot).text


def wait_for(log: Path, words: str) -> None:
    wait_until(lambda: words in log.read_text(encoding="utf-8"))
