"""An update is a restart that no visitor notices: of the only host, and of one after another."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.engines import Nginx, Postgres, Redis, deployed_site, started
from tests.e2e.visitors import Crowd
from tests.e2e.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
VISITORS = 6
DRAIN_SECONDS = 3
TRUSTED = {"BOT_TRUSTED_PROXIES": "127.0.0.1"}


@pytest.fixture(scope="module")
def shared() -> Iterator[dict[str, str]]:
    """What makes two hosts one bot."""
    engines = [started(Postgres), started(Redis)]
    yield {"BOT_DATABASE_URL": engines[0].url, "BOT_REDIS_URL": engines[1].url, **TRUSTED}
    for engine in engines:
        engine.end()


@pytest.fixture
def proxy() -> Iterator[Callable[[str], Nginx]]:
    running: list[Nginx] = []

    def begin(site: str) -> Nginx:
        running.append(started(Nginx, site))
        return running[-1]

    yield begin
    for one in running:
        one.end()


def status(bot: Any, route: str) -> int:
    """Return how a bot answers, 0 if it does not."""
    try:
        return requests.get(f"{bot.url}{route}", timeout=30).status_code
    except requests.ConnectionError:
        return 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_only_host_restarts_while_systemd_holds_its_address(
    shared, start_bot, tmp_path, proxy, workers
):
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as address:
        port = address.getsockname()[1]
        nginx = proxy(deployed_site(port))
        settings = {**shared, "BOT_PORT": str(port), "BOT_WORKERS": workers}

        def begin() -> Any:
            return start_bot(ROOT, tmp_path, address=address, **settings)

        bot = begin()
        try:
            with Crowd(nginx.port, VISITORS, seed=5, bears=True) as crowd:
                for _ in range(2):
                    crowd.wait_for(60)
                    bot.stop()
                    bot = begin()
                crowd.wait_for(60)
            assert crowd.refusals == []
            assert [began for line in crowd.lines for began in line.unanswered] == []
            for visitor in crowd.visitors:
                visitor.ask_everything_again()
            assert "Traceback" not in bot.log.read_text(encoding="utf-8")
        finally:
            bot.stop()


@pytest.fixture
def hosts(shared, start) -> list[Any]:
    """Two hosts, whose bots take their time to leave."""
    return [start(**shared, BOT_DRAIN_SECONDS=str(DRAIN_SECONDS)) for _ in range(2)]


def restarted(bot: Any, start: Callable[..., Any], settings: dict[str, str]) -> Any:
    bot.stop()
    port = bot.url.rpartition(":")[2]
    return start(**settings, BOT_PORT=port, BOT_DRAIN_SECONDS=str(DRAIN_SECONDS))


def test_one_host_after_another_restarts_behind_nginx(hosts, shared, start, proxy):
    """As deploy/nginx is: it asks no host how it is, and tries another where one is away."""
    nginx = proxy(deployed_site(*(int(bot.url.rpartition(":")[2]) for bot in hosts)))
    with Crowd(nginx.port, VISITORS, seed=6, bears=True) as crowd:
        for bot in hosts:
            crowd.wait_for(60)
            restarted(bot, start, shared)
        crowd.wait_for(60)
    assert crowd.refusals == []
    assert [began for line in crowd.lines for began in line.unanswered] == []
    for visitor in crowd.visitors:
        visitor.ask_everything_again()


class Balancer:
    """Asks each host whether it is ready, and sends visitors to those alone; it tries only once."""

    def __init__(self, hosts: list[Any], proxy: Callable[[str], Nginx]) -> None:
        self._urls = [bot.url for bot in hosts]
        self._ready = self._asked()
        self.nginx = proxy(self._site())
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def sees(self, number: int) -> bool:
        return len(self._ready) == number

    def _asked(self) -> list[str]:
        def is_ready(url: str) -> bool:
            try:
                return requests.get(f"{url}/readyz", timeout=5).ok
            except requests.RequestException:  # Away, or too busy to say so in time.
                return False

        return [url for url in self._urls if is_ready(url)]

    def _site(self) -> str:
        site = deployed_site(*(int(url.rpartition(":")[2]) for url in self._ready))
        return site.replace("error timeout non_idempotent", "off")

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            if (found := self._asked()) and found != self._ready:
                self._ready = found
                self.nginx.change(self._site())


def test_one_host_after_another_restarts_behind_a_balancer_that_asks(hosts, shared, start, proxy):
    balancer = Balancer(hosts, proxy)
    try:
        with Crowd(balancer.nginx.port, VISITORS, seed=7, bears=True, trouble=False) as crowd:
            for bot in hosts:
                crowd.wait_for(60)
                restarted(bot, start, shared)
                wait_until(lambda: balancer.sees(2), "the host among those that are ready")
            crowd.wait_for(60)
    finally:
        balancer.end()
    assert crowd.refusals == []


@pytest.mark.parametrize("workers", ["1", "2"])
def test_whoever_leaves_says_so_and_answers_on_until_then(shared, start, workers):
    bot = start(**shared, BOT_DRAIN_SECONDS="60", BOT_WORKERS=workers)
    assert status(bot, "/readyz") == 200
    bot.process.send_signal(signal.SIGTERM)
    wait_until(lambda: status(bot, "/readyz") == 503, "that it is not ready")
    assert {status(bot, "/readyz") for _ in range(8)} == {503}, "every process says so"
    assert status(bot, "/healthz") == 200
    for _ in range(3):
        assert "Daniella" in bot.talk("Vem är chef?")
    assert requests.get(f"{bot.url}/healthz", timeout=30).headers["Connection"] == "close"
    before = set(bot.workers())
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: set(bot.workers()) - before, "another in its place")
    wait_until(lambda: status(bot, "/readyz") == 503, "that it is not ready either")
    bot.process.send_signal(signal.SIGTERM)  # Whoever asks twice does not want to wait.
    assert bot.process.wait(timeout=30) == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGHUP])
def test_whoever_sits_there_and_ends_it_does_not_wait(start, how):
    bot = start(BOT_DRAIN_SECONDS="60")
    began = time.monotonic()
    bot.process.send_signal(how)
    assert bot.process.wait(timeout=30) == 0
    assert time.monotonic() - began < 20
