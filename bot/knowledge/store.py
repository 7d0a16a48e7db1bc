"""Serve the facts of this moment: reload what changed, never replace good by broken."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Final

from bot.errors import KnowledgeError
from bot.knowledge.loader import is_knowledge, knowledge_files, load_folder
from bot.knowledge.models import Knowledge
from bot.staff_files import content_of

_log = logging.getLogger(__name__)

# Of the name of a state of the facts or of a model.
_VERSION_LENGTH: Final = 12

_Signature = tuple[tuple[str, int, int, int], ...]


class KnowledgeStore:
    """The knowledge of a folder, read again when a file of it has changed.

    A folder that breaks its contract never replaces what is served: the last valid
    knowledge stays, the problems are logged once and kept in `error`. Valid files are
    copied to `last_valid`, which serves a start with broken files. `version` names what is
    served by its content.
    """

    def __init__(self, folder: Path, last_valid: Path | None = None) -> None:
        """Remember where to read. Nothing is read until `get` is called."""
        self._folder = folder
        self._last_valid = last_valid
        self._lock = threading.Lock()
        self._signature: _Signature | None = None
        self._knowledge: Knowledge | None = None
        self.error: KnowledgeError | None = None
        self.version = ""

    def serve(self, folder: Path) -> None:
        """Go on with the files of another folder."""
        with self._lock:
            self._folder = folder

    def current(self) -> Knowledge | None:
        """Return the knowledge if it is what the files hold, else None."""
        return self._knowledge if self._state() == self._signature else None

    def get(self) -> Knowledge:
        """Return the knowledge of this moment, read anew unless it is current.

        Raises:
            KnowledgeError: the files are broken and no valid ones were ever seen.

        """
        with self._lock:
            signature = self._state()
            if signature != self._signature:
                self._reload()
                self._signature = signature
        if self._knowledge is None:
            assert self.error is not None
            raise self.error
        return self._knowledge

    def _state(self) -> _Signature | None:
        """Return what the files are known by; a folder that is away counts as unchanged."""
        try:
            return _signature(self._folder)
        except OSError:
            return () if self._knowledge is None else self._signature

    def _reload(self) -> None:
        try:
            knowledge = load_folder(self._folder)
            self.version = _version(self._folder)
            _ = knowledge.names  # Nobody's message shall wait for the index.
            self._knowledge, self.error = knowledge, None
        except KnowledgeError as error:
            self.error = error
            if self._knowledge is not None:
                served = "Det som gällde förut gäller fortfarande."
            elif self._restore():
                served = "Den senaste hela versionen används."
            else:
                return  # Whoever asked for the knowledge is told.
            _log.error("Kunskapsfilerna går inte att använda. %s\n%s", served, error)
        else:
            self._keep()

    def _keep(self) -> None:
        """Copy the valid files, whole or not at all."""
        if self._last_valid is None:
            return
        try:
            self._last_valid.parent.mkdir(parents=True, exist_ok=True)
            # Processes that do this together do not see each other's halves.
            with tempfile.TemporaryDirectory(dir=self._last_valid.parent) as made:
                fresh, replaced = Path(made) / "fresh", Path(made) / "replaced"
                fresh.mkdir()
                for path in knowledge_files(self._folder):
                    shutil.copy2(path, fresh / path.name)
                with contextlib.suppress(FileNotFoundError):
                    self._last_valid.rename(replaced)
                with contextlib.suppress(OSError):  # Another process was first.
                    fresh.rename(self._last_valid)
        except OSError as error:
            _log.warning("Kunde inte spara en kopia av kunskapsfilerna: %s", error)

    def _restore(self) -> bool:
        if self._last_valid is None or not self._last_valid.is_dir():
            return False
        try:
            self._knowledge = load_folder(self._last_valid)
            self.version = _version(self._last_valid)
        except KnowledgeError:
            return False
        return True


def _version(folder: Path) -> str:
    """Return what the content of the files is known by."""
    return version_of(*map(content_of, knowledge_files(folder)))


def version_of(*contents: bytes) -> str:
    """Return a short name of some content, the same wherever it is."""
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:_VERSION_LENGTH]


def _signature(folder: Path) -> _Signature:
    """Return what tells one state of the files from another: names, times and sizes."""
    state = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_knowledge(entry.name):
                with contextlib.suppress(FileNotFoundError):  # It has just been taken away.
                    found = _stat(entry)
                    # With the time of a change of who may read it.
                    times = found.st_mtime_ns, found.st_ctime_ns
                    state.append((entry.name, *times, found.st_size))
    return tuple(sorted(state))


def _stat(entry: os.DirEntry[str]) -> os.stat_result:
    try:
        return entry.stat()
    except OSError:  # A link that leads nowhere: whoever reads it says so.
        return entry.stat(follow_symlinks=False)
