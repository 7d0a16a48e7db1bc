"""Import a module as if only what requirements/runtime.lock holds were installed.

    python tests/only_what_serves.py bot.server

Not a test itself: tests/test_stubs.py runs it.
"""

import importlib
import re
import sys
from importlib.machinery import PathFinder
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


LOCK = (ROOT / "requirements" / "runtime.lock").read_text(encoding="utf-8")
LOCKED = set(map(_plain, re.findall(r"^([\w.-]+)==", LOCK, re.MULTILINE)))
LEFT_OUT = {
    module
    for module, packages in packages_distributions().items()
    if not LOCKED & set(map(_plain, packages))
}


class _Finder(PathFinder):
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        return None if fullname in LEFT_OUT else PathFinder.find_spec(fullname, path, target)


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    sys.meta_path[sys.meta_path.index(PathFinder)] = _Finder
    importlib.import_module(sys.argv[1])
