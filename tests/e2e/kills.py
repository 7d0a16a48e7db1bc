"""Kill a bot while visitors write, and start it again."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.visitors import Crowd

# A kill comes so many replies after the start, and a moment later within one.
FEWEST, MOST = 5, 60
LONGEST_MOMENT_SECONDS = 0.05


def kill_again_and_again(
    start: Callable[[], Any],
    crowd: Crowd,
    kills: int,
    seed: int,
    tell: Callable[[], object] = lambda: None,
) -> Any:
    """Start a bot and `kill -9` it so many times; return the last one, which lives.

    Args:
        start: starts it, each time on the same port and data folder, and waits for it.
        crowd: who writes to it all the time.
        kills: how many times.
        seed: of the moments.
        tell: called after each kill.

    """
    chance = random.Random(seed)
    bot = start()
    for _ in range(kills):
        crowd.wait_for(chance.randint(FEWEST, MOST))
        time.sleep(chance.uniform(0, LONGEST_MOMENT_SECONDS))
        bot.kill()
        tell()
        bot = start()
    return bot


def stored(database: Path) -> set[tuple[str, str]]:
    """Return sender and message id of every answer that a bot has kept."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return set(connection.execute("SELECT sender, message_id FROM answers"))
