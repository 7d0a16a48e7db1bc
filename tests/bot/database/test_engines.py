"""Both engines keep the same promises."""

from __future__ import annotations

import asyncio
import contextlib
import time
import traceback
from collections.abc import Callable, Iterator

import psycopg
import pytest

from bot.database import Database, SqliteDatabase, StaleError, Statement
from bot.database.postgres import PostgresDatabase
from bot.errors import StoreError
from tests.e2e.engines import Postgres, started

SCHEMA = "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);"
ADD = "INSERT INTO notes (name, value) VALUES (?, ?)"
CHANGE = "UPDATE notes SET value = ? WHERE name = ? AND value = ?"
ATTEMPTS = 30
CONNECTED: list[PostgresDatabase] = []
ALL = "SELECT name, value FROM notes ORDER BY name"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    server = started(Postgres)
    assert isinstance(server, Postgres)
    yield server
    server.end()


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request, tmp_path) -> Callable[[], Database]:
    if request.param == "sqlite":
        return lambda: SqliteDatabase(tmp_path / "a.sqlite", SCHEMA)
    server = request.getfixturevalue("server")
    if server.rows("SELECT 1 FROM pg_tables WHERE tablename = 'notes'"):
        asyncio.run(emptied(PostgresDatabase(server.url, SCHEMA)))
    return lambda: PostgresDatabase(server.url, SCHEMA)


async def emptied(database: Database) -> None:
    await database.erase(Statement("DELETE FROM notes"))
    await database.close()


def run(opened, work):
    async def with_it():
        database = opened()
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(with_it())


def connect(*where: str) -> PostgresDatabase:
    """Return a database that `hold` closes."""
    CONNECTED.append(PostgresDatabase(*where))
    return CONNECTED[-1]


def hold(work):
    """Run work to its end, and close what it connected to: a pool survives being cancelled."""

    async def closing():
        try:
            await work
        finally:
            while CONNECTED:
                await CONNECTED.pop().close()

    asyncio.run(closing())


def test_what_is_committed_is_there(opened):
    async def work(database):
        await database.check()
        await database.commit(Statement(ADD, ("a", "å 'ä' ? %s")), Statement(ADD, ("b", "2")))
        assert await database.row("SELECT value FROM notes WHERE name = ?", "a") == ("å 'ä' ? %s",)
        assert await database.row("SELECT value FROM notes WHERE name = ?", "c") is None

    run(opened, work)
    assert run(opened, lambda database: database.rows(ALL)) == [("a", "å 'ä' ? %s"), ("b", "2")]


def test_all_of_a_commit_is_written_or_nothing(opened):
    async def work(database):
        await database.commit(Statement(ADD, ("a", "1")))
        stale = Statement(CHANGE, ("2", "a", "not this"), must_change=True)
        with pytest.raises(StaleError):
            await database.commit(Statement(ADD, ("b", "1")), stale)
        with pytest.raises(StaleError):
            await database.commit(stale, Statement(ADD, ("b", "1")))
        with pytest.raises(StoreError):
            await database.commit(Statement(ADD, ("b", "1")), Statement(ADD, ("a", "1")))
        changed = Statement(CHANGE, ("2", "a", "1"), must_change=True)
        await database.commit(changed, Statement(ADD, ("c", "3")))
        return await database.rows(ALL)

    assert run(opened, work) == [("a", "2"), ("c", "3")]


def test_only_one_of_many_who_read_the_same_may_write(opened):
    async def work(database):
        await database.commit(Statement(ADD, ("a", "0")))
        others = [opened() for _ in range(3)]
        attempts = [
            one.commit(Statement(CHANGE, (str(number), "a", "0"), must_change=True))
            for number, one in enumerate([database, *others] * 3, 1)
        ]
        outcomes = await asyncio.gather(*attempts, return_exceptions=True)
        for one in others:
            await one.close()
        return outcomes

    outcomes = run(opened, work)
    assert outcomes.count(None) == 1
    assert all(one is None or isinstance(one, StaleError) for one in outcomes)


def test_tables_are_made_by_many_at_once(opened):
    async def all_at_once():
        databases = [opened() for _ in range(6)]
        await asyncio.gather(*(database.check() for database in databases))
        for database in databases:
            await database.close()

    asyncio.run(all_at_once())


def test_what_does_not_work_is_a_store_error(opened):
    async def work(database):
        with pytest.raises(StoreError):
            await database.row("SELECT * FROM nowhere")
        with pytest.raises(StoreError):
            await database.rows("SELECT * FROM nowhere")
        with pytest.raises(StoreError):
            await database.commit(Statement("DELETE FROM nowhere"))
        await database.check()

    run(opened, work)


def test_postgres_is_found_again_after_it_was_away(server):
    async def work():
        database = connect(server.url, SCHEMA)
        await asyncio.gather(*(database.check() for _ in range(5)))
        server.stop()
        with pytest.raises(StoreError):
            await database.check()
        server.start()
        for _ in range(ATTEMPTS):  # A machine that is busy may be slower than a visitor's patience.
            with contextlib.suppress(StoreError):
                await database.check()
                break
        await database.commit(Statement("DELETE FROM notes"))

    hold(work())


