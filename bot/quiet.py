"""Keep the libraries' chatter out of what people read."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any

import structlog


def keep_quiet(level: str, as_json: bool = False) -> None:
    """Log errors and warnings of libraries, and `level` and up of our own.

    With `as_json`, each entry is a JSON object on a line of its own.

    Call it before Rasa is imported, which reads some of these settings only then.
    """
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    # One thread: two on a busy machine make small matrix products slower, not faster.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    _hide_warnings_of_libraries()
    logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if as_json:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(_json_formatter())
    # Rasa's own events hold what visitors write, down to their warnings.
    errors_only = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(
        wrapper_class=errors_only,
        # structlog knows only the stdout of its import, which may have been closed.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stdout),
    )
    # Each attempt to connect, each turn overtaken; those who wanted something say what came of it.
    for name in ("psycopg", "psycopg.pool"):
        logging.getLogger(name).setLevel("ERROR")
    for name in ("bot", "actions"):
        logging.getLogger(name).setLevel(level)


def _json_formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("message"),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _hide_warnings_of_libraries() -> None:
    """Hide warnings about code that is not ours. Libraries reset filters, but not this."""
    show = warnings.showwarning

    def show_ours(message: Any, category: Any, filename: str, *rest: Any, **more: Any) -> None:
        if "site-packages" not in filename and not filename.startswith("<"):
            show(message, category, filename, *rest, **more)

    warnings.showwarning = show_ours
