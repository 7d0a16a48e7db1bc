"""Where conversations and questions are kept: one SQLite file each, or a PostgreSQL for all."""

from bot.database.base import Database, StaleError, Statement
from bot.database.sqlite import SqliteDatabase

__all__ = ["Database", "SqliteDatabase", "StaleError", "Statement"]
