"""Whose turn it is, among processes that share a Redis."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot.engine import locks
from bot.engine.locks import SharedTurns
from bot.redis_link import RedisLink
from bot.settings import ROOT
from tests.e2e.engines import Redis, started


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
            assert await asyncio.wait_for(enter(other, "b"), 5)

    asyncio.run(work())


async def enter(turns, sender):
    async with turns.of(sender):
        return True


HOLD = """
import asyncio, sys
from bot.engine import locks
from bot.engine.locks import SharedTurns
from bot.redis_link import RedisLink

async def hold():
    async with SharedTurns(None, RedisLink(sys.argv[1])).of("visitor"):
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(hold())
"""


def test_whoever_died_with_the_turn_loses_it(server):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, server.url], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert holder.stdout.readline() == "held\n"

    async def work():
        async with processes(server.url, 1) as (other,):
            with pytest.raises(asyncio.TimeoutError):  # Longer than one sign lasts.
                await asyncio.wait_for(enter(other, "visitor"), 1.5)
            holder.kill()
            holder.wait()
            assert await asyncio.wait_for(enter(other, "visitor"), 1.5)

    try:
        asyncio.run(work())
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
            redis = turns._link._redis
            for _ in range(50):
                left = [key async for key in redis.scan_iter("bot:{visitor-*")]
                if not left:
                    return
                await asyncio.sleep(0.01)
            raise AssertionError(f"{len(left)} queues are not empty")

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
        asyncio.run(work())
    finally:
        server.end()
    assert taken == ["b", "c"]
