"""Whose turn it is, among processes that share a Redis."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot import redis_link
from bot.engine import locks
from bot.engine.locks import SharedTurns
from bot.redis_link import RedisLink
from bot.settings import ROOT
from tests.e2e.engines import Redis, started

# No test waits so long unless what it waits for does not come.
LONG = 60


@pytest.fixture(autouse=True)
def _slow_machines_are_borne_with(monkeypatch):
    """A Redis that is slow, since all of the machine is, is not taken for one that is away."""
    monkeypatch.setattr(redis_link, "_PATIENCE_SECONDS", float(LONG))


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    server = started(Redis)
    assert isinstance(server, Redis)
    yield server
    server.end()


@contextlib.asynccontextmanager
async def nobody(sender: str, seconds: float):
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
            assert await asyncio.wait_for(enter(other, "b"), LONG)

    asyncio.run(work())


async def enter(turns, sender):
    async with turns.of(sender):
        return True


HOLD = """
import asyncio, sys
from bot import redis_link
from bot.engine import locks
from bot.engine.locks import SharedTurns
from bot.redis_link import RedisLink

locks._ALIVE_MILLISECONDS = int(sys.argv[2])

async def hold():
    async with SharedTurns(None, RedisLink(sys.argv[1])).of("visitor"):
        print("held", flush=True)
        await asyncio.sleep(600)

asyncio.run(hold())
"""


def test_whoever_died_with_the_turn_loses_it(server, monkeypatch):
    monkeypatch.setattr(locks, "_TURN_SECONDS", LONG)
    # A machine that stops for so long does not make the holder look dead.
    alive = "3000"
    command = [sys.executable, "-c", HOLD, server.url, alive]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert holder.stdout.readline() == "held\n"

    async def work():
        async with processes(server.url, 1) as (other,):
            redis, signs = other._link._redis, "bot:{visitor}:alive"
            ((who, began),) = await redis.zrange(signs, 0, 0, withscores=True)
            entering = asyncio.create_task(enter(other, "visitor"))
            # Longer than one sign lasts.
            while (await redis.zscore(signs, who) or 0) < began + int(alive):
                await asyncio.sleep(0.05)
                assert not entering.done(), "the holder lives"
            holder.kill()
            holder.wait()
            assert await asyncio.wait_for(entering, LONG)

    try:
        asyncio.run(asyncio.wait_for(work(), 2 * LONG))
    finally:
        holder.kill()


def test_nothing_is_left_of_turns_that_ended_while_a_sign_was_given(server, monkeypatch):
    monkeypatch.setattr(locks, "_SECONDS_BETWEEN_SIGNS", 0.001)

    async def visit(turns, number):
        async with turns.of(f"visitor-{number}"):
            await asyncio.sleep(0.001 * (number % 5))

    async def work():
        async with processes(server.url, 1) as (turns,):
            await asyncio.gather(*(visit(turns, number) for number in range(300)))
            while turns._holding:  # Each gives its place back when it ends.
                await asyncio.wait(turns._holding)
            redis = turns._link._redis
            assert [key async for key in redis.scan_iter("bot:{visitor-*")] == []

    asyncio.run(asyncio.wait_for(work(), LONG))


def test_whoever_gives_up_waiting_holds_nobody_up(server, monkeypatch):
    # Nobody is taken for dead meanwhile: the place is given back, or never free.
    monkeypatch.setattr(locks, "_ALIVE_MILLISECONDS", 2000 * LONG)

    async def work():
        async with processes(server.url, 3) as (one, impatient, other):
            async with one.of("visitor"):
                waiting = asyncio.create_task(enter(impatient, "visitor"))
                while await one._link._redis.zcard("bot:{visitor}:queue") < 2:
                    await asyncio.sleep(0)
                waiting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await waiting
            assert await enter(other, "visitor")

    asyncio.run(asyncio.wait_for(work(), LONG))


def test_without_redis_the_turn_is_waited_for_elsewhere_until_it_is_back():
    server = started(Redis)
    taken: list[str] = []

    @contextlib.asynccontextmanager
    async def elsewhere(sender, seconds):
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
        asyncio.run(asyncio.wait_for(work(), LONG))
    finally:
        server.end()
    assert taken == ["b", "c"]
