"""Where this process keeps conversations, questions and the order of messages."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot import publishing, question_store
from bot.database import Database, SqliteDatabase
from bot.engine import conversations
from bot.engine.locks import LocalTurns, SharedTurns, Turns
from bot.errors import StoreError
from bot.publishing import Publication, Publisher
from bot.question_store import QuestionStore
from bot.redis_link import RedisLink
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.database.postgres import PostgresDatabase

_log = logging.getLogger(__name__)

# How long a start waits for its database.
_ATTEMPTS: Final = 15
_SECONDS_BETWEEN_ATTEMPTS: Final = 2.0
_SECONDS_FOR_A_MODEL: Final = 60.0


@dataclass(frozen=True)
class Stores:
    """What the settings choose: files of this machine, or what many processes share."""

    conversations: Database
    questions: QuestionStore | None
    turns: Turns
    redis: RedisLink | None = None
    publisher: Publisher | None = None


def open_stores(settings: Settings) -> Stores:
    """Open what the server keeps.

    Raises:
        StoreError: a file cannot be opened.

    """
    collects = settings.collect_questions
    redis = RedisLink(settings.redis_url) if settings.redis_url else None
    if settings.database_url:
        database = _postgres(settings)
        questions = QuestionStore(database, collects)
        turns = SharedTurns(database.turn, redis)
        return Stores(database, questions, turns, redis, open_publisher(settings))
    file = SqliteDatabase(settings.database, conversations.SCHEMA)
    keeps = collects or settings.questions.exists()  # What was kept before grows old too.
    kept = QuestionStore(_questions(settings), collects) if keeps else None
    return Stores(file, kept, SharedTurns(_no_turn, redis) if redis else LocalTurns(), redis)


@contextlib.asynccontextmanager
async def _no_turn(sender: str, seconds: float) -> AsyncIterator[None]:
    """Wait for nobody: SQLite has no such locks, and no turn is written twice all the same."""
    yield


def open_publisher(settings: Settings) -> Publisher:
    """Open what is published for all hosts; models are large, and may take their time."""
    return Publisher(_postgres(settings, _SECONDS_FOR_A_MODEL, 1), settings.published)


async def wait_for_database(
    settings: Settings, tell: Callable[[str], None], attempts: int = _ATTEMPTS
) -> None:
    """Wait until PostgreSQL answers, if it is used, and make its tables.

    Raises:
        StoreError: it does not, or refuses.

    """
    if not settings.database_url:
        return
    from bot.database.postgres import AwayError

    database = _postgres(settings)
    for attempts_left in reversed(range(attempts)):
        try:
            await database.prepare()
            break
        except StoreError as error:
            if not attempts_left or not isinstance(error, AwayError):
                told = f"Databasen går inte att använda. Se BOT_DATABASE_URL.\n{error}"
                raise StoreError(told) from error
            tell(f"Väntar på databasen … ({error})")
            await asyncio.sleep(_SECONDS_BETWEEN_ATTEMPTS)


async def latest_publication(settings: Settings) -> Publication | None:
    """Return what was published last, or the latest copy here if the database is away."""
    if not settings.database_url:
        return None
    publisher = open_publisher(settings)
    try:
        return await publisher.latest()
    except StoreError as error:
        _log.error("%s Den senaste publiceringen här används.", error)
        return publisher.here()
    finally:
        await publisher.close()


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


def _postgres(
    settings: Settings, patience_seconds: float = 5.0, most_connections: int = 8
) -> PostgresDatabase:
    from bot.database.postgres import PostgresDatabase  # Takes 0.1 s to import.

    schemas = conversations.SCHEMA, question_store.SCHEMA, publishing.SCHEMA
    return PostgresDatabase(
        settings.database_url,
        *schemas,
        patience_seconds=patience_seconds,
        most_connections=most_connections,
    )
