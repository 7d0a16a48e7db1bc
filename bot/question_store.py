"""Keep what visitors asked in vain, without who asked, for at most 90 days."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from bot.errors import StoreError
from bot.settings import OWNER_ONLY

DAYS_KEPT: Final = 90
_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS questions (
        id INTEGER PRIMARY KEY, day TEXT NOT NULL, reason TEXT NOT NULL,
        text TEXT NOT NULL, nearest TEXT NOT NULL
    )
"""
_SETTINGS: Final = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
_ADD: Final = "INSERT INTO questions (day, reason, text, nearest) VALUES (?, ?, ?, ?)"
_ALL: Final = "SELECT id, day, reason, text, nearest FROM questions WHERE day > ? ORDER BY id"
_DROP: Final = "DELETE FROM questions WHERE id = ?"
_EXPIRE: Final = "DELETE FROM questions WHERE day <= ?"
_EMPTY_LOG: Final = "PRAGMA wal_checkpoint(TRUNCATE)"
NOT_UNDERSTOOD: Final = "not_understood"
THUMB_DOWN: Final = "thumb_down"
_NEAREST: Final = 3


@dataclass(frozen=True)
class Question:
    """One question: its text, why it is kept, and the intents that it resembles, nearest first."""

    id: int
    day: date
    reason: str
    text: str
    nearest: tuple[str, ...]


class QuestionStore:
    """The questions of the latest 90 days, in an SQLite file that its owner alone may read."""

    def __init__(self, database: Path) -> None:
        """Open the file, or make it.

        Raises:
            StoreError: it cannot be opened.

        """
        self._database = database
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            database.touch(mode=OWNER_ONLY)
            self._connection = sqlite3.connect(database, check_same_thread=False)
            for setting in _SETTINGS:
                self._connection.execute(f"PRAGMA {setting}")
            self._connection.execute(_SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"Frågorna kan inte sparas i {database}: {error}") from error

    def add(self, text: str, reason: str, nearest: Sequence[str], day: date | None = None) -> None:
        """Keep a question, personal data masked."""
        values = (str(day or date.today()), reason, text, json.dumps(list(nearest)[:_NEAREST]))
        self._write(_ADD, values)

    def all(self, today: date | None = None) -> list[Question]:
        """Return the questions that are not too old, the oldest first."""
        try:
            rows = self._connection.execute(_ALL, (_oldest(today),)).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"{self._database}: {error}") from error
        return [
            Question(number, date.fromisoformat(day), reason, text, tuple(json.loads(nearest)))
            for number, day, reason, text, nearest in rows
        ]

    def drop(self, number: int) -> None:
        """Forget a question."""
        self._write(_DROP, (number,))
        self._empty_log()

    def expire(self, today: date | None = None) -> None:
        """Forget what is too old; no file holds it any more when this returns."""
        if self._write(_EXPIRE, (_oldest(today),)):
            self._empty_log()

    def _write(self, statement: str, values: Sequence[Any]) -> int:
        try:
            with self._connection:
                return self._connection.execute(statement, values).rowcount
        except sqlite3.Error as error:
            raise StoreError(f"{self._database}: {error}") from error

    def _empty_log(self) -> None:
        self._connection.execute(_EMPTY_LOG).fetchall()


def _oldest(today: date | None) -> str:
    return str((today or date.today()) - timedelta(days=DAYS_KEPT))
