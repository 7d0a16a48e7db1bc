"""Wait for what is meant, however slow the machine is, and not for ever."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from pathlib import Path

# No test waits so long unless what it waits for does not come.
LONGEST_SECONDS = 120.0
_BETWEEN_LOOKS_SECONDS = 0.05


def wait_until[Found](look: Callable[[], Found], missing: str = "what was waited for") -> Found:
    """Look until there is something, and return it; fail when it does not come."""
    end = time.monotonic() + LONGEST_SECONDS
    while not (found := look()):
        assert time.monotonic() < end, f"{missing} did not come"
        time.sleep(_BETWEEN_LOOKS_SECONDS)
    return found


def put_in_the_place_of(path: Path, make: Callable[[], object]) -> None:
    """Take a file or folder away and make something else there, before a bot does."""

    def is_made() -> bool:
        if path.exists():
            path.rename(path.with_name(f"{path.name}-{uuid.uuid4().hex}"))
        try:
            make()
        except FileExistsError:  # The bot, which tries whether it can write, was quicker.
            return False
        return True

    wait_until(is_made, f"a place for another {path.name}")
