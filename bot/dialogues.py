"""Dialogue tests in the form of Rasa's end-to-end tests: read them, run them, judge them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Speak = Callable[[str, str], Awaitable[str]]


@dataclass(frozen=True)
class Step:
    """What the visitor says, and patterns that the whole reply must match."""

    user: str
    matches: tuple[str, ...]


@dataclass(frozen=True)
class Dialogue:
    """One test case."""

    name: str
    file: Path
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Verdict:
    """How one turn went."""

    dialogue: Dialogue
    step: Step
    reply: str
    missed: tuple[str, ...]

    def __str__(self) -> str:
        """Return the turn as a person would read it."""
        wanted = "\n".join(f"    väntade: {pattern}" for pattern in self.missed)
        said = self.reply.replace("\n", "\n             ")
        return f"{self.dialogue.name}: {self.step.user}\n{wanted}\n    svaret:  {said}"


def load_dialogues(folder: Path) -> list[Dialogue]:
    """Read every test case of a folder."""
    return [case for path in sorted(folder.glob("*.yml")) for case in _cases(path)]


def _cases(path: Path) -> Iterator[Dialogue]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for case in content["test_cases"]:
        steps = tuple(Step(step["user"], tuple(_patterns(step))) for step in case["steps"])
        yield Dialogue(case["test_case"], path, steps)


def _patterns(step: dict[str, Any]) -> Iterator[str]:
    for assertion in step.get("assertions", []):
        yield assertion["bot_uttered"]["text_matches"]


async def run(dialogue: Dialogue, sender: str, speak: Speak) -> list[Verdict]:
    """Hold one dialogue and judge each reply."""
    verdicts = []
    for step in dialogue.steps:
        reply = await speak(sender, step.user)
        missed = tuple(pattern for pattern in step.matches if not matches(pattern, reply))
        verdicts.append(Verdict(dialogue, step, reply, missed))
    return verdicts


def matches(pattern: str, reply: str) -> bool:
    """Tell whether the pattern is found anywhere in the reply, in any case."""
    return re.search(pattern, reply, re.IGNORECASE | re.DOTALL) is not None
