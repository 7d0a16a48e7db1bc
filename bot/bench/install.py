"""Install a lock file into an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from bot.settings import ROOT, environment


def install(lock: Path, place: Path, python: str) -> None:
    """Make the environment anew, with a version of Python and what the lock file holds."""
    uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    variables = environment(UV_SYSTEM_CERTS="1", UV_LINK_MODE="copy")
    make = ["venv", "-q", "--clear", "--python", python, str(place)]
    fill = ["pip", "sync", "-q", "--python", str(place), "--compile-bytecode"]
    for arguments in (make, [*fill, "--require-hashes", str(lock)]):
        subprocess.run([uv, *arguments], check=True, env=variables)
