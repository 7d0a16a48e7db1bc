"""The order of each visitor's messages: one at a time, first come, first served.

In Rasa's lock stores, those who wait look once a second, and the one on Redis hands out a
ticket in two steps, between which another process may take the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from redis.exceptions import RedisError

from bot.errors import StoreError

if TYPE_CHECKING:
    from bot.redis_link import RedisLink

# Between two looks at whether it is our turn.
_SECONDS_BETWEEN_LOOKS: Final = 0.015
_SHARE_OF_THE_WAIT: Final = 0.05
# Whoever has given no sign for so long, be it in the queue or with the turn, has died and does
# not hold the others up. If it has not, what it would still write is stale.
_ALIVE_MILLISECONDS: Final = 1000
_SECONDS_BETWEEN_SIGNS: Final = 0.3
# In all. Whoever asked is told before the server gives up on the request (bot/connection.py).
_TURN_SECONDS: Final = 8.0
_TOO_LONG: Final = "Those before took too long."

# A queue for each visitor: who waits, in order of arrival, and until when each is taken for alive.
_TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('ZREM', KEYS[1], gone)
  redis.call('ZREM', KEYS[2], gone)
end
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
  redis.call('ZADD', KEYS[1], (last[2] or 0) + 1, ARGV[1])
end
redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], 60000)
redis.call('PEXPIRE', KEYS[2], 60000)
return redis.call('ZRANGE', KEYS[1], 0, 0)[1] == ARGV[1] and 1 or 0
"""
_LEAVE: Final = """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
"""


class Turns(ABC):
    """Whose turn it is in each conversation."""

    @abstractmethod
    def of(self, sender: str) -> AbstractAsyncContextManager[None]:
        """Return a context in which the visitor has no other message under way.

        Raises:
            StoreError: those before take too long.

        """


class LocalTurns(Turns):
    """The order within one process."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def of(self, sender: str) -> AsyncIterator[None]:
        """Hold the lock of a visitor."""
        lock = self._locks.setdefault(sender, asyncio.Lock())
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                await lock.acquire()
        except TimeoutError:
            raise StoreError(_TOO_LONG) from None
        try:
            yield
        finally:
            lock.release()


class SharedTurns(Turns):
    """The order among all processes, in Redis, or in the database while there is no Redis.

    While one process sees Redis and another does not, both may take a turn of the same
    conversation; the database then lets only one of them write (`StaleError`).
    """

    def __init__(
        self,
        without: Callable[[str, float], AbstractAsyncContextManager[None]],
        link: RedisLink | None,
    ) -> None:
        """Take how a turn is waited for without Redis, and Redis."""
        self._without = without
        self._link = link
        # Of one process, one at a time asks the others.
        self._here = LocalTurns()
        self._holding: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def of(self, sender: str) -> AsyncIterator[None]:
        """Wait for the turn of a visitor, and give it back."""
        end = time.monotonic() + _TURN_SECONDS
        async with self._here.of(sender), contextlib.AsyncExitStack() as held:
            if not await self._take_in_redis(sender, held, end):
                left = max(0.0, end - time.monotonic())
                await held.enter_async_context(self._without(sender, left))
            yield

    async def _take_in_redis(
        self, sender: str, held: contextlib.AsyncExitStack, end: float
    ) -> bool:
        """Wait for the turn; return whether Redis could give it."""
        if not self._link or not self._link.is_up:
            return False
        queue = _Queue(self._link, sender)
        try:
            async with asyncio.timeout(end - time.monotonic()):
                await queue.wait()
        except RedisError as error:
            self._link.lose(error)
            return False
        except TimeoutError:
            self._hold(queue).set()
            raise StoreError(_TOO_LONG) from None
        except asyncio.CancelledError:
            self._hold(queue).set()
            raise
        held.callback(self._hold(queue).set)
        return True

    def _hold(self, queue: _Queue) -> asyncio.Event:
        """Keep the place until the event is set, then give it back; nobody waits for that."""
        done = asyncio.Event()
        holding = asyncio.create_task(queue.stay(done))
        self._holding.add(holding)
        holding.add_done_callback(self._holding.discard)
        return done


class _Queue:
    """A place in the queue of a visitor."""

    def __init__(self, link: RedisLink, sender: str) -> None:
        self._link = link
        # One hash tag, so that a cluster of Redis keeps both together.
        self._keys = [f"bot:{{{sender}}}:queue", f"bot:{{{sender}}}:alive"]
        self._token = secrets.token_hex(8)

    async def wait(self) -> None:
        began = time.monotonic()
        while not await self._is_first():
            # Whoever has waited for long looks less often.
            waited = time.monotonic() - began
            await asyncio.sleep(max(_SECONDS_BETWEEN_LOOKS, _SHARE_OF_THE_WAIT * waited))

    async def stay(self, done: asyncio.Event) -> None:
        """Give signs of life until it is done, which is seldom long enough for one."""
        try:
            while not done.is_set():
                try:
                    await asyncio.wait_for(done.wait(), _SECONDS_BETWEEN_SIGNS)
                except TimeoutError:
                    await self._is_first()
            await self._link.run(_LEAVE, self._keys, [self._token])
        except RedisError as error:  # The place is taken away from us soon enough.
            self._link.lose(error)

    async def _is_first(self) -> bool:
        return bool(await self._link.run(_TAKE, self._keys, [self._token, _ALIVE_MILLISECONDS]))
