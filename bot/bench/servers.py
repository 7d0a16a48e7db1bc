"""Start the servers that are measured, watch them and stop them."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.bench.peer import Peer
from bot.errors import BotError
from bot.settings import ROOT, environment, settings

WEBHOOK: Final = "/webhooks/rest/webhook"
_FIRST_ANSWER_SECONDS: Final = 300.0
_STOP_SECONDS: Final = 20.0
_BETWEEN_TRIES_SECONDS: Final = 0.02
_KB: Final = 1024


@dataclass
class Server:
    """A server under measurement: one process or two.

    Attributes:
        name: what tables call it.
        port: where it answers.
        path: where questions are sent.
        seconds_to_first_answer: from its start.

    """

    name: str
    port: int
    path: str = WEBHOOK
    seconds_to_first_answer: float = 0.0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def load(self, questions: Sequence[str], name: str, **more: Any) -> Any:
        """Ask from a process of its own, as bot/bench/load.py describes."""
        job = {"port": self.port, "path": self.path, "questions": list(questions), "name": name}
        done = subprocess.run(
            [sys.executable, str(ROOT / "bot" / "bench" / "load.py")],
            input=json.dumps({**job, **more}),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise BotError(f"{self.name} svarade inte rätt: {done.stderr.strip()[-400:]}")
        return json.loads(done.stdout)

    def processor_seconds(self) -> float:
        """Return the processor time of its processes so far."""
        return sum(processor_seconds(process.pid) for process in self.processes)

    def memory(self) -> float:
        """Return the resident memory of its processes and theirs, in megabytes."""
        return sum(resident(process.pid) for process in self.processes)


@contextlib.contextmanager
def running(
    name: str,
    commands: Sequence[tuple[Sequence[str], Path]],
    variables: Mapping[str, str],
    port: int,
    path: str = WEBHOOK,
) -> Iterator[Server]:
    """Start the commands, each in its folder, wait for an answer and stop them at the end."""
    server = Server(name, port, path)
    began = time.perf_counter()
    try:
        for command, folder in commands:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment(**variables),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            server.processes.append(process)
        _wait_for_an_answer(server, began)
        yield server
    finally:
        for process in server.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in server.processes:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def the_bot(data_dir: Path, unit: Path | None = None, more: Mapping[str, str] | None = None) -> Any:
    """Return the bot as `make run` starts it, its conversations in `data_dir`.

    Args:
        data_dir: where it writes.
        unit: another unit's folder.
        more: more settings, by the names of their variables.

    """
    port = free_port()
    variables = {
        "BOT_PORT": str(port),
        "BOT_DATA_DIR": str(data_dir),
        "BOT_UNIT_DIR": str(unit or settings().unit_dir),
        "BOT_LOG_LEVEL": "WARNING",
        "BOT_RATE_LIMIT": "",
        "BOT_RATE_LIMIT_ADDRESS": "",
        **(more or {}),
    }
    return running("boten", [([sys.executable, "-m", "bot", "run"], ROOT)], variables, port)


def stock_rasa(peer: Peer) -> Any:
    """Return the peer with its action server, as Rasa's documentation starts them."""
    port = free_port()
    (peer.folder / "conversations.sqlite").unlink(missing_ok=True)
    rasa = [str(peer.python), "-m", "rasa", "run", "-p", str(port), "-i", "127.0.0.1"]
    rasa += ["-m", str(peer.model)]
    # The actions are the bot's own and want its packages, which stock Rasa forbids.
    actions = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "-p", "5055"]
    return running("Rasa", [(actions, peer.project), (rasa, peer.folder)], peer.environment, port)


def echo() -> Any:
    """Return a server that sends back the JSON that it gets: the floor."""
    port = free_port()
    command = [sys.executable, str(ROOT / "bot" / "bench" / "echo.py"), str(port)]
    return running("eko", [(command, ROOT)], {}, port, "/")


def free_port() -> int:
    """Return a port of this machine that nobody listens to."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait_for_an_answer(server: Server, began: float) -> None:
    body = json.dumps({"sender": "first-answer-0000000000", "message": "Vem är chef?"})
    headers = {"Content-Type": "application/json"}
    while time.perf_counter() - began < _FIRST_ANSWER_SECONDS:
        for process in server.processes:
            if process.poll() is not None:
                raise BotError(f"{server.name} avslutades innan den svarade.")
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        try:
            connection.request("POST", server.path, body, headers)
            answer = connection.getresponse()
            if answer.status == 200 and answer.read() not in (b"[]", b""):
                server.seconds_to_first_answer = time.perf_counter() - began
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(_BETWEEN_TRIES_SECONDS)
    raise BotError(f"{server.name} svarade inte inom {_FIRST_ANSWER_SECONDS:.0f} sekunder.")


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process and its children so far; of the dead, theirs too."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for child in children:
        with contextlib.suppress(FileNotFoundError):  # It has just ended.
            own += processor_seconds(int(child))
    return own


def resident(pid: int) -> float:
    """Return the resident megabytes of a process and its children."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(own.split()[1]) / _KB + sum(resident(int(child)) for child in children)
