"""What is published in PostgreSQL, and the copies of it on a host."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bot import publishing
from bot.database.postgres import PostgresDatabase
from bot.engine import load_agent
from bot.errors import KnowledgeError, StoreError
from bot.facts import store
from bot.publishing import Publisher
from bot.settings import ROOT
from bot.training import MODEL
from tests.e2e.engines import Postgres, started


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    server = started(Postgres)
    yield server
    server.end()


@pytest.fixture
def run(server, tmp_path) -> Callable:
    """Do some work with the publisher of a host, whose database has nothing published."""

    async def with_it(work):
        database = PostgresDatabase(server.url, publishing.SCHEMA)
        publisher = Publisher(database, tmp_path / "published")
        try:
            return await work(publisher)
        finally:
            await publisher.close()

    forget(server)
    return lambda work: asyncio.run(with_it(work))


@pytest.fixture
def facts(tmp_path) -> Path:
    return shutil.copytree(ROOT / "data" / "knowledge", tmp_path / "knowledge")


@pytest.fixture
def model(tmp_path) -> Path:
    """Something that is not a model, but is handed out like one."""
    path = tmp_path / "model.tar.gz"
    path.write_bytes(b"one")
    return path


@pytest.fixture
def served() -> Iterator[None]:
    """Serve the facts of this folder again when the test is over."""
    yield
    store().serve(ROOT / "data" / "knowledge")


def forget(server: Postgres) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("DROP TABLE IF EXISTS publications, models")


def rename_head(facts: Path, name: str, before: str = "Daniella Pind") -> None:
    path = facts / "contacts.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"name: {before}", f"name: {name}"), encoding="utf-8")


def test_what_editors_leave_is_not_published(run, facts, model):
    (facts / "._contacts.yml").write_bytes(b"\x00\xff: [")
    (facts / ".#contacts.yml").symlink_to("ina@computer.1234:5678")

    async def work(publisher):
        await publisher.publish(facts, model)
        return (await publisher.latest()).knowledge

    there = {path.name for path in run(work).iterdir()}
    assert there == {path.name for path in (ROOT / "data" / "knowledge").glob("*.yml")}


def test_what_was_published_last_is_copied_here(run, facts, model):
    async def work(publisher):
        assert await publisher.latest() is None
        assert publisher.here() is None
        await publisher.publish(facts, model)
        rename_head(facts, "Vega Lind")
        model.write_bytes(b"two")
        told = await publisher.publish(facts, model)
        assert told.startswith("fakta ")
        latest = await publisher.latest()
        assert "Vega Lind" in (latest.knowledge / "contacts.yml").read_text(encoding="utf-8")
        assert latest.model.read_bytes() == b"two"
        assert publisher.here() == latest

    run(work)


def test_a_database_that_is_made_anew_brings_no_old_copy_back(run, server, facts, model):
    async def first(publisher):
        await publisher.publish(facts, model)
        return await publisher.latest()

    before = run(first)
    rename_head(facts, "Vega Lind")
    forget(server)
    after = run(first)
    assert after.number > before.number
    assert "Vega Lind" in (after.knowledge / "contacts.yml").read_text(encoding="utf-8")


def test_old_publications_and_models_are_let_go(run, server, facts, model, tmp_path):
    async def work(publisher):
        for number in range(12):
            model.write_bytes(b"model %d" % number)
            await publisher.publish(facts, model)
            await publisher.latest()

    run(work)
    assert server.rows("SELECT count(*) FROM publications") == [(10,)]
    assert server.rows("SELECT count(*) FROM models") == [(10,)]
    assert len(list((tmp_path / "published").iterdir())) == 5


def test_broken_facts_are_not_published(run, server, facts, model):
    (facts / "mission.yml").write_text("facts: [", encoding="utf-8")

    async def work(publisher):
        with pytest.raises(KnowledgeError, match=r"mission\.yml"):
            await publisher.publish(facts, model)
        assert await publisher.latest() is None

    run(work)


def test_processes_that_copy_the_same_publication_together_agree(run, facts, model, tmp_path):
    async def work(publisher):
        await publisher.publish(facts, model)
        found = await asyncio.gather(*(publisher.latest() for _ in range(4)))
        assert len(set(found)) == 1
        assert [path.name for path in (tmp_path / "published").iterdir()] == [str(found[0].number)]

    run(work)


def test_a_host_whose_clock_is_behind_publishes_all_the_same(run, facts, model, monkeypatch):
    async def work(publisher):
        for _ in range(6):
            await publisher.publish(facts, model)
            before = await publisher.latest()
        now = time.time()
        monkeypatch.setattr(publishing.time, "time", lambda: now - 3600)
        model.write_bytes(b"newer")
        await publisher.publish(facts, model)
        latest = await publisher.latest()
        assert latest.number > before.number
        assert latest.model.read_bytes() == b"newer"
        assert publisher.here() == latest

    run(work)


def test_what_a_killed_process_has_left_is_deleted(run, facts, model, tmp_path):
    left, under_way = (tmp_path / "published" / name for name in ("new-left", "new-under-way"))

    async def work(publisher):
        for folder in (left, under_way):
            folder.mkdir(parents=True)
        os.utime(left, (time.time() - 7200,) * 2)
        await publisher.publish(facts, model)
        await publisher.latest()
        assert not left.exists()
        assert under_way.exists(), "another process may be copying"

    run(work)


def test_a_published_model_that_cannot_be_loaded_changes_nothing(run, facts, model, served, caplog):
    rename_head(facts, "Vega Lind")

    async def work(publisher):
        await publisher.publish(facts, model)
        agent = load_agent(MODEL, publisher=publisher, publication=await publisher.latest())
        assert "Den installerade modellen används" in caplog.text
        caplog.clear()
        await agent.take_up_publication()
        assert caplog.text == "", "it has been told"
        (item,) = await agent.answer("visitor", "Vem är chef?")
        assert "Daniella Pind" in item["text"], "facts and model belong together"

        model.write_bytes(b"as bad")
        await publisher.publish(facts, model)
        for _ in range(2):
            await agent.take_up_publication()
        assert caplog.text.count("Det som gällde förut gäller fortfarande") == 1

        await publisher.publish(facts, MODEL)
        await agent.take_up_publication()
        (item,) = await agent.answer("visitor", "Vem är chef?")
        assert "Vega Lind" in item["text"]

    run(work)


def test_facts_whose_copy_is_gone_are_served_on(run, facts, served, tmp_path):
    rename_head(facts, "Vega Lind")

    async def work(publisher):
        await publisher.publish(facts, MODEL)
        agent = load_agent(MODEL, publisher=publisher, publication=await publisher.latest())
        await agent.answer("visitor", "Vem är chef?")
        shutil.rmtree(tmp_path / "published")
        (item,) = await agent.answer("visitor", "Vem är chef?")
        assert "Vega Lind" in item["text"]

    run(work)


def test_a_database_that_is_away_is_told(server, tmp_path, facts, model):
    async def work():
        database = PostgresDatabase("postgresql://bot@127.0.0.1:1/x", publishing.SCHEMA)
        publisher = Publisher(database, tmp_path / "published")
        with pytest.raises(StoreError, match="PostgreSQL"):
            await publisher.publish(facts, model)
        await publisher.close()

    asyncio.run(work())


def test_published_facts_that_this_program_refuses_change_nothing(
    run, server, facts, served, caplog
):
    rename_head(facts, "Vega Lind")

    async def work(publisher):
        await publisher.publish(facts, MODEL)
        agent = load_agent(MODEL, publisher=publisher, publication=await publisher.latest())
        before = agent.processor
        rename_head(facts, "Åke Ek", "Vega Lind")
        await publisher.publish(facts, MODEL)
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(
                "UPDATE publications SET facts = replace(facts, 'people:', 'poeple:')"
            )
        await agent.take_up_publication()
        assert "poeple" in caplog.text
        assert agent.processor is before
        (item,) = await agent.answer("visitor", "Vem är chef?")
        assert "Vega Lind" in item["text"]

    run(work)


def test_what_is_served_is_told_before_anybody_asks(run, facts, served):
    rename_head(facts, "Vega Lind")

    async def work(publisher):
        agent = load_agent(MODEL, publisher=publisher)
        await agent.tell_figures()
        before = store().version
        await publisher.publish(facts, MODEL)
        await agent.take_up_publication()
        await agent.tell_figures()
        assert store().version != before

    run(work)


def test_a_folder_that_cannot_be_written_to_is_named(server, facts, model, tmp_path):
    (tmp_path / "file").write_text("")

    async def work():
        database = PostgresDatabase(server.url, publishing.SCHEMA)
        publisher = Publisher(database, tmp_path / "file" / "published")
        await publisher.publish(facts, model)
        with pytest.raises(StoreError, match="Se BOT_DATA_DIR"):
            await publisher.latest()
        assert publisher.here() is None
        await publisher.close()

    forget(server)
    asyncio.run(work())
