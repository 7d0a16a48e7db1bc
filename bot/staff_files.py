"""Which files staff have written, and what they hold: no more than a file of text can."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bot.errors import FileError, Problem

YAML: Final = (".yml", ".yaml")
# The largest of ours is a tenth of it.
_LARGEST_BYTES: Final = 4 * 1024 * 1024
_MEGABYTE: Final = 1024 * 1024
# What macOS, Emacs and office programs leave beside a file: "._a.yml", ".#a.yml", "~$a.yml".
_LEFT_BESIDE: Final = (".", "#", "~")
_KINDS: Final = (
    (stat.S_ISDIR, "en mapp"),
    (stat.S_ISFIFO, "ett rör (FIFO)"),
    (stat.S_ISSOCK, "ett uttag (socket)"),
    (lambda mode: stat.S_ISCHR(mode) or stat.S_ISBLK(mode), "en enhet"),
)
_REASONS: Final = {
    errno.ENOENT: "filen finns inte.",
    errno.ELOOP: "länken leder till sig själv. Ta bort den.",
    errno.EACCES: "boten får inte läsa filen. Ändra filens rättigheter.",
}


def is_staffs(name: str) -> bool:
    """Tell whether somebody meant to make a file of this name; hidden ones are made by programs."""
    return not name.startswith(_LEFT_BESIDE)


def staff_files(folder: Path, suffixes: Iterable[str], below: bool = False) -> list[Path]:
    """Return the files of a folder that staff have written, sorted.

    What has the name of one is returned whatever it is: whoever reads it is told what is wrong.

    Args:
        folder: where they are; none if there is no such folder.
        suffixes: how their names end.
        below: in folders below too.

    """
    found = folder.rglob("*") if below else folder.glob("*")
    return sorted(
        path
        for path in found
        if path.suffix in suffixes and all(map(is_staffs, path.relative_to(folder).parts))
    )


def content_of(path: Path) -> bytes:
    """Return what a file holds. What has no end, or is no file, is not even opened.

    Raises:
        FileError: it cannot be read.

    """
    try:
        wrong = _wrong_with(path)
        content = b"" if wrong else path.read_bytes()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        wrong = _REASONS.get(error.errno or 0, f"filen kan inte läsas ({reason}).")
    if wrong:
        raise FileError([Problem(shown(path), 0, "", wrong)])
    return content


def can_be_read(path: Path) -> bool:
    """Tell whether a path leads to a file of a size that can be read."""
    try:
        return not _wrong_with(path)
    except OSError:
        return False


def _wrong_with(path: Path) -> str | None:
    found = path.stat()
    for is_one, name in _KINDS:
        if is_one(found.st_mode):
            return f"det här är {name} och ingen fil. Ta bort det, eller ge det ett annat namn."
    if found.st_size > _LARGEST_BYTES:
        most = f"Högst {_LARGEST_BYTES // _MEGABYTE} MB läses."
        return f"filen är för stor. {most} Dela upp den, eller ta bort den."
    return None


def shown(path: Path) -> str:
    """Return the path as a person in the project's folder would write it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
