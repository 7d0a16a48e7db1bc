"""Measure the bot and stock Rasa side by side, and write docs/benchmarks."""

from __future__ import annotations

import contextlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from rich.console import Console
from rich.progress import Progress

from bot import evaluation, training
from bot.bench import report
from bot.bench.bigger import Bigger
from bot.bench.install import install
from bot.bench.peer import EPOCHS, Peer
from bot.bench.servers import Server, echo, stock_rasa, the_bot
from bot.engine import BotAgent, load_agent
from bot.errors import BotError
from bot.nlu.encoder import collecting
from bot.settings import ROOT, environment, settings

RESULTS: Final = ROOT / "docs" / "benchmarks"
_VISITORS: Final = 32
_LONG: Final = 200
_FEW: Final = 100
_MANY: Final = 10_000
_MB: Final = 1024 * 1024

Results = dict[str, Any]


class Bench:
    """One run: what it measures with, and what it has found so far."""

    def __init__(self, quick: bool) -> None:
        """Take how thorough to be: `quick` skips what takes minutes."""
        self.quick = quick
        self.rounds = 3 if quick else 9
        self.per_round = 40 if quick else 100
        self.folder = settings().data_dir / "bench"
        self.peer = Peer(self.folder / "peer")
        questions = [question.text for question in evaluation.held_out(ROOT / "tests" / "nlu")]
        random.Random(0).shuffle(questions)
        self.questions = questions
        self.results: Results = {"quick": quick, "epochs": EPOCHS}

    def run(self, console: Console) -> Results:
        """Measure everything and return it."""
        if self.quick and not self.peer.model.exists():
            raise BotError("Kör make bench en gång först: den tränar Rasa att jämföra med.")
        self.peer.prepare()
        self.results["peer_current"] = self.peer.is_current()
        agent = load_agent(training.MODEL, None)
        steps: list[tuple[str, Callable[[], None]]] = [
            # Before anything else is asked, since vectors are remembered.
            ("meningskodaren", lambda: self.encoded(agent)),
            ("rätta svar", lambda: self.accuracy(agent)),
            ("svar över HTTP", self.over_http),
            ("make chat", self.chat),
        ]
        if not self.quick:
            steps += [
                ("paketens storlek", self.disk),
                ("träning från början", self.training),
                ("10 000 samtal", self.many_conversations),
                ("10 000 personer och 500 fakta", self.bigger),
            ]
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("", total=len(steps))
            for name, step in steps:
                progress.update(task, description=name)
                try:
                    step()
                except BotError as error:  # What has been measured is kept.
                    console.print(f"{name}: {error}", markup=False)
                progress.advance(task)
        return self.results

    def accuracy(self, agent: BotAgent) -> None:
        """Count right intents on the held-out questions, of the bot and of the peer."""
        held_out = evaluation.held_out(ROOT / "tests" / "nlu")
        scores = evaluation.score(held_out, evaluation.understander(agent))
        right = {"bot": scores.right.total() / scores.total.total()}
        theirs = self.peer.answers([question.text for question in held_out])
        hits = [got == question.intent for got, question in zip(theirs, held_out, strict=True)]
        self.results["right"] = {**right, "rasa": statistics.mean(hits)}

    def encoded(self, agent: BotAgent) -> None:
        """Find the questions for which the bot asks the sentence encoder."""
        assert agent.processor
        parse = agent.processor._parse_message_with_graph
        tracker = DialogueStateTracker.from_events("bench", [])

        def asks(text: str) -> bool:
            with collecting() as wanted:
                parse(UserMessage(text), tracker)
            return bool(wanted)

        self.asking = {text for text in self.questions if asks(text)}
        self.results["encoder_share"] = len(self.asking) / len(self.questions)

    def over_http(self) -> None:
        """Time answers of both and of the echo, in turns, on the same distinct questions."""
        with contextlib.ExitStack() as stack:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            bot = stack.enter_context(the_bot(data))
            rasa = stack.enter_context(stock_rasa(self.peer))
            servers = {"bot": bot, "rasa": rasa, "echo": stack.enter_context(echo())}
            self.results["start_seconds"] = {
                name: server.seconds_to_first_answer for name, server in servers.items()
            }
            self._one_visitor(servers)
            self._many_visitors(servers)
            self._long_conversation(servers)
            self.results["memory_mb"] = {name: s.memory() for name, s in servers.items()}

    def _one_visitor(self, servers: dict[str, Server]) -> None:
        for server in servers.values():  # What comes once after a start is not measured.
            server.load(self._questions(-self.per_round, self.per_round), "warm-up")
        rounds: list[dict[str, list[float]]] = []
        asked: list[Sequence[str]] = []
        for number in range(self.rounds):
            questions = self._questions(number * self.per_round, self.per_round)
            asked.append(questions)
            order = _rotated(list(servers), number)
            name = f"round-{number}"
            rounds.append({key: servers[key].load(questions, name) for key in order})
        self.results["one_visitor"] = {
            key: {
                "p50": [_percentile(one[key], 50) for one in rounds],
                "p95": [_percentile(one[key], 95) for one in rounds],
                "encoded": _median_of(rounds, asked, key, self.asking),
                "all": [second for one in rounds for second in one[key]],
            }
            for key in servers
        }

    def _many_visitors(self, servers: dict[str, Server]) -> None:
        counts = {"bot": 640, "rasa": 64 if self.quick else 160, "echo": 1600}
        rates: dict[str, list[float]] = {key: [] for key in servers}
        for number in range(2 if self.quick else 5):
            for key in _rotated(list(servers), number):
                questions = self._questions(number * 211, counts[key])
                took = servers[key].load(questions, f"many-{number}", visitors=_VISITORS)
                rates[key].append(len(questions) / took["together"])
        self.results["messages_a_second"] = rates

    def _long_conversation(self, servers: dict[str, Server]) -> None:
        growth = {}
        # Stock Rasa takes a minute for one.
        counts = {"bot": 3} if self.quick else {"bot": 3, "rasa": 1}
        for key, conversations in counts.items():
            runs = [
                servers[key].load(["Vem är chef?"] * _LONG, f"long-{n}", one_conversation=True)
                for n in range(conversations)
            ]
            first = statistics.median(second for run in runs for second in run[1:11])
            last = statistics.median(second for run in runs for second in run[-10:])
            growth[key] = {"first": first, "last": last}
        self.results["long_conversation"] = growth

    def chat(self) -> None:
        """Time `make chat` to its first answer."""
        command = [sys.executable, "-m", "bot", "chat", "--once", "Vem är chef?"]
        self.results["chat_seconds"] = [_seconds(command) for _ in range(3)]

    def disk(self) -> None:
        """Install what serving needs in a folder of its own and weigh it and the peer's."""
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / ".venv"
            python = (ROOT / ".python-version").read_text().strip()
            install(ROOT / "requirements" / "runtime.lock", place, python)
            own = _megabytes(place)
        theirs = _megabytes(self.peer.folder / ".venv")
        self.results["disk_mb"] = {"bot": own, "rasa": theirs}

    def training(self) -> None:
        """Train the bot from nothing, sentence vectors and all."""
        with tempfile.TemporaryDirectory() as folder:
            own = {"BOT_DATA_DIR": folder, "RASA_CACHE_DIRECTORY": str(Path(folder) / "cache")}
            seconds = _seconds([sys.executable, "-m", "bot", "train"], **own)
        self.results["training_seconds"] = {"bot": seconds, "rasa": self.peer.training_seconds()}

    def many_conversations(self) -> None:
        """Weigh the bot after a hundred conversations and after ten thousand."""
        with tempfile.TemporaryDirectory() as folder, the_bot(Path(folder)) as bot:
            weights = {}
            for count in (_FEW, _MANY):
                # Four questions a conversation.
                questions = self._questions(0, 4 * count)
                bot.load(questions, f"memory-{count}", visitors=8)
                weights[str(count)] = bot.memory()
        self.results["memory_after_conversations_mb"] = weights

    def bigger(self) -> None:
        """Ask the same of a bot that knows ten thousand people and five hundred facts."""
        bigger = Bigger(self.folder / "bigger")
        bigger.prepare()
        with contextlib.ExitStack() as stack:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            servers = {
                "ordinary": stack.enter_context(the_bot(data / "ordinary")),
                "bigger": stack.enter_context(the_bot(data / "bigger", bigger.unit)),
            }
            seconds: dict[str, list[float]] = {key: [] for key in servers}
            for number in range(self.rounds):
                questions = self._questions(number * self.per_round, self.per_round)
                for key in _rotated(list(servers), number):
                    asked = servers[key].load(questions, f"size-{number}")
                    seconds[key].append(_percentile(asked, 50))
        self.results["bigger"] = seconds

    def _questions(self, start: int, count: int) -> list[str]:
        every = len(self.questions)
        return [self.questions[(start + place) % every] for place in range(count)]


