"""Hours of use in one: `make soak`. Writes docs/benchmarks/reliability.{json,md}."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.bench.servers import resident
from bot.evaluation import held_out
from tests.e2e import reliability
from tests.e2e.kills import kill_again_and_again, stored
from tests.e2e.visitors import Crowd, Turn, some_script

pytestmark = pytest.mark.soak

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = int(os.environ.get("SOAK_KILLS", "50"))
MINUTES = float(os.environ.get("SOAK_MINUTES", "30"))
VISITORS_AT_KILLS = 8
SLOWEST_SECONDS = 0.25
# The rest is for what happens under way.
SLOWEST_AT_THE_SEARCH = 0.8 * SLOWEST_SECONDS
STEPS = [1, 2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64]
SECONDS_A_STEP = 6.0
# Silence after which a conversation is deleted: soon, so that it happens under way too.
FORGET_AFTER_MINUTES = "1"
# The memory of a model that is gone is used for the next; so much varies at first.
MODELS_UNTIL_WARM = 4
# What memory may grow by from warm to the end. It goes up and down by 30 MB with models that
# come and go; a model of 70 MB that stays, or 300 bytes a message, is more.
GROWTH = 1.15
QUESTIONS = [question.text for question in held_out(ROOT / "tests" / "nlu")]
FACTS = "Vad har ni för telefonnummer?"


@pytest.fixture(scope="module")
def figures() -> Iterator[dict[str, Any]]:
    """What is measured; written when both tests have measured to their end."""
    found: dict[str, Any] = {}
    yield found
    if {"kills", "load"} <= found.keys():
        reliability.write(found, ROOT / "docs" / "benchmarks")


@pytest.fixture
def tell() -> Iterator[Any]:
    """Show how it goes: call with a line."""
    columns = [SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}")]
    with Progress(*columns) as progress:
        task = progress.add_task("startar")
        yield lambda line: progress.update(task, description=line)


def test_many_kills_under_load(start, free_port, figures, tell):
    port, killed = free_port(), 0

    def count() -> None:
        nonlocal killed
        killed += 1
        tell(f"kill -9: {killed} av {KILLS}, {len(crowd.visitors)} samtal, {crowd.answers} svar")

    with Crowd(port, VISITORS_AT_KILLS, seed=3) as crowd:
        bot = kill_again_and_again(
            lambda: start(BOT_PORT=str(port)), crowd, KILLS, seed=3, tell=count
        )
    tell("frågar om allt en gång till")
    for visitor in crowd.visitors:
        visitor.ask_everything_again()
    assert stored(bot.database) == crowd.replies
    figures["kills"] = {
        "kills": killed,
        "wanted": 50,
        "conversations": len(crowd.visitors),
        "messages": crowd.answers,
        "repeated": sum(line.repeated for line in crowd.lines),
        "connections_lost": sum(len(line.unanswered) for line in crowd.lines),
    }


def test_full_speed(start, project, free_port, figures, tell):
    port = free_port()
    bot = start(project, BOT_PORT=str(port), BOT_CONVERSATION_TTL=FORGET_AFTER_MINUTES)
    staff = Staff(project, bot)
    tell("värmer upp")
    warm_up(bot, port)
    for _ in range(MODELS_UNTIL_WARM):
        staff.replace_model()
    at_once, steps = most_visitors(port, tell)
    warm = resident(bot.process.pid)
    began = time.monotonic()
    weights = [warm]
    with Crowd(port, at_once, seed=4, script=mixed, keep=False) as crowd:
        for done, work in [*staff.plan(), (1.0, None)]:
            while time.monotonic() < began + 60 * MINUTES * done:
                crowd.raise_failure()
                weights.append(resident(bot.process.pid))
                tell(told(crowd, began, weights))
                time.sleep(1)
            if work:
                work()
                staff.done[work.__name__] += 1
    lasted = time.monotonic() - began
    end = resident(bot.process.pid)
    seconds = [took for line in crowd.lines for _, took in line.seconds]
    figures["load"] = {
        "minutes": lasted / 60,
        "wanted_minutes": 30,
        "steps": steps,
        "visitors": at_once,
        "conversations": len(crowd.visitors),
        "messages": len(seconds),
        "repeated": sum(line.repeated for line in crowd.lines),
        "a_second": len(seconds) / lasted,
        "p50_ms": 1000 * statistics.median(seconds),
        "p95_ms": 1000 * p95(seconds),
        "slowest_ms": 1000 * max(seconds),
        "memory_warm_mb": warm,
        "memory_end_mb": end,
        "memory_most_mb": max(weights),
        **staff.done,
    }
    print(f"\nMinne: {warm:.0f} MB uppvärmd, {end:.0f} MB till slut.")
    log = bot.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert ": Error " not in log
    assert p95(seconds) < SLOWEST_SECONDS
    assert end < GROWTH * warm


class Staff:
    """Who edits facts and replaces the model of a bot while it is asked."""

    def __init__(self, project: Path, bot: Any) -> None:
        self.done: Counter[str] = Counter()
        self._bot = bot
        self._contacts = project / "data" / "knowledge" / "contacts.yml"
        self._model = project / "models" / "bot.tar.gz"
        self._facts = self._contacts.read_text(encoding="utf-8")
        self._whole_model = self._model.read_bytes()
        self._numbers = 0

    def plan(self) -> Sequence[tuple[float, Callable[[], None]]]:
        """Return at which part of the whole time to do what."""
        changes = max(4, round(2 * MINUTES))
        facts = [
            ((place + 0.5) / changes, self.break_facts if place % 4 == 3 else self.change_fact)
            for place in range(changes)
        ]
        models = [(0.2, self.replace_model), (0.4, self.damage_model), (0.7, self.replace_model)]
        return sorted([*facts, *models], key=lambda one: one[0])

    def change_fact(self) -> None:
        """Give the unit a new number, which the very next answer must tell."""
        self._numbers += 1
        self._contacts.write_text(
            self._facts.replace("  phone:\n", f"  phone: {self._number()}\n", 1), encoding="utf-8"
        )
        assert self._number() in self._bot.talk(FACTS)

    def break_facts(self) -> None:
        """Leave the file half written: the number of before stays until it is whole again."""
        text = self._contacts.read_text(encoding="utf-8")
        self._contacts.write_text(text.replace("people:", "people: [", 1), encoding="utf-8")
        assert self._number() in self._bot.talk(FACTS)
        self._contacts.write_text(text, encoding="utf-8")
        assert self._number() in self._bot.talk(FACTS)

    def replace_model(self) -> None:
        """Put a whole model in the place of the one in use, and see that it is taken up."""
        self._put(self._whole_model, "En ny modell används")

    def damage_model(self) -> None:
        """Put half a model there, then a whole one."""
        self._put(self._whole_model[: len(self._whole_model) // 2], "går inte att ladda")
        self.replace_model()

    def _put(self, model: bytes, said: str) -> None:
        before = self._said(said)
        fresh = self._model.with_name("fresh")
        fresh.write_bytes(model)
        fresh.replace(self._model)
        for _ in range(300):
            if self._said(said) > before:
                return
            time.sleep(0.1)
        raise AssertionError(f"{said!r} is not in the log")

    def _said(self, words: str) -> int:
        return self._bot.log.read_text(encoding="utf-8").count(words)

    def _number(self) -> str:
        return f"010-100 {self._numbers // 100:02d} {self._numbers % 100:02d}"


def mixed(chance: random.Random) -> Sequence[Turn]:
    """Return a script; every third one is of questions that nobody has asked just so before."""
    if chance.random() < 2 / 3:
        return some_script(chance)
    return [(_misspelt(question, chance), ".") for question in chance.sample(QUESTIONS, 4)]


def _misspelt(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("abdefiklmnorstuvåäö") + text[place:]


def warm_up(bot: Any, port: int) -> None:
    """Ask so much and so variedly that caches are full."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bot.talk, QUESTIONS))
    with Crowd(port, 8, seed=5, script=mixed) as crowd:
        crowd.wait_for(2 * len(QUESTIONS))


