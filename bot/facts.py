"""The knowledge that this process serves."""

from __future__ import annotations

import functools

from bot.knowledge import Knowledge, KnowledgeStore
from bot.settings import settings


@functools.lru_cache(maxsize=1)
def store() -> KnowledgeStore:
    """Return the store over the unit's folder, one a process."""
    return KnowledgeStore(settings().knowledge_dir, settings().last_valid_knowledge)


def current() -> Knowledge:
    """Return the facts of this moment."""
    return store().get()
