"""Figures for Prometheus: how many messages came, what became of them, how long they took.

No figure holds what anybody wrote, or who. Several processes of one machine count together
in files (PROMETHEUS_MULTIPROC_DIR, which `bot/cli.py` sets before this is imported).
"""

from __future__ import annotations

import functools
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from bot.settings import settings

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
ANSWERED: Final = "answered"
ASKED_BACK: Final = "asked_back"
NOT_UNDERSTOOD: Final = "not_understood"
FAILED: Final = "failed"
WAITING: Final = "waiting"
WHOLE: Final = "whole"
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_messages = Counter(
    "bot_messages", "Messages, by what they were taken for and what became of them.",
    ["intent", "outcome"],
)  # fmt: skip
_steps = Histogram(
    "bot_step_seconds", "How long each step of a turn took.", ["step"], buckets=_SECONDS
)
_limited = Counter("bot_rate_limited", "Requests refused because of a limit.", ["limit"])
_conversations = Gauge(
    "bot_conversations", "Conversations that are kept.", multiprocess_mode="mostrecent"
)
_serving = Gauge(
    "bot_serving", "1 for the model and the facts that answer now.", ["model", "facts"],
    multiprocess_mode="liveall",
)  # fmt: skip
_redis = Gauge(
    "bot_redis_down", "1 while Redis does not answer, and is done without.",
    multiprocess_mode="livemax",
)  # fmt: skip
_database = Gauge(
    "bot_database_down",
    "1 while conversations cannot be read or written.",
    multiprocess_mode="livemax",
)
_memory = Gauge(
    "bot_memory_bytes", "Memory that a process holds.", multiprocess_mode="liveall"
)  # fmt: skip
_began = Gauge(
    "bot_last_start_seconds", "When the youngest process of this host began, since 1970.",
    multiprocess_mode="max",
)  # fmt: skip
_disk = Gauge(
    "bot_disk_free_ratio", "How much of the disk that the bot writes to is free, 0 to 1.",
    multiprocess_mode="mostrecent",
)  # fmt: skip
_served: list[tuple[str, str]] = []


@functools.cache
def _timer(step: str) -> Histogram:
    return _steps.labels(step)


def count_message(intent: str, outcome: str) -> None:
    """Count a message that has been dealt with."""
    _messages.labels(intent, outcome).inc()


def count_refusal(limit: str) -> None:
    """Count a request that came too soon."""
    _limited.labels(limit).inc()


def time_step(step: str, seconds: float) -> None:
    """Note how long a step of a turn took."""
    _timer(step).observe(seconds)


def tell_conversations(number: int) -> None:
    """Say how many conversations are kept."""
    _conversations.set(number)


def tell_redis(is_up: bool) -> None:
    """Say whether Redis answers."""
    _redis.set(int(not is_up))


def tell_database(is_up: bool) -> None:
    """Say whether conversations can be read and written."""
    _database.set(int(not is_up))


def tell_start() -> None:
    """Say that this process begins."""
    _began.set(time.time())


def tell_host(folder: Path) -> None:
    """Say how much memory this process holds, and how full the disk of a folder is."""
    status = Path("/proc/self/statm")
    if status.exists():  # Not on macOS.
        _memory.set(int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    disk = shutil.disk_usage(folder)
    _disk.set(disk.free / disk.total if disk.total else 1.0)


def expect_intents(intents: Iterable[str]) -> None:
    """Begin to count at zero: the first message of a kind is no increase otherwise."""
    for intent in intents:
        _messages.labels(intent, ANSWERED)
    _messages.labels("", FAILED)


def tell_serving(model: str, facts: str) -> None:
    """Say which model and facts answer."""
    for before in _served:
        _serving.labels(*before).set(0)
    _served[:] = [(model, facts)]
    _serving.labels(model, facts).set(1)


def figures() -> bytes:
    """Return all figures of this machine's processes in the form that Prometheus reads."""
    if settings().workers == 1:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget_process(number: int) -> None:
    """Take a process that has ended out of the figures of those that run."""
    multiprocess.mark_process_dead(number)  # type: ignore[no-untyped-call]
