"""One process or several behind one address; gunicorn starts and looks after them."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from bot.errors import BotError
from bot.quarantine import Quarantine, Watch

if TYPE_CHECKING:  # Whoever only looks after one process spares the memory.
    from sanic import Sanic

_log = logging.getLogger(__name__)

_SECONDS_BETWEEN_SIGNS_OF_LIFE: Final = 1.0
# A process that has given no sign of life for so long is replaced.
_PATIENCE_SECONDS: Final = 10
# Longest time that a process may take to begin, on a slow machine.
_SECONDS_TO_BEGIN: Final = 300
# Before the next one tries what one could not.
_SECONDS_BETWEEN_STARTS: Final = 3.0
# Those that end and those that take their place; settings allow 64.
_MOST_PROCESSES: Final = 256
# For the messages that a process has begun when it is told to end.
_SECONDS_TO_FINISH: Final = 15
# Signals by which the work of a process ends it, not somebody else.
_OF_ITS_OWN: Final = (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT)

_Build = Callable[[Watch], "Sanic"]
_Tell = Callable[[], None]


def serve(
    build: _Build, address: str, number: int, tell: _Tell, drain_seconds: float = 0.0
) -> None:
    """Serve in so many processes until the program is ended; one that dies is replaced.

    Args:
        build: makes the server; called in each process.
        address: where, host and port.
        number: of processes.
        tell: says that the chat is open; called once, when all have begun.
        drain_seconds: how long to answer on, though not ready for more, after SIGTERM.

    Raises:
        BotError: none can begin; each has said in the log why.

    """
    master = os.getpid()
    try:
        _Processes(build, address, number, tell, drain_seconds).run()
    except (HaltServer, SystemExit) as end:  # The first if several fail at once.
        if os.getpid() != master or (isinstance(end, SystemExit) and not end.code):
            raise
        raise BotError("Chatten kan inte starta. Varför står i loggen.") from None


class _Processes(BaseApplication):
    """What gunicorn asks for: the settings, and what a process runs."""

    def __init__(
        self, build: _Build, address: str, number: int, tell: _Tell, drain_seconds: float
    ) -> None:
        self.build = build
        self.tell = tell
        self.number = number
        self.drain_seconds = drain_seconds
        self.quarantine = Quarantine(_MOST_PROCESSES)
        # The processes that serve, each at a place of its own: one that is killed leaves no lock.
        self.serving = multiprocessing.Array("i", _MOST_PROCESSES, lock=False)
        self.told = multiprocessing.Value("b", False, lock=False)
        self._leaves = multiprocessing.Value("b", False, lock=False)
        self._address = address
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": self._address,
            "workers": self.number,
            "worker_class": _Process,
            "timeout": _PATIENCE_SECONDS,
            "graceful_timeout": _SECONDS_TO_FINISH,
            "logger_class": _Logger,
            "child_exit": self.forget,
            # Nobody asks it, and a process that dies would be replaced two seconds later.
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., None]:
        return _nothing

    def leave(self) -> None:
        """Note, for all processes, that the program is about to end."""
        self._leaves.value = True

    def leaves(self) -> bool:
        """Tell whether the program is about to end, and wants no new visitors."""
        return bool(self._leaves.value)

    def remember(self, process: Worker) -> int:
        """Note that a process serves; return how many do."""
        self.serving[process.age % _MOST_PROCESSES] = process.pid
        return sum(number != 0 for number in self.serving)

    def forget(self, master: object, process: Worker) -> None:
        """Note that a process has ended."""
        place = process.age % _MOST_PROCESSES
        if self.serving[place] == process.pid:
            self.serving[place] = 0
        if self.number > 1:  # One process counts in its own memory.
            from bot.metrics import forget_process

            forget_process(process.pid)

    def run(self) -> None:
        _Master(self).run()


class _Master(Arbiter):
    """Looks after the processes. Whatever ends it, they finish what they have begun."""

    def __init__(self, app: _Processes) -> None:
        # As nohup wants it.
        self._outlives_terminal = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        super().__init__(app)

    def reap_workers(self) -> None:
        """See what processes that have died were at work on, before gunicorn forgets them."""
        for number, process in list(self.WORKERS.items()):
            ended = os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended:
                is_certain = (
                    process.aborted
                    or ended.si_code == os.CLD_EXITED
                    or ended.si_status in _OF_ITS_OWN
                )
                place = process.age % _MOST_PROCESSES
                if self.app.quarantine.take_over(place, is_certain):
                    _log.error("Ett meddelande som avslutade en process tas inte emot igen.")
        super().reap_workers()

    def handle_term(self) -> None:
        """End; but first let a balancer see that nothing more is wanted, once and if it is to."""
        if self.app.drain_seconds and not self.app.leaves() and any(self.app.serving):
            self.app.leave()
            # Not by a thread: a process that dies meanwhile is replaced by a fork.
            signal.signal(signal.SIGALRM, lambda *_: self.signal(signal.SIGTERM, None))
            signal.setitimer(signal.ITIMER_REAL, self.app.drain_seconds)
            return
        raise StopIteration

    def stop(self, graceful: bool = True) -> None:
        """End the processes, which ask visitors at once to come back on another connection."""
        self.app.leave()
        super().stop(graceful)

    def handle_int(self) -> None:
        raise StopIteration

    def handle_quit(self) -> None:
        raise StopIteration

    def handle_hup(self) -> None:
        if not self._outlives_terminal:
            raise StopIteration

    def handle_usr1(self) -> None:
        """Leave the processes alone: there are no log files to open anew."""

    def handle_usr2(self) -> None:
        """Start no second master: what is new is published, or a host is restarted."""


class _Logger(Logger):
    """Writes what gunicorn has to say in the form of our own log."""

    def setup(self, cfg: object) -> None:
        """Leave it to the log of the program."""
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)


class _Process(Worker):
    """One process: a server of its own on the socket that all share."""

    def run(self) -> None:
        try:
            app: Sanic = self._loaded()
        except Exception as error:
            is_known = isinstance(error, BotError)
            told = "%s" if is_known else "En process kan inte starta: %s"
            _log.error(told, error, exc_info=None if is_known else error)
            # What no process can begin with ends the program; others go on without this one.
            if not any(self.app.serving):
                sys.exit(Arbiter.WORKER_BOOT_ERROR)
            time.sleep(_SECONDS_BETWEEN_STARTS)  # The next one would fail at once.
            sys.exit(1)
        from bot.connection import Connection

        app.ctx.leaves = self.app.leaves
        app.after_server_start(self._begin)
        app.run(
            sock=self.sockets[0].sock,
            protocol=Connection,
            single_process=True,
            access_log=False,
            motd=False,
        )

    def _loaded(self) -> Sanic:
        """Load the model, giving signs of life meanwhile."""
        loaded = threading.Event()

        def live() -> None:
            end = time.monotonic() + _SECONDS_TO_BEGIN
            while not loaded.wait(_SECONDS_BETWEEN_SIGNS_OF_LIFE) and time.monotonic() < end:
                self.notify()

        threading.Thread(target=live, daemon=True).start()
        try:
            return self.app.build(Watch(self.app.quarantine, self.age % _MOST_PROCESSES))
        finally:
            loaded.set()

    def init_signals(self) -> None:
        """End at once while loading; then the server has signal handlers of its own."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)

    async def _begin(self, app: Sanic) -> None:
        from bot.server import keep_doing

        keep_doing(app, self._live(app))
        if self.app.remember(self) == self.app.number and not self.app.told.value:
            self.app.told.value = True
            self.app.tell()

    async def _live(self, app: Sanic) -> None:
        """Tell gunicorn that the process is alive, and end when gunicorn is gone."""
        while os.getppid() == self.ppid:
            self.notify()
            await asyncio.sleep(_SECONDS_BETWEEN_SIGNS_OF_LIFE)
        app.stop()


def _nothing(*_: object) -> None:
    """Stand where gunicorn expects a web application."""
