"""Keep Rasa's and TensorFlow's chatter out of what people read."""

from __future__ import annotations

import logging
import os
import warnings

import structlog


def keep_quiet(level: str) -> None:
    """Log warnings of libraries and `level` and up of our own.

    Call it before Rasa is imported: TensorFlow reads its settings at import.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    # One thread: two on a busy machine make small matrix products slower, not faster.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=FutureWarning)
    warnings.filterwarnings("ignore", category=UserWarning, module="rasa")
    logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Rasa's own events hold what visitors write, down to their warnings.
    errors_only = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=errors_only)
    for name in ("bot", "actions"):
        logging.getLogger(name).setLevel(level)
