"""What the bot asks of a database."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.errors import StoreError


class StaleError(StoreError):
    """What was to be changed has been changed by somebody else since it was read."""


@dataclass(frozen=True)
class Statement:
    """A statement that writes: its SQL with `?` for each value.

    With `must_change`, it is not enough that it runs: it must find a row to change.
    """

    query: str
    values: Sequence[Any] = ()
    must_change: bool = False


class Database(ABC):
    """Rows that last. All methods raise StoreError when the database does not do its work.

    Attributes:
        names: what the SQL of a schema is filled in with, since engines differ there.

    """

    names: ClassVar[Mapping[str, str]]

    @abstractmethod
    async def row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """Return one row of a quick query, None if there is none."""

    @abstractmethod
    async def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query that takes its time, beside other visitors' turns."""

    @abstractmethod
    async def commit(self, *statements: Statement) -> None:
        """Write all of it or nothing; when this returns, it is on the disk.

        Raises:
            StaleError: a statement that must change something found nothing.

        """

    @abstractmethod
    async def erase(self, *statements: Statement) -> None:
        """Delete, so that the text is gone as far as the engine can do that."""

    @abstractmethod
    async def check(self) -> None:
        """See whether the database answers."""

    async def now(self) -> float:
        """Return the time that all who use the database agree on."""
        return time.time()

    @abstractmethod
    async def close(self) -> None:
        """Let go of the database."""
