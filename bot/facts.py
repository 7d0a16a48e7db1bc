"""The knowledge that this process serves."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator
from contextvars import ContextVar

from bot.knowledge import Knowledge, KnowledgeStore
from bot.settings import settings

_of_this_turn: ContextVar[Knowledge | None] = ContextVar("knowledge", default=None)


@functools.lru_cache(maxsize=1)
def store() -> KnowledgeStore:
    """Return the store over the unit's folder, one a process."""
    return KnowledgeStore(settings().knowledge_dir, settings().last_valid_knowledge)


def current() -> Knowledge:
    """Return the facts of this moment; within a turn, those that it began with."""
    return _of_this_turn.get() or store().get()


@contextlib.asynccontextmanager
async def one_turn() -> AsyncIterator[None]:
    """Keep to one state of the facts: the newest, read beside other visitors' turns."""
    knowledge = store().current() or await asyncio.to_thread(store().get)
    token = _of_this_turn.set(knowledge)
    try:
        yield
    finally:
        _of_this_turn.reset(token)
