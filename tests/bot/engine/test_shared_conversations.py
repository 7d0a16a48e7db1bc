"""Conversations that several processes read and write in one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from rasa.shared.core.domain import Domain

from bot.database.postgres import PostgresDatabase
from bot.engine.conversations import SCHEMA, Answer, ConversationStore
from bot.errors import StoreError
from tests.e2e.engines import Postgres, started


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    server = started(Postgres)
    yield server
    server.end()


def with_stores(server, number, work):
    async def run():
        databases = [PostgresDatabase(server.url, SCHEMA) for _ in range(number)]
        try:
            await work(*(ConversationStore(Domain.empty(), one) for one in databases))
        finally:
            for one in databases:
                await one.close()

    asyncio.run(run())


async def take_a_turn(store, sender, message_id):
    conversation = await store.retrieve(sender)
    conversation.answer = Answer(message_id, "digest", [{"text": "Hej"}])
    await store.save(conversation)


def test_visitors_who_change_their_minds_do_not_hold_each_other_up(server):
    async def change(store, sender, first):
        for number in range(20):
            conversation = await store.find(sender)
            vote = ("up", "down")[(number + first) % 2]
            await store.vote(conversation, "m1", "role_head", vote)

    async def work(one, other):
        for number in range(8):
            await take_a_turn(one, f"voter-{number}", "m1")
        stores = [one, other] * 4
        await asyncio.gather(
            *(change(store, f"voter-{number}", number) for number, store in enumerate(stores))
        )

    with_stores(server, 2, work)
    database = "SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'"
    assert server.rows(database) == [(0,)]
    assert sum(count for (count,) in server.rows("SELECT count FROM votes")) == 8


def test_an_answer_that_is_being_written_is_deleted_with_its_conversation(server):
    async def work(store):
        await take_a_turn(store, "leaves", "m1")
        # A turn of another process, not yet committed.
        async with await psycopg.AsyncConnection.connect(server.url) as other:
            change = "UPDATE conversations SET latest = latest + 1 WHERE sender = 'leaves'"
            await other.execute(change)
            await other.execute("INSERT INTO answers VALUES ('leaves', 'm2', 'digest', '[]')")
            deleting = asyncio.create_task(store.delete("leaves"))
            while not server.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
                await asyncio.sleep(0.01)
                assert not deleting.done(), "it did not wait"
        await deleting

    with_stores(server, 1, work)
    left = "SELECT sender FROM answers UNION SELECT sender FROM conversations"
    assert ("leaves",) not in server.rows(left)


def test_a_server_whose_disk_is_full_is_not_ready(server):
    def change(*statements):
        with psycopg.connect(server.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    async def work(store):
        await store.check()
        change(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE disk_full USING MESSAGE = 'No space left on device'; END $$",
            "CREATE TRIGGER fails BEFORE INSERT ON conversations EXECUTE FUNCTION fail()",
        )
        store._next_try = 0
        try:
            with pytest.raises(StoreError, match="No space left"):
                await store.check()
        finally:
            change("DROP FUNCTION fail CASCADE")
        await store.check()
        assert not any("/" in sender for sender in await store.keys())

    with_stores(server, 1, work)
