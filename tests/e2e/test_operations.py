"""The commands of docs/operations.md do what it says, on real databases."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.bench.engines import program
from tests.e2e.engines import Postgres, started
from tests.e2e.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
TRIED = "# tried by tests/e2e/test_operations.py\n"
BLOCKS = [block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if TRIED in block]
SAVE, RESTORE, SAVE_FILE, RESTORE_FILE, LIST, GO_BACK = BLOCKS


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    engine = started(Postgres)
    yield engine
    engine.end()


def tools() -> str:
    """Where PostgreSQL's client programs are: Debian's own choose a server by themselves."""
    places = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    server = Path(program("postgres", *places)).resolve().parent
    return os.pathsep.join([str(server), os.environ["PATH"]])


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., str]:
    """Run a block in a folder, as somebody who has the settings."""

    def run_block(block: str, url: str = "", data: Path | None = None) -> str:
        block = block.replace("/opt/bibliotekschatt/.venv/bin/python", sys.executable)
        block = block.replace("/var/lib/bibliotekschatt", str(data))
        done = subprocess.run(
            ["sh", "-eu", "-c", block],
            cwd=tmp_path,
            env={**os.environ, "PATH": tools(), "BOT_DATABASE_URL": url},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run_block


def publish(project: Path, url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "publish"],
        cwd=project,
        env={**os.environ, "BOT_DATABASE_URL": url, "BOT_DATA_DIR": str(project / "var")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def heads(bot: Any, name: str) -> None:
    """Wait until the bot says that this is the head of unit."""
    wait_until(lambda: name in bot.talk("Vem är chef?"), f"that {name} is head")


def test_a_publication_is_saved_restored_and_gone_back_to(postgres, project, start, run, tmp_path):
    contacts = project / "data" / "knowledge" / "contacts.yml"
    text = contacts.read_text(encoding="utf-8")
    publish(project, postgres.url)
    contacts.write_text(text.replace("name: Daniella Pind", "name: Vega Lind"), "utf-8")
    publish(project, postgres.url)
    bot = start(BOT_DATABASE_URL=postgres.url)
    heads(bot, "Vega Lind")

    run(SAVE, postgres.url)
    (saved,) = tmp_path.glob("*.dump")
    assert saved.stat().st_mode & 0o077 == 0
    listed = run(f"pg_restore --list {saved.name}")
    tables = set(re.findall(r"TABLE DATA public (\w+)", listed))
    assert tables == {"publications", "models"}, "conversations are not saved"

    assert len(re.findall(r"^ +\d+ \|", run(LIST, postgres.url), re.MULTILINE)) == 2
    run(GO_BACK, postgres.url)
    heads(bot, "Daniella Pind")
    assert len(re.findall(r"^ +\d+ \|", run(LIST, postgres.url), re.MULTILINE)) == 3

    run(RESTORE, postgres.url)  # While the bot runs.
    heads(bot, "Vega Lind")
    bot.stop()

    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE made_anew TEMPLATE template0")
    elsewhere = postgres.url.replace("/postgres", "/made_anew")
    run(RESTORE, elsewhere)
    heads(start(BOT_DATABASE_URL=elsewhere), "Vega Lind")
    publish(project, elsewhere)  # The numbers go on where they were.
    assert len(re.findall(r"^ +\d+ \|", run(LIST, elsewhere), re.MULTILINE)) == 3


def kept(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM questions").fetchone()[0])


def test_questions_in_a_file_are_saved_and_restored(start, run, tmp_path):
    bot = start(BOT_COLLECT_QUESTIONS="true")
    data = bot.database.parent
    questions = data / "questions.sqlite"
    bot.talk("asdfgh qwerty")
    wait_until(lambda: kept(questions) == 1, "the question")
    run(SAVE_FILE, data=data)
    (saved,) = tmp_path.glob("questions-*.sqlite")
    assert saved.stat().st_mode & 0o077 == 0
    bot.talk("zxcvbn poiuyt")
    wait_until(lambda: kept(questions) == 2, "the other question")
    bot.stop()
    run(RESTORE_FILE, data=data)
    assert kept(questions) == 1
    bot = start(BOT_COLLECT_QUESTIONS="true")
    bot.talk("mnbvcx lkjhgf")
    wait_until(lambda: kept(questions) == 2, "the question after")


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    command = SAVE_FILE.replace("/opt/bibliotekschatt/.venv/bin/python", sys.executable)
    command = command.replace("/var/lib/bibliotekschatt", str(tmp_path / "nowhere"))
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True)
    assert done.returncode != 0
    assert not list(tmp_path.iterdir())


def test_what_the_page_names_exists():
    for path in re.findall(r"`((?:deploy|tools|tests|requirements)/[\w./-]+)`", PAGE):
        assert (ROOT / path).exists(), path
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for target in re.findall(r"\bmake ([a-z]+)", PAGE):
        assert target in targets, target
