"""A bot that really runs: its own process, port and data folder."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.bench.servers import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
# What a bot needs of the project, without the environment and the tests.
PARTS = ["actions", "bot", "data", "models", "requirements", "config.yml", "domain.yml"]

# A browser on a slow machine; what is there at once is not waited for.
LONGEST_MILLISECONDS = 60_000
expect.set_options(timeout=LONGEST_MILLISECONDS)

# Where the tests run under nohup, the bots of the tests still end with their terminal.
signal.signal(signal.SIGHUP, signal.SIG_DFL)


# What systemd does before it starts a service whose address it holds.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""
# What Prometheus shows for the figures.
METRICS_TOKEN = "the-word-of-the-tests"


@dataclass
class RunningBot:
    """A bot on a port of its own."""

    url: str
    process: subprocess.Popen[str]
    root: Path
    log: Path
    token: str = METRICS_TOKEN

    def post(self, message: str, sender: str) -> list[dict[str, Any]]:
        """Send a message and return the items of the reply."""
        body = {"sender": sender, "message": message}
        response = requests.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=60)
        assert response.status_code == 200, response.text
        items: list[dict[str, Any]] = response.json()
        assert items, "an empty reply"
        return items

    def talk(self, *messages: str) -> str:
        """Hold a conversation of its own and return the last reply's text."""
        sender = uuid.uuid4().hex
        replies = [self.post(message, sender) for message in messages]
        return "\n".join(item["text"] for item in replies[-1])

    def figures(self) -> str:
        """Return what Prometheus reads."""
        shown = {"Authorization": f"Bearer {self.token}"}
        response = requests.get(f"{self.url}/metrics", headers=shown, timeout=60)
        assert response.status_code == 200, response.text
        return response.text

    @property
    def database(self) -> Path:
        """The file that holds its conversations."""
        return self.log.parent / "var" / "conversations.sqlite"

    def workers(self) -> list[int]:
        """Return the processes that serve, which the one that was started looks after."""
        listed = subprocess.run(
            ["ps", "--ppid", str(self.process.pid), "-o", "pid="], capture_output=True, text=True
        )
        return list(map(int, listed.stdout.split()))

    def kill(self) -> None:
        """End everything at once, with no time to finish anything."""
        workers = self.workers()
        self.process.kill()  # First, or it would replace them.
        for one in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait()
        while any(Path(f"/proc/{one}").exists() for one in workers):
            time.sleep(0.01)

    def stop(self) -> None:
        """End the process that was started."""
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _said(process: subprocess.Popen[str], log: Path, in_log: bool) -> Iterator[str]:
    """Yield what a bot says at its start, in its log if that is all that it writes."""
    assert process.stdout
    if not in_log:
        for line in process.stdout:  # "yield from" would close it when the bot has begun.
            yield line
        return
    while process.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines():
            yield str(json.loads(line)["message"])
        time.sleep(0.05)
    assert process.stdout.read() == "", "something else than JSON was said"


def start_bot(
    root: Path,
    folder: Path,
    command: Sequence[str] = ("-m", "bot"),
    address: socket.socket | None = None,
    **settings: str,
) -> RunningBot:
    """Start `python -m bot run` in a project folder and wait until it says it is ready.

    Nothing limits how often it is asked unless the settings do. Another `command` may stand for
    `-m bot`. An `address` that is open already is handed over, as systemd does.
    """
    port = int(settings.get("BOT_PORT", free_port()))
    log = folder / f"bot-{port}.log"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BOT_")},
        "BOT_PORT": str(port),
        "BOT_DATA_DIR": str(folder / "var"),
        "PYTHONUNBUFFERED": "1",
        "BOT_RATE_LIMIT": "",
        "BOT_RATE_LIMIT_ADDRESS": "",
        "BOT_METRICS_TOKEN": METRICS_TOKEN,
        **settings,
    }
    program = [sys.executable, *command, "run"]
    handed = [address.fileno()] if address else []
    if handed:
        program = [sys.executable, "-c", HAND_OVER, str(handed[0]), *program]
    with log.open("a") as output:
        process = subprocess.Popen(
            program,
            pass_fds=handed,
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )
    for line in _said(process, log, settings.get("BOT_LOG_FORMAT") == "json"):
        if line.startswith("Chatten är igång"):
            break
    else:
        raise AssertionError(f"the bot did not start:\n{log.read_text()[-3000:]}")
    return RunningBot(f"http://127.0.0.1:{port}", process, root, log)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, or the one that Playwright has brought."""
    names = ("chromium", "chromium-browser", "google-chrome")
    installed = next((path for path in map(shutil.which, names) if path), None)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages, each a visitor of its own; what went wrong in them is in `problems`."""
    contexts = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
        context.set_default_timeout(LONGEST_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(name="free_port")
def free_port_fixture() -> Callable[[], int]:
    return free_port


@pytest.fixture(name="start_bot", scope="session")
def start_bot_fixture() -> Callable[..., RunningBot]:
    return start_bot


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """The bot of this checkout, one for all tests that do not change it."""
    running = start_bot(ROOT, tmp_path_factory.mktemp("bot"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def limited_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """A bot with low limits, behind a proxy that tells the addresses of visitors."""
    running = start_bot(
        ROOT,
        tmp_path_factory.mktemp("limited"),
        BOT_RATE_LIMIT="3/hour",
        BOT_RATE_LIMIT_ADDRESS="10/hour",
        BOT_TRUSTED_PROXIES="127.0.0.1",
    )
    yield running
    running.stop()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project whose files a test may change."""
    copy = tmp_path / "project"
    copy.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, copy / part)
        else:
            shutil.copy(source, copy / part)
    return copy


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., RunningBot]]:
    """Start bots that are stopped when the test ends."""
    running: list[RunningBot] = []

    def begin(root: Path = ROOT, **settings: str) -> RunningBot:
        running.append(start_bot(root, tmp_path, **settings))
        return running[-1]

    yield begin
    for one in running:
        one.stop()
