"""Only what staff have written is read, and what is no file of text is told as a problem."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from datetime import date
from pathlib import Path

import pytest

from bot import training
from bot.chat import read_questions
from bot.check import Check
from bot.dialogues import load_dialogues
from bot.errors import FileError, KnowledgeError
from bot.importer import KnowledgeImporter
from bot.knowledge import KnowledgeStore, load_folder
from bot.nlu_files import nlu_files, read_whole
from bot.settings import ROOT


@pytest.fixture(autouse=True)
def _ends():
    """Whoever opens a pipe without an end waits for ever: then the test has failed."""

    def fail(*_):
        raise AssertionError("something is waited for without an end")

    signal.signal(signal.SIGALRM, fail)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(ROOT / "data" / "knowledge", tmp_path / "knowledge")


def _socket(path):
    server = socket.socket(socket.AF_UNIX)
    folder = os.open(path.parent, os.O_RDONLY)  # The whole path may be too long for one.
    try:
        server.bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)
        server.close()


def _huge(path):
    with path.open("wb") as file:
        file.truncate(100 * 1024**3)


ODD = {
    "rör": os.mkfifo,
    "uttag": _socket,
    "enhet": lambda path: path.symlink_to("/dev/zero"),
    "mapp": lambda path: path.mkdir(),
    "leder till sig själv": lambda path: path.symlink_to(path.name),
    "finns inte": lambda path: path.symlink_to("nowhere.yml"),
    "för stor": _huge,
}
each = pytest.mark.parametrize(("told", "make"), ODD.items(), ids=ODD.keys())


@each
def test_what_is_no_file_of_text_stops_no_answer(folder, caplog, told, make):
    store = KnowledgeStore(folder)
    good = store.get()
    make(folder / "odd.yml")
    assert store.get() is good
    assert f"odd.yml: {told}" in caplog.text or told in caplog.text.partition("odd.yml: ")[2]
    caplog.clear()
    assert store.get() is good
    assert caplog.text == "", "it is told once"


@each
def test_starting_beside_it_uses_the_last_valid_facts(folder, tmp_path, told, make):
    kept = tmp_path / "last"
    KnowledgeStore(folder, kept).get()
    make(folder / "odd.yml")
    store = KnowledgeStore(folder, kept)
    assert "mission_law" in store.get().facts
    assert told in str(store.error)


@each
def test_training_and_checking_say_what_it_is(tmp_path, monkeypatch, told, make):
    unit = tmp_path / "unit"
    shutil.copytree(ROOT / "tests" / "second_unit", unit)
    make(unit / "data" / "nlu" / "odd.yml")
    make(unit / "data" / "knowledge" / "odd.yml")
    monkeypatch.setattr(training, "_UNIT", unit)
    with pytest.raises(FileError, match=told):
        training.fingerprint()
    assert told in read_whole(unit / "data" / "nlu" / "odd.yml").problems[0].message
    problems = [
        problem
        for problem in Check(unit, date(2026, 11, 29)).problems()
        if "odd.yml" in problem.file
    ]
    assert {told in problem.message for problem in problems} == {True}
    KnowledgeImporter(training_data_paths=str(unit / "data"))


@pytest.fixture
def own_folder():
    """Be somebody who may not read everything, in a folder of one's own."""
    nobody = 65534 if os.getuid() == 0 else os.getuid()
    with tempfile.TemporaryDirectory() as own:
        os.chown(own, nobody, -1)
        os.seteuid(nobody)
        try:
            yield Path(own)
        finally:
            os.seteuid(os.getuid())


def test_who_may_not_read_a_file_is_told_so_and_may_read_it_later(own_folder):
    folder = own_folder / "knowledge"
    shutil.copytree(ROOT / "data" / "knowledge", folder)
    store = KnowledgeStore(folder)
    good = store.get()
    (folder / "mission.yml").chmod(0)
    assert store.get() is good
    assert "mission.yml: boten får inte läsa filen" in str(store.error)
    (folder / "mission.yml").chmod(0o644)
    assert store.get() is not good
    assert store.error is None
    folder.chmod(0)
    assert store.get().facts
    folder.chmod(0o755)


LEFT = ["._contacts.yml", ".#contacts.yml", ".hidden.yml", "~$contacts.yml", "#contacts.yml"]


def _leave(folder, name):
    if name.startswith(".#"):
        (folder / name).symlink_to("ina@computer.1234:5678")
    else:
        (folder / name).write_bytes(b"\x00\x05\x16\x07\x00 \xff: [")


@pytest.mark.parametrize("name", LEFT)
def test_what_programs_leave_beside_files_is_not_read(tmp_path, monkeypatch, name):
    unit = tmp_path / "unit"
    shutil.copytree(ROOT / "tests" / "second_unit", unit)
    monkeypatch.setattr(training, "_UNIT", unit)
    before = training.fingerprint(), list(Check(unit, date(2026, 11, 29)).problems())
    places = [unit / "data", *(unit / "data" / part for part in ("knowledge", "nlu"))]
    places += [unit / "tests" / part for part in ("nlu", "dialogues")]
    for place in places:
        place.mkdir(exist_ok=True)
        _leave(place, name)
        (place / ".git").mkdir()
        _leave(place / ".git", "in_a_hidden_folder.yml")
    store = KnowledgeStore(unit / "data" / "knowledge", tmp_path / "last")
    assert store.get().facts
    assert store.error is None
    assert sorted(p.name for p in (tmp_path / "last").iterdir()) == sorted(
        p.name for p in (ROOT / "tests" / "second_unit" / "data" / "knowledge").iterdir()
    )
    assert load_dialogues([unit / "tests" / "dialogues"]) is not None
    assert (training.fingerprint(), list(Check(unit, date(2026, 11, 29)).problems())) == before
    importer = KnowledgeImporter(training_data_paths=[str(unit / "data")])
    assert importer.get_nlu_data().training_examples
    assert all(read_whole(path).problems == [] for path in nlu_files(unit / "data" / "nlu"))


def test_another_file_of_facts_is_read_whatever_else_it_is_called(folder):
    (folder / "contacts (1).yml").write_bytes((folder / "contacts.yml").read_bytes())
    with pytest.raises(KnowledgeError, match="finns redan"):
        load_folder(folder)


def test_what_a_shell_hands_over_as_a_file_is_still_talked_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = subprocess.Popen(["sh", "-c", f"echo Hej >'{pipe}'"])
    assert [line.strip() for line in read_questions(pipe)] == ["Hej"]
    assert writer.wait() == 0
