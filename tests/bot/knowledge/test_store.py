import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import KnowledgeError
from bot.knowledge import KnowledgeStore
from bot.settings import ROOT


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(ROOT / "data" / "knowledge", tmp_path / "knowledge")


def write(path, text):
    """Write a file so that its time differs from before, whatever the clock's steps."""
    before = path.stat().st_mtime_ns
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


def fill_in_phone(folder):
    path = folder / "contacts.yml"
    text = path.read_text(encoding="utf-8")
    write(path, text.replace("    phone:\n", "    phone: 010-123 45 67\n", 1))


def test_serves_what_is_filled_in_while_running(folder):
    store = KnowledgeStore(folder)
    assert store.get().people["daniella_pind"].phone is None
    fill_in_phone(folder)
    assert store.get().people["daniella_pind"].phone == "010-123 45 67"


def test_does_not_read_again_what_has_not_changed(folder):
    store = KnowledgeStore(folder)
    assert store.get() is store.get()


def test_a_broken_file_never_replaces_a_good_one(folder, caplog):
    store = KnowledgeStore(folder)
    good = store.get()
    write(folder / "mission.yml", "facts: [")
    assert store.get() is good
    assert store.error is not None
    assert "mission.yml, rad" in caplog.text
    caplog.clear()
    assert store.get() is good
    assert caplog.text == ""


def test_recovers_when_the_file_is_mended(folder):
    store = KnowledgeStore(folder)
    store.get()
    whole = (folder / "mission.yml").read_text(encoding="utf-8")
    write(folder / "mission.yml", "facts: [")
    store.get()
    write(folder / "mission.yml", whole)
    fill_in_phone(folder)
    assert store.get().people["daniella_pind"].phone
    assert store.error is None


def test_starts_with_the_last_valid_facts(folder, tmp_path):
    kept = tmp_path / "var" / "last"
    KnowledgeStore(folder, kept).get()
    write(folder / "mission.yml", "facts: [")
    store = KnowledgeStore(folder, kept)
    assert "mission_law" in store.get().facts
    assert store.error is not None


def test_processes_that_keep_the_same_facts_together_keep_them_whole(folder, tmp_path, caplog):
    kept = tmp_path / "var" / "last"

    def keep(_):
        KnowledgeStore(folder, kept).get()

    for _ in range(20):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(keep, range(4)))
        assert len(list(kept.glob("*.yml"))) == len(list(folder.glob("*.yml")))
    assert [path.name for path in kept.parent.iterdir()] == ["last"]
    assert caplog.text == ""


def test_starting_broken_without_any_valid_facts_is_an_error(folder, tmp_path):
    write(folder / "mission.yml", "facts: [")
    with pytest.raises(KnowledgeError, match=r"mission\.yml"):
        KnowledgeStore(folder, tmp_path / "never").get()
