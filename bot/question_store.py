"""Keep what visitors asked in vain, without who asked, for at most 90 days."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.database import Database, Statement

DAYS_KEPT: Final = 90
SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS questions (
        id {number}, day TEXT NOT NULL, reason TEXT NOT NULL,
        text TEXT NOT NULL, nearest TEXT NOT NULL
    );
"""
_ADD: Final = "INSERT INTO questions (day, reason, text, nearest) VALUES (?, ?, ?, ?)"
_ALL: Final = "SELECT id, day, reason, text, nearest FROM questions WHERE day > ? ORDER BY id"
_DROP: Final = "DELETE FROM questions WHERE id = ?"
_EXPIRE: Final = "DELETE FROM questions WHERE day <= ?"
_ANY_EXPIRED: Final = "SELECT 1 FROM questions WHERE day <= ? LIMIT 1"
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
    """The questions of the latest 90 days."""

    def __init__(self, database: Database, collects: bool = True) -> None:
        """Take a database with `SCHEMA`; without `collects`, it only grows old."""
        self._database = database
        self.collects = collects

    async def add(
        self, text: str, reason: str, nearest: Sequence[str], day: date | None = None
    ) -> None:
        """Keep a question, personal data masked."""
        values = (str(day or date.today()), reason, text, json.dumps(list(nearest)[:_NEAREST]))
        await self._database.commit(Statement(_ADD, values))

    async def all(self, today: date | None = None) -> list[Question]:
        """Return the questions that are not too old, the oldest first."""
        return [
            Question(number, date.fromisoformat(day), reason, text, tuple(json.loads(nearest)))
            for number, day, reason, text, nearest in await self._database.rows(
                _ALL, _oldest(today)
            )
        ]

    async def drop(self, *numbers: int) -> None:
        """Forget questions."""
        await self._database.erase(*(Statement(_DROP, (number,)) for number in numbers))

    async def expire(self, today: date | None = None) -> None:
        """Forget what is too old."""
        oldest = _oldest(today)
        if await self._database.rows(_ANY_EXPIRED, oldest):
            await self._database.erase(Statement(_EXPIRE, (oldest,)))


def _oldest(today: date | None) -> str:
    return str((today or date.today()) - timedelta(days=DAYS_KEPT))
