"""When there is something else to learn of turns and claims."""

import shutil
from pathlib import Path

import pytest

from bot.dialogue import turn_files
from bot.knowledge import load_folder

FACTS = Path(__file__).parent.parent.parent.parent / "data" / "knowledge"


@pytest.fixture
def digest(tmp_path, monkeypatch):
    """Return the digest once a text of a file has become another."""
    folder = shutil.copytree(FACTS, tmp_path / "knowledge")

    def of(file, text, becomes):
        path = folder / file
        known = path.read_text(encoding="utf-8")
        assert text in known
        path.write_text(known.replace(text, becomes, 1), encoding="utf-8")
        monkeypatch.setattr(turn_files, "current", lambda: load_folder(folder))
        return turn_files.digest_of_turns()

    return of


def test_a_colleague_who_has_a_telephone_now_is_nothing_to_learn(digest):
    before = digest("contacts.yml", "    phone:\n", "    phone:\n")
    assert digest("contacts.yml", "    phone:\n", "    phone: 010-123 45 67\n") == before


def test_a_claim_that_says_something_else_is_to_be_learned(digest):
    before = digest("mission.yml", "truth: no", "truth: no")
    assert digest("mission.yml", "truth: no", "truth: yes") != before
