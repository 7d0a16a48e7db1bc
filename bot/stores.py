"""Where this process keeps conversations, questions and the order of messages."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import question_store
from bot.database import Database, SqliteDatabase
from bot.engine import conversations
from bot.engine.locks import LocalTurns, SharedTurns, Turns
from bot.question_store import QuestionStore
from bot.redis_link import RedisLink
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.database.postgres import PostgresDatabase


@dataclass(frozen=True)
class Stores:
    """What the settings choose: files of this machine, or what many processes share."""

    conversations: Database
    questions: QuestionStore | None
    turns: Turns
    redis: RedisLink | None = None


def open_stores(settings: Settings) -> Stores:
    """Open what the server keeps.

    Raises:
        StoreError: a file cannot be opened.

    """
    collects = settings.collect_questions
    if settings.database_url:
        database = _postgres(settings)
        redis = RedisLink(settings.redis_url) if settings.redis_url else None
        questions = QuestionStore(database, collects)
        return Stores(database, questions, SharedTurns(database, redis), redis)
    file = SqliteDatabase(settings.database, conversations.SCHEMA)
    keeps = collects or settings.questions.exists()  # What was kept before grows old too.
    kept = QuestionStore(_questions(settings), collects) if keeps else None
    return Stores(file, kept, LocalTurns())


@contextlib.asynccontextmanager
async def open_questions(settings: Settings) -> AsyncIterator[QuestionStore]:
    """Open what visitors asked in vain, for a command."""
    database: Database = _postgres(settings) if settings.database_url else _questions(settings)
    try:
        yield QuestionStore(database)
    finally:
        await database.close()


def _questions(settings: Settings) -> Database:
    return SqliteDatabase(settings.questions, question_store.SCHEMA)


def _postgres(settings: Settings) -> PostgresDatabase:
    from bot.database.postgres import PostgresDatabase  # Takes 0.1 s to import.

    return PostgresDatabase(settings.database_url, conversations.SCHEMA, question_store.SCHEMA)