def most_visitors(port: int, tell: Any) -> tuple[int, list[dict[str, float]]]:
    """Return how many visitors at once get their answers in time, and what each step gave."""
    steps: list[dict[str, float]] = []
    best = STEPS[0]
    for at_once in STEPS:
        with Crowd(port, at_once, seed=at_once, script=mixed) as crowd:
            began = time.monotonic()
            while time.monotonic() < began + SECONDS_A_STEP:
                crowd.raise_failure()
                time.sleep(0.1)
        seconds = [took for line in crowd.lines for _, took in line.seconds]
        rate = len(seconds) / (time.monotonic() - began)
        steps.append({"visitors": at_once, "a_second": rate, "p95_ms": 1000 * p95(seconds)})
        tell(f"söker fart: {at_once} besökare, {rate:.0f} svar/s, p95 {1000 * p95(seconds):.0f} ms")
        if p95(seconds) > SLOWEST_AT_THE_SEARCH:
            break
        best = at_once
    return best, steps


def told(crowd: Crowd, began: float, weights: Sequence[float]) -> str:
    """Return how it goes, in a line."""
    lately = [took for line in crowd.lines for _, took in line.seconds[-200:]]
    rate = crowd.answers / max(1.0, time.monotonic() - began)
    return (
        f"{len(crowd.visitors)} samtal, {crowd.answers} svar, {rate:.0f} svar/s, "
        f"p95 {1000 * p95(lately):.0f} ms, {weights[-1]:.0f} MB"
    )


def p95(seconds: Sequence[float]) -> float:
    """Return what 95 of 100 stay under."""
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else 0.0
