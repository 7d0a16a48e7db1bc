"""An SQLite file: nothing to start, nothing to look after."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar, Final

from bot.database.base import Database, StaleError, Statement
from bot.errors import StoreError
from bot.settings import OWNER_ONLY

_log = logging.getLogger(__name__)

# Commits last through a power cut, deleted text is unreadable, and readers need not wait.
_SETTINGS: Final = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
# Deleted text leaves the log of recent writes too.
_EMPTY_LOG: Final = "PRAGMA wal_checkpoint(TRUNCATE)"
# How long another process may keep the file locked.
_PATIENCE_SECONDS: Final = 5.0


class SqliteDatabase(Database):
    """A file that its owner alone may read, or a database in memory."""

    names: ClassVar = {
        "without_rowid": "WITHOUT ROWID",
        "number": "INTEGER PRIMARY KEY AUTOINCREMENT",
    }

    def __init__(self, file: Path | None, schema: str) -> None:
        """Open the file, or make it.

        Args:
            file: where it is; None for memory.
            schema: statements that make the tables if they are missing.

        Raises:
            StoreError: it cannot be opened.

        """
        self._path = file
        self._schema = schema.format(**self.names)
        self._open()
        self._thread = ThreadPoolExecutor(1, "database")
        self._waiting: list[tuple[Sequence[Statement], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """Return one row of a quick query, None if there is none."""
        try:
            found: tuple[Any, ...] | None = self._reader.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: {error}") from error
        return found

    async def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query that takes its time, beside other visitors' turns."""

        def all_rows() -> list[tuple[Any, ...]]:
            # To the last row: a statement that is still open keeps others from committing.
            return self._writer.execute(query, values).fetchall()

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, all_rows)
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: {error}") from error

    async def commit(self, *statements: Statement) -> None:
        """Write all of it or nothing, together with what others write at the moment."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((statements, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await written

    async def erase(self, *statements: Statement) -> None:
        """Delete; when this returns, the text is in no file of the database."""
        await self.commit(*statements)
        await self.rows(_EMPTY_LOG)

    async def check(self) -> None:
        """See whether the file can be read."""
        await self.row("SELECT count(*) FROM sqlite_master")

    async def close(self) -> None:
        """Close the file when what is being written has been."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)

    def _open(self) -> None:
        self._writer = _opened(self._path, _PATIENCE_SECONDS, self._schema)
        # Readers of the file never wait for its writer.
        self._reader = _opened(self._path, 0.0, self._schema) if self._path else self._writer
        self._file = _identity(self._path)

    def _close(self) -> None:
        self._writer.close()
        self._reader.close()

    async def _write_all(self) -> None:
        """Write what waits, together: the disk takes as long for one as for many."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                work = [statements for statements, _ in batch]
                problems = await loop.run_in_executor(self._thread, self._write, work)
            except Exception as error:  # Whatever it is, nobody may wait for ever.
                problems = [error] * len(batch)
            for (_, written), problem in zip(batch, problems, strict=True):
                if written.done():  # Whoever waited has left.
                    continue
                if problem:
                    written.set_exception(problem)
                else:
                    written.set_result(None)

    def _write(self, batch: list[Sequence[Statement]]) -> list[Exception | None]:
        """Write each that can be written, and return what was wrong with the others."""
        try:
            if self._file != _identity(self._path):
                # Somebody took the file away; what is written to it would be lost.
                _log.error("%s is another file than before, and is opened anew.", self._path)
                self._open()
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                problems = [self._write_one(statements) for statements in batch]
                self._writer.execute("COMMIT")
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self._path}: {error}") from error
        return problems

    def _write_one(self, statements: Sequence[Statement]) -> Exception | None:
        problem = None
        self._writer.execute("SAVEPOINT one")
        for statement in statements:
            changed = self._writer.execute(statement.query, statement.values).rowcount
            if statement.must_change and not changed:
                self._writer.execute("ROLLBACK TO one")
                problem = StaleError(f"{self._path}: changed by another")
                break
        self._writer.execute("RELEASE one")
        return problem


def _opened(file: Path | None, patience_seconds: float, schema: str) -> sqlite3.Connection:
    try:
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)
            # Its log and index get the same permissions.
            file.touch(mode=OWNER_ONLY)
        connection = sqlite3.connect(
            file or ":memory:",
            timeout=patience_seconds,
            check_same_thread=False,
            isolation_level=None,
        )
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        connection.executescript(schema)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"Det går inte att spara i {file}: {error}") from error
    return connection


def _identity(file: Path | None) -> tuple[int, int] | None:
    """Return what tells one file from another that has taken its name."""
    if not file:
        return None
    try:
        stat = file.stat()
    except FileNotFoundError:
        return None
    return stat.st_dev, stat.st_ino
