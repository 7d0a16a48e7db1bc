"""A copy of the bot that knows ten thousand people and five hundred facts."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from bot import training
from bot.errors import BotError
from bot.facts import current
from bot.settings import ROOT, environment, settings

_PEOPLE: Final = 10_000
_FACTS: Final = 500
_NOTED: Final = "made_of"
# Syllables that make a hundred first names, a hundred surnames and a thousand topics.
_BEGINNINGS: Final = ("bra", "do", "fre", "gu", "hil", "jor", "ka", "li", "mar", "ny")
_MIDDLES: Final = ("ba", "de", "fi", "go", "hu", "ja", "ke", "li", "mo", "nu")
_ENDINGS: Final = ("berg", "dal", "fors", "gren", "holm", "kvist", "lund", "mark", "strand", "vik")
# How a visitor asks about a topic.
_ASKED: Final = (
    "vad är {}",
    "berätta om {}",
    "hur fungerar {}",
    "jag undrar över {}",
    "har ni {}",
    "vad säger ni om {}",
    "information om {} tack",
    "kan ni förklara {}",
)


@dataclass(frozen=True)
class Bigger:
    """A unit's folder with more knowledge, and its model."""

    unit: Path

    def prepare(self) -> None:
        """Make the copy and train it, unless that has been done from the same files."""
        noted = self.unit / _NOTED
        made_of = training.fingerprint()
        if noted.exists() and noted.read_text() == made_of:
            return
        shutil.rmtree(self.unit, ignore_errors=True)
        smaller = settings().unit_dir
        shutil.copytree(smaller / "data", self.unit / "data")
        shutil.copy(smaller / "domain.yml", self.unit)
        _write(self.unit / "data" / "knowledge" / "bigger.yml", {"people": _people()} | _facts())
        _write(self.unit / "data" / "nlu" / "bigger.yml", {"version": "3.1", "nlu": _examples()})
        vectors = settings().data_dir / "vectors.npz"
        own = self.unit / "var"
        own.mkdir()
        if vectors.exists():
            shutil.copy(vectors, own)
        done = subprocess.run(
            [sys.executable, "-m", "bot", "train"],
            cwd=ROOT,
            env=environment(BOT_UNIT_DIR=str(self.unit), BOT_DATA_DIR=str(own)),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise BotError(f"Den större boten gick inte att träna:\n{done.stderr[-800:]}")
        noted.write_text(made_of)


def _people() -> list[dict[str, str]]:
    first = ["".join(parts).title() for parts in itertools.product(_BEGINNINGS, _MIDDLES)]
    last = ["".join(parts).title() for parts in itertools.product(_MIDDLES, _ENDINGS)]
    wanted = _PEOPLE - len(current().people)
    title = list(current().people.values())[-1].title
    names = itertools.islice(itertools.product(first, last), wanted)
    return [
        {"id": f"person_{number}", "name": f"{one} {other}", "title": title}
        for number, (one, other) in enumerate(names)
    ]


def _topics() -> list[str]:
    wanted = _FACTS - len(current().facts)
    parts = itertools.product(_BEGINNINGS, _MIDDLES, _ENDINGS)
    return ["".join(one) for one in itertools.islice(parts, wanted)]


def _facts() -> dict[str, list[dict[str, Any]]]:
    follow_ups = list(current().facts)[:2]
    return {
        "facts": [
            {
                "id": f"topic_{topic}",
                "question": f"Vad är {topic}?",
                "answer": f"Om {topic} finns bara den här meningen.",
                "source": "Påhittat för mätningen",
                "reviewed": "2026-11-22",
                "follow_ups": follow_ups,
            }
            for topic in _topics()
        ]
    }


def _examples() -> list[dict[str, str]]:
    return [
        {
            "intent": f"topic_{topic}",
            "examples": "".join(f"- {asked.format(topic)}\n" for asked in _ASKED),
        }
        for topic in _topics()
    ]


def _write(path: Path, content: dict[str, Any]) -> None:
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
