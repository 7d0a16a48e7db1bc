"""PostgreSQL: what many processes on many machines share."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import time
from collections.abc import AsyncIterator, Awaitable
from typing import Any, ClassVar, Final

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from bot.database.base import Database, StaleError, Statement
from bot.errors import StoreError

_log = logging.getLogger(__name__)

# A message may wait so long for a connection, and then for what it asks.
_CONNECT_SECONDS: Final = 2.0
_PATIENCE_SECONDS: Final = 5.0
# Of a process. PostgreSQL takes 100 in all unless it is told otherwise.
_MOST_CONNECTIONS: Final = 8
# One that nobody has used for so long is let go: others may need it.
_IDLE_SECONDS: Final = 30.0
# Of a connection of the turns' own; whoever waits has less patience.
_TURN_SECONDS: Final = 10.0
_WAITING_LONG: Final = f"SET LOCAL statement_timeout = {int(1000 * _TURN_SECONDS)}".encode()
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_SECONDS_BETWEEN_REASONS: Final = 30.0
# Any number of our own: processes that start together make the tables one at a time.
_MAKING_TABLES: Final = 7_213_905


class PostgresDatabase(Database):
    """A database that answers again by itself when it has been away."""

    names: ClassVar = {
        "without_rowid": "",
        "number": "INTEGER PRIMARY KEY GENERATED ALWAYS AS IDENTITY",
    }

    def __init__(
        self,
        url: str,
        *schemas: str,
        patience_seconds: float = _PATIENCE_SECONDS,
        most_connections: int = _MOST_CONNECTIONS,
    ) -> None:
        """Take where it is; nothing is connected before the first use.

        Args:
            url: postgresql://user:password@host/name, with options as libpq has them.
            schemas: statements that make the tables if they are missing.
            patience_seconds: how long a query or a commit may take.
            most_connections: at once; as many more for turns that are waited for.

        """
        self._patience = patience_seconds
        self._most = most_connections
        self._schema = "".join(schemas).format(**self.names)
        self._options: dict[str, Any] = {
            "autocommit": True,
            "connect_timeout": int(_CONNECT_SECONDS),
            "application_name": "bot",
            # Else a database in SQL_ASCII gives bytes for text.
            "client_encoding": "utf8",
            # A host that is gone without a word is noticed.
            "tcp_user_timeout": int(1000 * patience_seconds),
            **conninfo_to_dict(url),
        }
        self._is_prepared = False
        self._ask_again = 0.0
        self._ending: set[asyncio.Future[Any]] = set()
        self._connections = self._pool(least=1, seconds=_CONNECT_SECONDS)
        # Of its own: whoever waits for a turn must not keep a turn from being written.
        alive = AsyncConnectionPool.check_connection
        self._turns = self._pool(least=0, seconds=_TURN_SECONDS, check=alive)

    def _pool(
        self, least: int, seconds: float, check: Any = None
    ) -> AsyncConnectionPool[AsyncConnection[Any]]:
        return AsyncConnectionPool(
            min_size=least,
            max_size=self._most,
            open=False,
            timeout=seconds,
            max_idle=_IDLE_SECONDS,
            # Each message tries anew; nobody waits for a pause between attempts to end.
            reconnect_timeout=_CONNECT_SECONDS,
            configure=self._configure,
            check=check,
            kwargs=self._options,
        )

    async def prepare(self) -> None:
        """Make the tables if they are missing.

        Raises:
            AwayError: the database does not answer, or lets nobody in.
            StoreError: it does, but the tables cannot be made.

        """
        try:
            async with await AsyncConnection.connect(**self._options) as connection:
                await asyncio.wait_for(self._configure(connection), self._patience)
        except TimeoutError:
            raise AwayError("PostgreSQL: no answer in time") from None
        except psycopg.OperationalError as error:
            raise AwayError(f"PostgreSQL: {_said(error)}") from None
        except psycopg.Error as error:
            raise StoreError(f"PostgreSQL: {_said(error)}") from None

    async def _configure(self, connection: AsyncConnection[Any]) -> None:
        limit = f"SET statement_timeout = {int(1000 * self._patience)}"
        await connection.execute(limit.encode())
        if not self._is_prepared:
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_MAKING_TABLES])
                await connection.execute(self._schema)
            self._is_prepared = True

    async def row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """Return one row of a quick query, None if there is none."""
        rows = await self.rows(query, *values)
        return rows[0] if rows else None

    async def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query; asked twice if the connection was an old, dead one."""
        try:
            return await self._in_time(self._rows(query, values))
        except _ConnectionLostError:
            # The others are as old: those that are dead go, so that a commit finds a good one.
            await self._in_time(self._connections.check())
            return await self._in_time(self._rows(query, values))

    async def _rows(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        async with self._connections.connection() as connection:
            cursor = await connection.execute(_translated(query), values)
            return await cursor.fetchall()

    async def commit(self, *statements: Statement) -> None:
        """Write all of it or nothing."""
        await self._in_time(self._commit(statements))

    async def _commit(self, statements: tuple[Statement, ...]) -> None:
        try:
            # One journey, which is a transaction of its own.
            async with self._connections.connection() as connection, connection.pipeline():
                for one in statements:
                    query = _that_changes(one.query) if one.must_change else _translated(one.query)
                    # Prepared ones are lost to the server, but not to psycopg, if one before fails.
                    await connection.execute(query, one.values, prepare=False)
        except psycopg.errors.DivisionByZero:
            raise StaleError("changed by another") from None
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
            raise StaleError(f"in the way of another: {_said(error)}") from None

    async def erase(self, *statements: Statement) -> None:
        """Delete; PostgreSQL overwrites the space in its own time (docs/privacy.md)."""
        await self.commit(*statements)

    async def now(self) -> float:
        """Return the time of the database, which all hosts share."""
        ((seconds,),) = await self.rows("SELECT extract(epoch FROM clock_timestamp())")
        return float(seconds)

    async def check(self) -> None:
        """See whether the database answers, and takes what is written."""
        if await self.row("SELECT 1 WHERE current_setting('transaction_read_only') = 'on'"):
            raise StoreError("PostgreSQL: nothing can be written")

    @contextlib.asynccontextmanager
    async def turn(self, name: str, seconds: float) -> AsyncIterator[None]:
        """Hold a lock of this name, which any process that asks for it waits for so long."""
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done = asyncio.Event()
        holding = asyncio.create_task(self._hold(name, taken, done))
        self._ending.add(holding)
        holding.add_done_callback(self._ended)
        try:
            await self._in_time(taken, seconds)
            yield
        finally:
            done.set()  # Nobody waits until it is given back.
            if taken.cancelled():
                holding.cancel()

    async def _hold(self, name: str, taken: asyncio.Future[None], done: asyncio.Event) -> None:
        try:
            await self.check()  # Fails sooner than a connection of the turns' own.
            await self._open(self._turns)
            async with self._turns.connection() as connection, connection.transaction():
                await connection.execute(_WAITING_LONG)
                await connection.execute(_LOCK, [name])
                taken.set_result(None)
                await done.wait()
        except Exception as error:
            if not taken.done():
                taken.set_exception(error)
            # Else it is gone with its connection, and what has been written stands.

    async def close(self) -> None:
        """Let go of all connections."""
        await self._connections.close()
        await self._turns.close()

    async def _open(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        if pool.closed:
            await pool.open()

    async def _in_time[Result](
        self, work: Awaitable[Result], seconds: float | None = None
    ) -> Result:
        await self._open(self._connections)
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait(
                {task}, timeout=self._patience if seconds is None else seconds
            )
            if not done:
                raise StoreError("PostgreSQL: no answer in time")
            return task.result()
        # Without the errors themselves: their details may hold what somebody wrote.
        except PoolTimeout as error:
            self._ask_why()
            raise StoreError(f"PostgreSQL: {_said(error)}") from None
        except psycopg.errors.QueryCanceled as error:
            raise StoreError(f"PostgreSQL: {_said(error)}") from None
        except psycopg.errors.UndefinedTable as error:
            self._is_prepared = False  # The database was made anew.
            await self.prepare()
            raise _ConnectionLostError(f"PostgreSQL: {_said(error)}") from None
        except psycopg.OperationalError as error:
            raise _ConnectionLostError(f"PostgreSQL: {_said(error)}") from None
        except psycopg.Error as error:
            raise StoreError(f"PostgreSQL: {_said(error)}") from None
        finally:
            if not task.done():
                # To tell the server so may take as long again; nobody waits for that.
                task.cancel()
                self._ending.add(task)
                task.add_done_callback(self._ended)

    def _ask_why(self) -> None:
        """Log why no connection is given, which the pool does not say; not at each message."""
        if time.monotonic() < self._ask_again:
            return
        self._ask_again = time.monotonic() + _SECONDS_BETWEEN_REASONS
        task = asyncio.create_task(self._log_why())
        self._ending.add(task)
        task.add_done_callback(self._ended)

    async def _log_why(self) -> None:
        try:
            await self.prepare()
        except StoreError as error:
            _log.error("Databasen går inte att använda. Se BOT_DATABASE_URL. %s", error)

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._ending.discard(task)
        if not task.cancelled():
            task.exception()  # Nobody asks any more.


class AwayError(StoreError):
    """A database that may answer later."""


class _ConnectionLostError(StoreError):
    """The database has hung up."""


def _said(error: BaseException) -> str:
    # The details might hold what somebody wrote.
    short = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return short or " ".join(str(error).split()) or "no answer in time"


@functools.cache
def _that_changes(query: str) -> Any:
    """Return a statement that fails, and its transaction with it, unless it changes a row."""
    return f"WITH changed AS ({_translated(query)} RETURNING 1) SELECT 1 / count(*) FROM changed"


@functools.cache
def _translated(query: str) -> Any:
    return query.replace("?", "%s")
