"""Staff edit the facts while visitors chat."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

QUESTION = "Vad har Daniella Pind för telefonnummer?"


def edit(path: Path, old: str, new: str) -> None:
    before = path.stat().st_mtime_ns
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


def test_a_new_number_is_in_the_next_answer_and_a_mistake_is_not(start, project):
    bot = start(project)
    contacts = project / "data" / "knowledge" / "contacts.yml"
    assert "saknas" in bot.talk(QUESTION)

    edit(contacts, "    phone:\n", "    phone: 010-123 45 67\n")
    assert "010-123 45 67" in bot.talk(QUESTION)

    edit(contacts, "    phone: 010-123 45 67\n", "    phoen: 010-765 43 21\n")
    assert "010-123 45 67" in bot.talk(QUESTION)
    log = bot.log.read_text(encoding="utf-8")
    line = contacts.read_text(encoding="utf-8").split("phoen")[0].count("\n") + 1
    assert f"contacts.yml, rad {line}, fältet phoen" in log


@pytest.mark.parametrize("with_a_copy", [True, False])
def test_starting_with_broken_facts(start, tmp_path, project, with_a_copy):
    """The last valid facts are served; without any, the start stops with the reason."""
    mission = project / "data" / "knowledge" / "mission.yml"
    if with_a_copy:
        start(project).stop()
    edit(mission, "facts:", "facts: [")
    try:
        if with_a_copy:
            bot = start(project)
            assert "2013:801" in bot.talk("Vad säger bibliotekslagen?")
            assert "mission.yml, rad" in bot.log.read_text(encoding="utf-8")
        else:
            with pytest.raises(AssertionError, match=r"mission\.yml, rad"):
                start(project)
    finally:
        edit(mission, "facts: [", "facts:")
