import asyncio
import shutil
import threading

import pytest

from bot import facts
from bot.knowledge import KnowledgeStore, store
from bot.settings import ROOT


@pytest.fixture
def contacts(tmp_path, monkeypatch):
    folder = shutil.copytree(ROOT / "data" / "knowledge", tmp_path / "knowledge")
    own = KnowledgeStore(folder)
    own.get()
    monkeypatch.setattr(facts, "store", lambda: own)
    return folder / "contacts.yml"


def fill_in_phone(contacts):
    text = contacts.read_text(encoding="utf-8")
    contacts.write_text(text.replace("    phone:\n", "    phone: 010-123 45 67\n", 1))


def phone():
    return facts.current().people["daniella_pind"].phone


def test_a_turn_keeps_the_facts_that_it_began_with(contacts):
    async def turns():
        async with facts.one_turn():
            fill_in_phone(contacts)
            first = phone()
        async with facts.one_turn():
            return first, phone()

    assert asyncio.run(turns()) == (None, "010-123 45 67")
    assert phone() == "010-123 45 67"


def test_a_turn_goes_on_while_another_reads_new_facts(contacts, monkeypatch):
    """Reading is held up until the first turn has gone on; a loop that waited would hang."""
    has_gone_on = threading.Event()
    load = store.load_folder

    def wait_and_load(folder):
        assert has_gone_on.wait(timeout=60)
        return load(folder)

    monkeypatch.setattr(store, "load_folder", wait_and_load)

    async def first():
        async with facts.one_turn():
            fill_in_phone(contacts)
            second = asyncio.create_task(other())
            await asyncio.sleep(0)
            old = phone()
            has_gone_on.set()
        return old, await second

    async def other():
        async with facts.one_turn():
            return phone()

    assert asyncio.run(first()) == (None, "010-123 45 67")
