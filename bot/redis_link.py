"""The connection to Redis, and whether there is one just now."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Sequence
from typing import Any, Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from bot import metrics

_log = logging.getLogger(__name__)

# So long may one message wait for a Redis that has gone; those after it do not wait.
_PATIENCE_SECONDS: Final = 0.5
_SECONDS_BETWEEN_ATTEMPTS: Final = 1.0
# One that does not take what turns and limits write is of no use.
_TRIED: Final = ("bot:{try}", "LIMITS:{try}")
_TRY: Final = "for _, key in ipairs(KEYS) do redis.call('SET', key, 1, 'PX', 1000) end"
_MOST_CONNECTIONS: Final = 50


class RedisLink:
    """Redis while it answers; when it does not, it is asked again in the background.

    Attributes:
        url: where it is.
        pool: the connections to it.
        is_up: whether it answered when it was last asked.

    """

    def __init__(self, url: str) -> None:
        """Take where it is: redis://user:password@host:6379/0. Nothing is connected yet."""
        self.url = url
        self.pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_MOST_CONNECTIONS,
            timeout=_PATIENCE_SECONDS,
            socket_timeout=_PATIENCE_SECONDS,
            socket_connect_timeout=_PATIENCE_SECONDS,
        )
        self._redis: Redis = Redis(connection_pool=self.pool)
        self._script = functools.lru_cache(maxsize=None)(self._registered)
        self._returning: asyncio.Task[None] | None = None
        self.is_up = True
        metrics.tell_redis(True)

    async def run(self, script: str, keys: Sequence[str], values: Sequence[Any]) -> Any:
        """Run a script in Redis, which does all of it or nothing.

        Raises:
            RedisError: it did not answer.

        """
        return await self._script(script)(keys=keys, args=values)

    def lose(self, error: Exception) -> None:
        """Do without Redis until it answers again."""
        if self.is_up:
            self.is_up = False
            metrics.tell_redis(False)
            _log.error(
                "Redis svarar inte som det ska (%s). Se BOT_REDIS_URL. Så länge håller databasen "
                "ordningen, och varje process räknar meddelanden för sig.",
                type(error).__name__,
            )
            self._returning = asyncio.create_task(self._return())

    async def close(self) -> None:
        """Let go of all connections."""
        if self._returning:
            self._returning.cancel()
        await self.pool.disconnect()

    async def _return(self) -> None:
        while not self.is_up:
            await asyncio.sleep(_SECONDS_BETWEEN_ATTEMPTS)
            try:
                await self.run(_TRY, _TRIED, [])
            except RedisError:
                continue
            self.is_up = True
            metrics.tell_redis(True)
            _log.warning("Redis svarar igen.")

    def _registered(self, script: str) -> AsyncScript:
        return self._redis.register_script(script)
