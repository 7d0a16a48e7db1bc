"""Train the model when it is older than what it was made of."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bot.dialogue.turn_files import digest_of_turns
from bot.errors import ModelError
from bot.facts import current
from bot.nlu_files import nlu_files
from bot.settings import ROOT, settings
from bot.staff_files import content_of

_log = logging.getLogger(__name__)

_UNIT: Final = settings().unit_dir
MODEL: Final = _UNIT / "models" / "bot.tar.gz"
_MADE_OF: Final = MODEL.with_suffix(".sha256")
_CODE: Final = MODEL.with_suffix(".code.sha256")
# What decides by what was learned, and is no part of it.
_NOT_LEARNED: Final = ("policy", "resolver", "turn_encoder", "form", "forms", "talk")
_RASAS: Final = "rasa.engine.training.hooks"
_OURS: Final = ("bot.nlu.encoder",)
_BEGINS: Final = re.compile(r"Starting to train component '(\w+)'")


def is_current() -> bool:
    """Tell whether the model was trained on the files as they are."""
    return MODEL.exists() and _MADE_OF.exists() and _MADE_OF.read_text() == fingerprint()


def train(tell: Callable[[str], object]) -> Path:
    """Train a new model and put it in the place of the old one.

    The old model stays if training fails. `tell` is called with a line at each step.

    Raises:
        ModelError: the training failed.

    """
    from rasa.model_training import train as train_with_rasa

    made_of = fingerprint()
    printed = io.StringIO()
    try:
        with _tell_progress(tell), contextlib.redirect_stdout(printed):
            # Rasa knows when data has changed, but not when code that its components use has.
            result = train_with_rasa(
                domain=str(_UNIT / "domain.yml"),
                config=str(ROOT / "config.yml"),
                training_files=[str(_UNIT / "data")],
                output=str(MODEL.parent),
                fixed_model_name="new",
                force_training=_code_changed(),
            )
    except Exception as error:
        _log.debug("The training failed.", exc_info=True)
        raise ModelError(
            f"Träningen misslyckades, och modellen är som den var. {error}\n{printed.getvalue()}"
        ) from error
    if result.model is None:
        raise ModelError(f"Träningen gav ingen modell.\n{printed.getvalue()}")
    # Whoever is killed between these leaves a model that is trained anew, never a false claim.
    _MADE_OF.unlink(missing_ok=True)
    os.replace(result.model, MODEL)
    _MADE_OF.write_text(made_of)
    _CODE.write_text(_digest(_code_files()))
    return MODEL


@contextlib.contextmanager
def _tell_progress(tell: Callable[[str], object]) -> Iterator[None]:
    """Call `tell` with what Rasa and our components log of their progress, in Swedish."""

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            begins = _BEGINS.search(record.getMessage())
            if begins:
                tell(f"tränar {begins.group(1)} …")
            elif record.name in _OURS:
                tell(record.getMessage())

    listener = Listener()
    logs = [logging.getLogger(name) for name in (_RASAS, *_OURS)]
    before = [(log.level, log.propagate) for log in logs]
    for log in logs:
        log.addHandler(listener)
        log.setLevel(logging.INFO)
        log.propagate = False
    try:
        yield
    finally:
        for log, (level, propagate) in zip(logs, before, strict=True):
            log.removeHandler(listener)
            log.setLevel(level)
            log.propagate = propagate


def _code_changed() -> bool:
    return not _CODE.exists() or _CODE.read_text() != _digest(_code_files())


def fingerprint() -> str:
    """Return a digest of the files and of the intents that the knowledge brings.

    The wording of facts is left out: it needs no training. What a claim says is learned.
    """
    files = [
        ROOT / "config.yml",
        _UNIT / "domain.yml",
        _UNIT / "data" / "rules.yml",
        *nlu_files(_UNIT / "data" / "nlu"),
        *_code_files(),
    ]
    return _digest(files, ",".join((*current().intents, digest_of_turns())))


def _code_files() -> Iterator[Path]:
    yield from (ROOT / "bot" / "nlu").glob("*.py")
    for kind in ("*.py", "*.yml"):
        dialogue = (ROOT / "bot" / "dialogue").glob(kind)
        yield from (path for path in dialogue if path.stem not in _NOT_LEARNED)
    yield from (ROOT / "bot" / "language").glob("*.*")
    yield from (ROOT / "bot" / "nlu" / "danger_texts").glob("*.yml")
    yield ROOT / "bot" / "importer.py"
    yield ROOT / "requirements" / "runtime.lock"


def _digest(files: list[Path] | Iterator[Path], more: str = "") -> str:
    digest = hashlib.sha256(more.encode())
    # By name: the unit's folder may lie anywhere.
    for path in sorted(files, key=lambda path: (path.name, path.parent.name)):
        digest.update(path.name.encode())
        digest.update(content_of(path))
    return digest.hexdigest()
