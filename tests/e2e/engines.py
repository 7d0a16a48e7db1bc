"""The servers of a test: skipped where they cannot be installed, never in CI."""

from __future__ import annotations

import os

import pytest

from bot.bench.engines import (
    Engine,
    MissingServerError,
    Nginx,
    Postgres,
    Redis,
    deployed_site,
)

__all__ = ["Engine", "Nginx", "Postgres", "Redis", "deployed_site", "started"]


def started(engine: type[Engine], *arguments: object) -> Engine:
    """Start a server; skip the test, or fail in CI, if it is not installed."""
    try:
        server = engine(*arguments)
        server.start()
    except MissingServerError as error:
        if os.environ.get("TEST_SERVERS") == "required":
            pytest.fail(str(error))
        pytest.skip(str(error))
    return server
