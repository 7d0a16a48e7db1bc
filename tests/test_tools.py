"""The scripts behind make that need not be asked of the whole project."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURL = re.compile(r"pkg:pypi/([a-z0-9.-]+)@([^?]+)")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that needs one package, which nobody has but a folder of wheels."""
    copy = tmp_path / "project"
    (copy / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "setup", copy / "tools")
    for name in (".python-version", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "stubs", copy / "stubs")
    uv = shutil.which("uv") or ROOT / ".tools" / "bin" / "uv"
    (copy / ".tools" / "bin").mkdir(parents=True)
    (copy / ".tools" / "bin" / "uv").symlink_to(uv)
    wheel = tmp_path / "wheels" / "nowhere_else-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    info = "nowhere_else-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("nowhere_else.py", "")
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: nowhere-else\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (copy / "requirements").mkdir()
    lock = copy / "requirements" / "runtime.lock"
    lock.write_text(f"nowhere-else==1.0 \\\n    --hash=sha256:{digest}\n")
    return copy


def set_up(project: Path, wheels: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.base_prefix) / "bin"), os.environ["PATH"]])
    return subprocess.run(
        [project / "tools" / "setup", "runtime"],
        env={"HOME": str(project), "PATH": path, "WHEELS": wheels},
        capture_output=True,
        text=True,
    )


def test_a_folder_of_wheels_is_all_that_is_needed(project):
    done = set_up(project, "../wheels")
    assert done.returncode == 0, done.stderr
    python = project / ".venv" / "bin" / "python"
    assert subprocess.run([python, "-c", "import nowhere_else"]).returncode == 0


def test_what_is_not_in_the_folder_or_is_another_file_is_not_installed(project, tmp_path):
    (tmp_path / "empty").mkdir()
    lacking = set_up(project, str(tmp_path / "empty"))
    assert lacking.returncode == 1
    assert "gick inte att installera" in lacking.stderr
    (wheel,) = (tmp_path / "wheels").iterdir()
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("something_else.py", "")
    changed = set_up(project, str(tmp_path / "wheels"))
    assert changed.returncode == 1
    assert "hash" in changed.stderr.lower()


def test_the_bill_of_materials_is_what_is_locked(tmp_path):
    bills = [tmp_path / "one.json", tmp_path / "two.json"]
    for bill in bills:
        done = subprocess.run([ROOT / "tools" / "sbom", bill], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert bills[0].read_bytes() == bills[1].read_bytes()
    told = json.loads(bills[0].read_text("utf-8"))
    assert told["bomFormat"] == "CycloneDX"
    assert told["metadata"]["component"]["name"] == "biblioteksutveckling-bot"
    lock = (ROOT / "requirements" / "runtime.lock").read_text("utf-8")
    locked = re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE)
    assert {PURL.match(one["purl"]).groups() for one in told["components"]} == set(locked)
    for one in told["components"]:
        hashes = [found for place in one["externalReferences"] for found in place["hashes"]]
        assert {found["alg"] for found in hashes} == {"SHA-256"}
        assert all(found["content"] in lock for found in hashes)