def test_a_turn_of_postgres_has_one_holder(server):
    held: list[int] = []

    async def take(database, number):
        async with database.turn("visitor", 8):
            held.append(number)
            assert len(held) == 1
            await database.check()
            held.remove(number)

    async def work():
        databases = [connect(server.url, SCHEMA) for _ in range(2)]
        await asyncio.gather(*(take(databases[number % 2], number) for number in range(12)))

    hold(work())


@pytest.mark.parametrize("how", ["stop", "freeze"])
def test_a_turn_whose_server_goes_away_ends_as_if_it_had_not(server, how):
    async def work():
        database = connect(server.url, SCHEMA)
        async with database.turn("visitor", 8):
            getattr(server, how)()
        server.thaw() if how == "freeze" else server.start()
        async with database.turn("visitor", 8):
            pass

    hold(work())


def test_turns_do_not_meet_the_dead_connections_of_before(server):
    async def work():
        database = connect(server.url, SCHEMA)

        async def take(name):
            async with database.turn(name, 8):
                pass

        await asyncio.gather(*(take(f"visitor-{number}") for number in range(6)))
        server.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'bot' AND pid <> pg_backend_pid()"
        )
        for number in range(6):
            await take(f"visitor-{number}")

    hold(work())


def test_a_database_that_takes_nothing_is_not_ready(server):
    async def work():
        read_only = "?options=-c%20default_transaction_read_only%3Don"
        database = connect(server.url + read_only)
        with pytest.raises(StoreError, match="nothing can be written"):
            await database.check()

    hold(work())


def test_whoever_waits_too_long_for_a_turn_holds_nobody_up(server):
    async def work():
        one, other = (connect(server.url, SCHEMA) for _ in range(2))
        await asyncio.gather(one.check(), other.check())
        async with one.turn("visitor", 8):
            with pytest.raises(StoreError, match="no answer in time"):
                async with other.turn("visitor", 0.2):
                    raise AssertionError("two have the turn")
        async with one.turn("visitor", 8):
            pass

    hold(work())


def test_a_stale_turn_leaves_its_connection_whole(server):
    """However often its statements have run before: psycopg prepares those that come again."""

    async def work(before):
        database = connect(server.url, SCHEMA)
        await database.commit(Statement("DELETE FROM notes"), Statement(ADD, ("a", "0")))
        again = Statement(f"{ADD} ON CONFLICT DO NOTHING", ("b", "1"))
        good = Statement("UPDATE notes SET value = value WHERE name = ?", ("a",), must_change=True)
        stale = Statement("UPDATE notes SET value = value WHERE name = ?", ("z",), must_change=True)
        for _ in range(before):
            await database.commit(good, again)
        for _ in range(2):
            with pytest.raises(StaleError):
                await database.commit(stale, again)
        for _ in range(6):
            await database.commit(good, again)

    for before in range(3, 13):
        hold(work(before))


def test_a_database_that_is_made_anew_gets_its_tables_again(server):
    async def work():
        database = connect(server.url, SCHEMA)
        await database.rows(ALL)
        async with await psycopg.AsyncConnection.connect(server.url, autocommit=True) as other:
            await other.execute("DROP TABLE notes")
        assert await database.rows(ALL) == []
        await database.commit(Statement(ADD, ("a", "1")))
        assert await database.rows(ALL) == [("a", "1")]

    hold(work())


def test_text_is_text_in_a_database_of_any_encoding(server):
    async def work():
        async with await psycopg.AsyncConnection.connect(server.url, autocommit=True) as other:
            await other.execute("CREATE DATABASE plain ENCODING 'SQL_ASCII' TEMPLATE template0")
        database = connect(server.url.replace("/postgres", "/plain"), SCHEMA)
        await database.commit(Statement(ADD, ("å", "ä")))
        assert await database.rows(ALL) == [("å", "ä")]

    hold(work())


def test_why_no_connection_is_given_is_logged(server, caplog):
    async def work():
        nowhere = server.url.replace("/postgres", "/nowhere")
        database = connect(nowhere, SCHEMA)
        with pytest.raises(StoreError):
            await database.rows(ALL)

        def ours():
            return [one.getMessage() for one in caplog.records if one.name.startswith("bot.")]

        while not ours():
            await asyncio.sleep(0.05)
        (told,) = ours()
        assert 'database "nowhere" does not exist' in told
        assert "Se BOT_DATABASE_URL" in told

    hold(asyncio.wait_for(work(), 60))


def test_an_error_does_not_hold_what_was_to_be_written(server):
    async def work():
        database = connect(server.url, SCHEMA)
        written = "-".join(["what", "was", "written"])
        with pytest.raises(StoreError) as told:
            await database.commit(Statement("INSERT INTO notes (name) VALUES (?)", (written,)))
        assert written not in "".join(traceback.format_exception(told.value))

    hold(work())


def test_the_time_is_the_databases(server):
    async def work():
        database = connect(server.url, SCHEMA)
        assert abs(await database.now() - time.time()) < 60

    hold(work())
