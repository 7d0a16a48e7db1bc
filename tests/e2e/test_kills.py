"""However the bot ends, under load, nothing that was answered is lost and nothing done twice."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.e2e.kills import kill_again_and_again, stored
from tests.e2e.visitors import Crowd, Line, Visitor

KILLS = 3
VISITORS = 8


def test_kill_9_under_load_loses_and_repeats_nothing(start, free_port):
    port = free_port()
    with Crowd(port, VISITORS, seed=1) as crowd:
        bot = kill_again_and_again(lambda: start(BOT_PORT=str(port)), crowd, KILLS, seed=1)
    assert len(crowd.visitors) > 2 * VISITORS
    for visitor in crowd.visitors:
        visitor.ask_everything_again()
    assert stored(bot.database) == crowd.replies


@pytest.mark.parametrize(
    ("how", "workers"),
    [
        (signal.SIGTERM, 1),
        (signal.SIGINT, 1),
        (signal.SIGHUP, 1),
        (signal.SIGINT, 2),
        (signal.SIGHUP, 2),
    ],
)
def test_what_is_under_way_is_answered_before_the_end(start, free_port, how, workers):
    port = free_port()
    bot = start(BOT_PORT=str(port), BOT_WORKERS=str(workers))
    with Crowd(port, VISITORS, seed=2, patient=False, trouble=False) as crowd:
        crowd.wait_for(10 * VISITORS)
        asked_to_end = time.monotonic()
        bot.process.send_signal(how)
        assert bot.process.wait(timeout=60) == 0
    unanswered = [began for line in crowd.lines for began in line.unanswered]
    assert [began for began in unanswered if began < asked_to_end] == []
    assert sum(line.halves for line in crowd.lines) == 0
    # How many come just then depends on the machine; but nobody is answered on without an end.
    assert any(line.parted for line in crowd.lines)
    assert crowd.replies <= stored(bot.database)
    assert not re.search("Traceback|ERROR", bot.log.read_text(encoding="utf-8"))


def test_a_message_whose_visitor_hangs_up_is_finished_before_the_next(bot):
    port = int(bot.url.rpartition(":")[2])
    script = [("Vem är chef?", "Daniella"), ("Har hon något telefonnummer?", "Daniella")]
    visitor = Visitor(Line(port), script, random.Random(3))
    with sqlite3.connect(bot.database, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")  # Until it ends, no turn can be written.
        visitor.line.cut(visitor.body(0))
        for _ in range(5):  # Once these are answered, the bot has seen both, in order.
            assert requests.get(f"{bot.url}/healthz", timeout=60).ok
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(visitor.line.ask, visitor.body(1))
            for _ in range(5):
                assert requests.get(f"{bot.url}/healthz", timeout=60).ok
            other.execute("ROLLBACK")
            assert "Telefonnumret till Daniella" in second.result()[1].decode()


def train(project: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "train"],
        cwd=project,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "BOT_DATA_DIR": str(project / "var")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_training_that_fails_or_is_killed_leaves_the_model_and_the_bot(start, project):
    model = project / "models" / "bot.tar.gz"
    before, made_of = model.read_bytes(), model.with_suffix(".sha256").read_text()
    bot = start(project)
    for examples in (project / "data" / "nlu").glob("*.yml"):
        if examples.name != "greetings.yml":  # One file is read in no time.
            examples.unlink()
    rules = project / "data" / "rules.yml"
    whole = rules.read_text(encoding="utf-8")
    rules.write_text(whole + "rules: [\n", encoding="utf-8")
    failing = train(project)
    _, said = failing.communicate(timeout=300)
    assert failing.returncode == 1
    assert "modellen är som den var" in said
    assert "rules.yml" in said
    assert "Traceback" not in said

    rules.write_text(whole, encoding="utf-8")
    killed = train(project)
    assert killed.stdout
    assert any("tränar" in line for line in killed.stdout)
    killed.kill()
    killed.communicate()

    assert model.read_bytes() == before
    assert model.with_suffix(".sha256").read_text() == made_of
    assert "Daniella" in bot.talk("Vem är chef?")
    assert "modell" not in bot.log.read_text(encoding="utf-8")
