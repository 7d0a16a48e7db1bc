"""Every command of the handbook works as it is written, in a unit's own folder."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from bot.database import SqliteDatabase
from bot.question_store import NOT_UNDERSTOOD, SCHEMA, QuestionStore

ROOT = Path(__file__).resolve().parent.parent.parent
HANDBOOK = ROOT / "docs" / "handbok.md"
CODE = (
    ".python-version",
    "actions",
    "bot",
    "requirements",
    "stubs",
    "tools",
    "Makefile",
    "config.yml",
)
BLOCKS = re.findall(r"```sh\n(.*?)```", HANDBOOK.read_text(encoding="utf-8"), re.DOTALL)
COMMANDS = list(dict.fromkeys("".join(BLOCKS).splitlines()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The code with the second unit's files, as one who runs a bot has them."""
    place = tmp_path_factory.mktemp("handbook")
    shutil.copytree(ROOT / "tests" / "second_unit", place, dirs_exist_ok=True)
    for name in CODE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name)
        else:
            shutil.copy(source, place)
    (place / ".venv").symlink_to(ROOT / ".venv")
    (place / "frågor.txt").write_text("Vem är chef?\noch telefon?\n", encoding="utf-8")
    vectors = ROOT / "var" / "vectors.npz"
    if vectors.exists():
        (place / "var").mkdir()
        shutil.copy(vectors, place / "var")
    return place


@pytest.fixture
def question_12(folder) -> None:
    """A question of that number, in words of its own each time."""
    file = folder / "var" / "questions.sqlite"
    store = QuestionStore(SqliteDatabase(file, SCHEMA))
    number = sum(1 for _ in folder.rglob("*.used"))
    (folder / f"{number}.used").touch()
    asyncio.run(store.add(f"finns tuta {number} att ringa i", NOT_UNDERSTOOD, ["contact_phone"]))
    with sqlite3.connect(file) as other:
        other.execute("DELETE FROM questions WHERE id <> (SELECT max(id) FROM questions)")
        other.execute("UPDATE questions SET id = 12")


def test_the_handbook_has_commands():
    assert len(COMMANDS) > 10
    assert all(command.startswith(("make ", ".venv/bin/python -m bot ")) for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("question_12")
def test_a_command_of_the_handbook(folder, command):
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("BOT_")},
        input="Vem är chef?\n",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    if " chat" in command:
        assert "Ingrid Vallmo" in done.stdout
    if command == "make report":
        assert (folder / "var" / "report" / "report.html").exists()
    if "MOVE" in command:
        assert "Står nu i" in done.stdout