def run_bench(quick: bool) -> int:
    """Measure and print the table; write docs/benchmarks unless in a hurry."""
    console = Console()
    began = time.monotonic()
    results = Bench(quick).run(console)
    results["minutes"] = (time.monotonic() - began) / 60
    if not quick:
        report.write(results, RESULTS)
    console.print(report.table(results), markup=False, soft_wrap=True)
    return 0


def _rotated(names: list[str], by: int) -> list[str]:
    cut = by % len(names)
    return names[cut:] + names[:cut]


def _percentile(seconds: Sequence[float], share: int) -> float:
    return statistics.quantiles(seconds, n=100, method="inclusive")[share - 1]


def _median_of(
    rounds: list[dict[str, list[float]]],
    asked: list[Sequence[str]],
    key: str,
    texts: set[str],
) -> float | None:
    """Return the median of the answers to these texts, all rounds together."""
    found = [
        second
        for one, questions in zip(rounds, asked, strict=True)
        for question, second in zip(questions, one[key], strict=True)
        if question in texts
    ]
    return statistics.median(found) if found else None


def _seconds(command: Sequence[str], **variables: str) -> float:
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env=environment(**variables), capture_output=True, text=True
    )
    if done.returncode:
        raise BotError(f"{' '.join(command)} misslyckades:\n{done.stderr[-800:]}")
    return time.perf_counter() - began


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in _files(folder)) / _MB


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
