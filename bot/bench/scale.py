"""Measure what many processes cost: behind nginx on PostgreSQL and Redis, against one on SQLite."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import Progress

from bot import evaluation
from bot.bench.engines import Engine, Nginx, Postgres, Redis, deployed_site
from bot.bench.servers import Server, the_bot
from bot.errors import BotError
from bot.settings import ROOT

_PROCESSES: Final = (1, 2, 4)
_EMBEDDED: Final = "embedded"
_VISITORS: Final = 32
# Short ones: the machine is faster in one minute than in the next, and each is compared within.
_ROUNDS: Final = 60
_ALONE: Final = 24
_TOGETHER: Final = 160
_DISTINCT: Final = 320
_WARM_UPS: Final = 12
_PAIRS: Final = 100
_MS: Final = 1000
# Limits that nobody reaches: counting is part of the work.
_LIMITS: Final = {"BOT_RATE_LIMIT": "100000/minute", "BOT_RATE_LIMIT_ADDRESS": "1000000/minute"}


@dataclass
class _Setup:
    """One way to run the bot: where it is asked, and whose work counts."""

    server: Server
    asked: Server
    parts: dict[str, Engine]

    def processor_seconds(self) -> dict[str, float]:
        parts = {name: part.processor_seconds() for name, part in self.parts.items()}
        return {"bot": self.server.processor_seconds(), **parts}


def run_scale(folder: Path) -> int:
    """Measure, print the table, and write it to the folder."""
    console = Console()
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        postgres, redis = Postgres(), Redis()
        for engine in (postgres, redis):
            stack.callback(engine.end)
            engine.start()
        setups = {_EMBEDDED: stack.enter_context(_embedded())}
        for number in _PROCESSES:
            setups[str(number)] = stack.enter_context(_shared(number, postgres, redis))
        results = _measured(setups, console)
        results["waiting_seconds"] = _waiting(setups["1"].server, setups["2"].server)
        results["bytes_a_conversation"] = _weight(postgres)
    results["cores"] = os.cpu_count()
    results["minutes"] = (time.monotonic() - began) / 60
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scale.json").write_text(json.dumps(results) + "\n", encoding="utf-8")
    (folder / "scale.md").write_text(table(results), encoding="utf-8")
    console.print(table(results), markup=False, soft_wrap=True)
    return 0


@contextlib.contextmanager
def _embedded() -> Iterator[_Setup]:
    with tempfile.TemporaryDirectory() as data, the_bot(Path(data), more=_LIMITS) as server:
        yield _Setup(server, server, {})


@contextlib.contextmanager
def _shared(number: int, postgres: Postgres, redis: Redis) -> Iterator[_Setup]:
    settings = {
        **_LIMITS,
        "BOT_WORKERS": str(number),
        "BOT_DATABASE_URL": postgres.url,
        "BOT_REDIS_URL": redis.url,
        "BOT_TRUSTED_PROXIES": "127.0.0.1",
    }
    with tempfile.TemporaryDirectory() as data, the_bot(Path(data), more=settings) as server:
        nginx = Nginx(deployed_site(server.port))
        try:
            nginx.start()
            asked = Server(f"{number} processer", nginx.port)
            parts: dict[str, Engine] = {"postgres": postgres, "redis": redis, "nginx": nginx}
            yield _Setup(server, asked, parts)
        finally:
            nginx.end()


def _measured(setups: dict[str, _Setup], console: Console) -> dict[str, Any]:
    """Ask all in turns, first one visitor at a time and then many together."""
    held_out = [question.text for question in evaluation.held_out(ROOT / "tests" / "nlu")]
    random.Random(0).shuffle(held_out)
    # Few enough that every process has met them, and remembers what the encoder made of them.
    questions = held_out[:_DISTINCT]
    results: dict[str, Any] = {
        name: {"alone": [], "rates": [], "each": [], "processor": []} for name in setups
    }

    def some(start: int, count: int) -> list[str]:
        return [questions[(start + place) % len(questions)] for place in range(count)]

    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("", total=(_WARM_UPS + _ROUNDS) * len(setups))
        for number in range(-_WARM_UPS, _ROUNDS):
            # There and back, so that none is always the first.
            for name in list(setups)[:: 1 if number % 2 else -1]:
                progress.update(task, description=name)
                setup, found = setups[name], results[name]
                alone = setup.asked.load(some(number * _ALONE, _ALONE), f"alone-{number}")
                before = setup.processor_seconds()
                asked = some(number * _TOGETHER, _TOGETHER)
                took = setup.asked.load(asked, f"together-{number}", visitors=_VISITORS)
                after = setup.processor_seconds()
                if number >= 0:
                    found["alone"].append(statistics.median(alone))
                    found["rates"].append(_TOGETHER / took["together"])
                    found["each"].append(_percentiles(took["each"]))
                    spent = {part: (after[part] - before[part]) / _TOGETHER for part in after}
                    found["processor"].append(spent)
                progress.advance(task)
    return {"setups": results}


def _waiting(one: Server, other: Server) -> list[float]:
    """Return how much longer two messages of one visitor take together than one by one.

    Those that come together go to different processes, of which one must wait for the other.
    """
    extra = []
    with ThreadPoolExecutor(2) as pool:
        for number in range(_PAIRS):
            for server in (one, other):  # Connections and vectors that later ones find.
                _ask(server, f"waiting-first-{number:04d}")
            began = time.perf_counter()
            for server in (one, other):
                _ask(server, f"waiting-apart-{number:04d}")
            apart = time.perf_counter() - began
            began = time.perf_counter()
            list(pool.map(_ask, (one, other), [f"waiting-pairs-{number:04d}"] * 2))
            extra.append(time.perf_counter() - began - apart)
    return extra


def _ask(server: Server, sender: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    body = json.dumps({"sender": sender, "message": "Vem är chef?"})
    connection.request("POST", server.path, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise BotError(f"{server.name} svarade {answer.status}.")


def _percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[94]


def _weight(postgres: Postgres) -> dict[str, float]:
    """Return how much room a conversation and an answer take, their index with them."""
    weights = {}
    for name in ("conversations", "answers"):
        ((size, count),) = postgres.rows(
            f"SELECT pg_total_relation_size('{name}'), (SELECT count(*) FROM {name})"
        )
        weights[name] = size / max(1, count)
    return weights


def table(results: dict[str, Any]) -> str:
    """Return the figures in Markdown."""
    lines = [
        "| | one visitor, p50 ms | 32 visitors, messages/s | p50 / p95 ms "
        "| processor time a message, ms: bot | nginx | PostgreSQL | Redis |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, found in results["setups"].items():
        title = "one process, SQLite" if name == _EMBEDDED else f"{name} behind nginx"
        middle, late = (
            _MS * statistics.median(each[place] for each in found["each"]) for place in (0, 1)
        )
        spent = {
            part: f"{_MS * statistics.median(one.get(part, 0.0) for one in found['processor']):.2f}"
            for part in ("bot", "nginx", "postgres", "redis")
        }
        lines.append(
            f"| {title} | {_spread(found['alone'], _MS)} | {_spread(found['rates'])} "
            f"| {middle:.0f} / {late:.0f} | {' | '.join(spent.values())} |"
        )
    setups = results["setups"]

    def against_one(name: str) -> str:
        rounds = zip(setups[name]["processor"], setups["1"]["processor"], strict=True)
        low, middle, high = statistics.quantiles(some["bot"] / one["bot"] for some, one in rounds)
        return f"{middle:.2f} (quartiles {low:.2f} and {high:.2f})"

    extra = statistics.median(
        _MS * (far - near)
        for far, near in zip(setups["1"]["alone"], setups[_EMBEDDED]["alone"], strict=True)
    )
    weights = results["bytes_a_conversation"]
    rows = [
        ("processor time of the bot a message, two processes against one", against_one("2"),
         "≤ 1.11"),
        ("four processes against one", against_one("4"), ""),
        ("cost of distribution, one visitor, ms a message", f"{extra:.2f}", "≤ 4"),
        ("two messages of a visitor at once at two processes, against one by one, ms p50 / p95",
         _both(*(_MS * one for one in _percentiles(results["waiting_seconds"]))), "≤ 50"),
        ("PostgreSQL, kB a conversation / an answer",
         _both(weights["conversations"] / 1024, weights["answers"] / 1024), ""),
    ]  # fmt: skip
    lines += ["", "| | | goal |", "|---|---|---|"]
    lines += [f"| {title} | {value} | {goal} |" for title, value, goal in rows]
    minutes, cores = results["minutes"], results["cores"]
    lines += [
        "",
        f"Medians of {len(setups['1']['alone'])} short rounds in turns, each compared within "
        "itself, in brackets the lowest and the highest; "
        f"{cores} cores shared by load, nginx, bot, PostgreSQL and Redis; {minutes:.0f} min. "
        "Written by `make bench SCALE=1`.",
    ]
    return "\n".join(lines) + "\n"


def _both(one: float, other: float) -> str:
    return f"{one:.1f} / {other:.1f}"


def _spread(values: Sequence[float], times: float = 1.0) -> str:
    low, high = times * min(values), times * max(values)
    return f"{times * statistics.median(values):.1f} [{low:.1f}–{high:.1f}]"
