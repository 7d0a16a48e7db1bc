"""PostgreSQL, Redis and nginx of one's own, on loopback, for tests and measurements."""

from __future__ import annotations

import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Final

import psycopg
import redis

from bot.bench.servers import free_port, processor_seconds
from bot.errors import BotError
from bot.settings import ROOT, environment

DEPLOY: Final = ROOT / "deploy"
_SECONDS_TO_BEGIN: Final = 60.0
_SECONDS_TO_END: Final = 30.0
_BETWEEN_LOOKS_SECONDS: Final = 0.05
# PostgreSQL refuses to run as root.
_SERVANTS: Final = ("postgres", "nobody")


class MissingServerError(BotError):
    """A server program that is not installed."""


def program(name: str, *places: str) -> str:
    """Return a server's program, which Debian keeps out of the ordinary path.

    Raises:
        MissingServerError: it is not installed.

    """
    folders = os.pathsep.join([environment()["PATH"], "/usr/sbin", "/sbin", *places])
    found = shutil.which(name, path=folders)
    if not found:
        raise MissingServerError(f"{name} är inte installerat. tools/servers säger hur.")
    return found


class Engine(ABC):
    """A server in a folder and on a port of its own."""

    def __init__(self) -> None:
        """Choose the folder and the port."""
        # Not in pytest's folder, which nobody but root may enter.
        self.folder = Path(tempfile.mkdtemp(prefix="bot-test-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        end = time.monotonic() + _SECONDS_TO_BEGIN
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > end:
                said = (self.folder / "log").read_text(encoding="utf-8")[-2000:]
                raise BotError(f"{self.command()[0]} kom inte igång: {said}")
            time.sleep(_BETWEEN_LOOKS_SECONDS)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and wait until it has ended."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=_SECONDS_TO_END)

    def processor_seconds(self) -> float:
        """Return the processor time of it and its processes so far."""
        assert self._process
        return processor_seconds(self._process.pid)

    def freeze(self) -> None:
        """Let it take what comes, and answer nothing."""
        assert self._process
        for one in self._family():
            os.kill(one, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it answer again."""
        for one in self._family():
            os.kill(one, signal.SIGCONT)

    def end(self) -> None:
        """End it and take its folder away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _family(self) -> list[int]:
        assert self._process
        listed = subprocess.run(
            ["ps", "--ppid", str(self._process.pid), "-o", "pid="],
            capture_output=True, text=True,
        )  # fmt: skip
        return [self._process.pid, *map(int, listed.stdout.split())]

    @abstractmethod
    def command(self) -> list[str]:
        """Return what starts it."""

    @abstractmethod
    def answers(self) -> bool:
        """Tell whether it answers."""


class Redis(Engine):
    """A Redis that keeps nothing on disk."""

    @property
    def url(self) -> str:
        """Where it is, for BOT_REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Return what starts it."""
        name = program("redis-server")
        return [name, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]

    def answers(self) -> bool:
        """Tell whether it answers."""
        try:
            return bool(redis.Redis(port=self.port).ping())
        except redis.RedisError:
            return False


class Postgres(Engine):
    """A PostgreSQL with one database."""

    def __init__(self) -> None:
        """Make the cluster."""
        super().__init__()
        places = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
        self._program = program("postgres", *places)
        self._data = self.folder / "data"
        self._as: list[str] = []
        if os.getuid() == 0:
            servant = next(pwd.getpwnam(name) for name in _SERVANTS if _exists(name))
            shutil.chown(self.folder, servant.pw_uid, servant.pw_gid)
            ids = [f"--reuid={servant.pw_uid}", f"--regid={servant.pw_gid}"]
            self._as = [program("setpriv"), *ids, "--clear-groups"]
        initdb = str(Path(self._program).resolve().with_name("initdb"))
        made = [initdb, "-D", str(self._data), "-A", "trust", "-U", "bot", "--no-sync"]
        done = subprocess.run([*self._as, *made], capture_output=True, text=True)
        if done.returncode:
            raise BotError(f"initdb: {done.stderr}")

    @property
    def url(self) -> str:
        """Where it is, for BOT_DATABASE_URL."""
        return f"postgresql://bot@127.0.0.1:{self.port}/postgres"

    def command(self) -> list[str]:
        """Return what starts it."""
        own = ["-c", "listen_addresses=127.0.0.1", "-k", str(self.folder)]
        return [*self._as, self._program, "-D", str(self._data), "-p", str(self.port), *own]

    def answers(self) -> bool:
        """Tell whether it answers."""
        try:
            with psycopg.connect(self.url, connect_timeout=1):
                return True
        except psycopg.OperationalError:
            return False

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode()).fetchall()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it at once: whoever is connected is cut off."""
        super().stop(how)


class Nginx(Engine):
    """An nginx with one site."""

    def __init__(self, site: str) -> None:
        """Take what is to stand in `http {}`; PORT is where it listens."""
        super().__init__()
        self._site = site

    def command(self) -> list[str]:
        """Return what starts it, with the site in a file."""
        text = self._site.replace("PORT", str(self.port))
        parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        paths = "\n".join(f"{part}_temp_path {self.folder}/{part};" for part in parts)
        config = self.folder / "nginx.conf"
        config.write_text(
            f"pid {self.folder}/pid; error_log stderr warn; daemon off;\n"
            f"events {{ worker_connections 512; }}\n"
            f"http {{ access_log off; {paths}\n{text}\n}}\n"
        )
        return [program("nginx"), "-p", str(self.folder), "-c", str(config), "-e", "stderr"]

    def change(self, site: str) -> None:
        """Go over to another site, as `nginx -s reload` does: what is begun is finished."""
        self._site = site
        self.command()
        assert self._process
        self._process.send_signal(signal.SIGHUP)

    def answers(self) -> bool:
        """Tell whether it answers."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False


def deployed_site(*ports: int) -> str:
    """Return the site of deploy/nginx, without TLS, in front of the bot on these ports."""
    text = (DEPLOY / "nginx" / "bot.conf").read_text(encoding="utf-8")
    text = text[text.index("server {", text.index("server {") + 1) :]  # Not the redirection.
    text = re.sub(r"^\s*(?:ssl_|listen \[).*\n", "", text, flags=re.MULTILINE)
    text = text.replace("listen 443 ssl http2", "listen 127.0.0.1:PORT")
    upstream = (DEPLOY / "nginx" / "upstream.conf").read_text(encoding="utf-8")
    hosts = itertools.cycle(ports)  # One is there twice, as it stands; of two, each is there once.
    return re.sub(r"127\.0\.0\.1:5005", lambda _: f"127.0.0.1:{next(hosts)}", upstream) + text


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
