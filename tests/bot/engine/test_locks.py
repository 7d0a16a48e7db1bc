"""Whose turn it is, among processes that share a Redis."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import pytest

from bot.engine.locks import SharedTurns
from bot.redis_link import RedisLink
from tests.e2e.engines import Redis, started


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    server = started(Redis)
    assert isinstance(server, Redis)
    yield server
    server.end()


@contextlib.asynccontextmanager
async def nobody(sender: str):
    raise AssertionError("Redis is there")
    yield


@contextlib.asynccontextmanager
async def processes(url: str, number: int, without=nobody):
    links = [RedisLink(url) for _ in range(number)]
    yield [SharedTurns(without, link) for link in links]
    for link in links:
        await link.close()


def test_one_at_a_time_in_the_order_of_arrival(server):
    order: list[int] = []
    arrived = asyncio.Event()

    async def visit(turns, number):
        async with turns.of("visitor"):
            order.append(number)
            if number == 0:
                await arrived.wait()

    async def work():
        async with processes(server.url, 4) as turns:
            waiting = []
            for number in range(4):
                waiting.append(asyncio.create_task(visit(turns[number], number)))
                queue = "bot:{visitor}:queue"
                while await turns[0]._link._redis.zcard(queue) <= number:
                    await asyncio.sleep(0)
            arrived.set()
            await asyncio.gather(*waiting)

    asyncio.run(work())
    assert order == [0, 1, 2, 3]


def test_visitors_do_not_wait_for_each_other(server):
    async def work():
        async with processes(server.url, 2) as (one, other), one.of("a"):
            assert await asyncio.wait_for(enter(other, "b"), 5)

    asyncio.run(work())


async def enter(turns, sender):
    async with turns.of(sender):
        return True


def test_whoever_died_with_the_turn_loses_it(server):
    async def work():
        async with processes(server.url, 2) as (one, other):
            dead = one.of("visitor")
            await dead.__aenter__()  # And is never left.
            assert await asyncio.wait_for(enter(other, "visitor"), 8)

    asyncio.run(work())


def test_whoever_gives_up_waiting_holds_nobody_up(server):
    async def work():
        async with processes(server.url, 3) as (one, impatient, other):
            async with one.of("visitor"):
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(enter(impatient, "visitor"), 0.1)
            assert await asyncio.wait_for(enter(other, "visitor"), 0.9)

    asyncio.run(work())


def test_without_redis_the_turn_is_waited_for_elsewhere_until_it_is_back():
    server = started(Redis)
    taken: list[str] = []

    @contextlib.asynccontextmanager
    async def elsewhere(sender):
        taken.append(sender)
        yield

    async def work():
        async with processes(server.url, 1, elsewhere) as (turns,):
            assert await enter(turns, "a")
            server.stop()
            assert await enter(turns, "b")
            assert await enter(turns, "c")
            server.start()
            while not turns._link.is_up:
                await asyncio.sleep(0.05)
            assert await enter(turns, "d")

    try:
        asyncio.run(work())
    finally:
        server.end()
    assert taken == ["b", "c"]
