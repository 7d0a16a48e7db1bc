"""Commands for running, training, trying and checking the bot."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import importlib.util
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO

from bot.errors import BotError, SettingsError
from bot.quiet import keep_quiet
from bot.settings import ROOT, Settings, has_inherited_address, logs_json, settings

if TYPE_CHECKING:
    from sanic import Sanic

    from bot.engine.observed import ObservedAgent
    from bot.quarantine import Watch

_log = logging.getLogger(__name__)

_NOT_COLLECTED: Final = (
    "Inga frågor är sparade. Boten sparar dem som den inte förstår om BOT_COLLECT_QUESTIONS=true "
    "är satt där den körs; läs docs/privacy.md först."
)
_NOT_FOR_SERVING: Final = (
    "Det här behöver paket som boten själv klarar sig utan. Hämta dem med make setup-dev."
)
_EACH_FOR_ITSELF: Final = "Utan BOT_REDIS_URL räknar varje process sina gränser för sig."
_LONGEST_COMMAND: Final = 14
_LOOK_AT_IT: Final = "Läs den där: namn och adresser på besökare ska inte stå kvar."
_TRAIN: Final = "Kör sedan make train, så lär sig boten av den."
# What argparse says, and what our readers read.
_SWEDISH: Final = (
    (
        r"argument \S+: invalid choice: ('.*?') \(choose from (.*)\)",
        r"\1 finns inte, men \2",
    ),
    (r"the following arguments are required: (.*)", r"\1 saknas"),
    (r"unrecognized arguments: (.*)", r"\1 är okänt"),
    (r"argument (\S+): expected one argument", r"\1 ska följas av ett värde"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 går inte ihop med \2"),
    (r"argument (\S+): (.*)", r"\1: \2"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 when all is well."""
    _open_what_is_closed()
    chosen = _parser().parse_args(arguments)
    try:
        keep_quiet(settings().log_level, settings().log_format == "json")
        status: int = chosen.run(chosen)
        return status
    except BotError as error:
        if logs_json():
            keep_quiet("INFO", as_json=True)  # The settings may be what is wrong.
            _log.error("%s", error)
        else:
            print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read what we print, head for example, has had enough.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0


def _open_what_is_closed() -> None:
    """Read nothing, and write nowhere, where whoever started us has closed that (`<&-`).

    A closed stream is None to Python, and the next file that is opened would take its place for
    the libraries that write there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115


class _Formatter(argparse.HelpFormatter):
    """Writes help in Swedish, a line each."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)
        self._action_max_length = _LONGEST_COMMAND  # It forgets how far commands are indented.

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Så här: " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Reads a command, and says in Swedish what can be written."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=_Formatter, add_help=False)
        self._positionals.title = "argument"
        self._optionals.title = "val"
        self.add_argument("-h", "--help", action="help", help="visa den här hjälpen")

    def error(self, message: str) -> NoReturn:
        for english, swedish in _SWEDISH:
            if found := re.fullmatch(english, message):
                message = found.expand(swedish)
                break
        told = f"Det gick inte: {message}. Lägg till --help, så visas vad som går.\n"
        self.exit(2, f"{self.format_usage()}{told}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m bot", description="Chattboten: starta, träna, pröva och granska."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="KOMMANDO")

    run = commands.add_parser("run", help="starta chatten på webben; tränar först om det behövs")
    run.set_defaults(run=lambda chosen: _run(settings()))

    train = commands.add_parser("train", help="träna modellen på nytt")
    train.add_argument("--if-needed", action="store_true", help="bara om något har ändrats")
    train.set_defaults(run=lambda chosen: _train(chosen.if_needed))

    chat = commands.add_parser("chat", help="prata med boten i terminalen")
    chat.add_argument(
        "file", nargs="?", type=Path, metavar="FIL", help="textfil med en fråga på varje rad"
    )
    chat.add_argument("--once", metavar="FRÅGA", help="svara på en fråga och sluta")
    chat.add_argument("--explain", action="store_true", help="visa hur boten kom fram till svaret")
    chat.add_argument("--json", action="store_true", help="skriv en rad JSON för varje svar")
    chat.set_defaults(run=_chat)

    dialogues = commands.add_parser("dialogues", help="pröva dialogtesten i tests/dialogues")
    dialogues.add_argument(
        "files", nargs="*", type=Path, metavar="FIL", help="bara de här filerna, eller mapparna"
    )
    dialogues.add_argument("--junit", type=Path, metavar="FIL", help="skriv utfallet för CI (XML)")
    dialogues.set_defaults(run=_dialogues)

    questions = commands.add_parser(
        "questions", help="visa vad besökare har frågat förgäves, och lär boten av det"
    )
    what = questions.add_mutually_exclusive_group()
    what.add_argument(
        "--move", type=_numbers, metavar="NR", help="frågor att använda: 12 eller 12,15"
    )
    what.add_argument("--drop", type=_numbers, metavar="NR", help="frågor att glömma")
    questions.add_argument("--to", metavar="INTENT", help="vad frågorna gäller")
    questions.add_argument(
        "--test", action="store_true", help="bland testfrågorna (tests/nlu), inte bland exemplen"
    )
    questions.set_defaults(run=_questions)

    check = commands.add_parser("check", help="granska kunskap, exempel, regler och fraser")
    check.add_argument("--full", action="store_true", help="kör också rasa data validate")
    check.set_defaults(run=_check)

    publish = commands.add_parser(
        "publish", help="lämna fakta och modell till alla processer, genom BOT_DATABASE_URL"
    )
    publish.set_defaults(run=lambda chosen: _publish(settings()))

    report = commands.add_parser("report", help="mät hur väl frågor förstås")
    report.add_argument(
        "--outside", type=Path, metavar="MAPP", help="mapp med texter (*.txt) om annat"
    )
    report.set_defaults(run=_report)

    bench = commands.add_parser("bench", help="mät farten bredvid Rasas egen uppsättning")
    bench.add_argument("--quick", action="store_true", help="bara det som går på några minuter")
    bench.add_argument(
        "--scale", action="store_true", help="mät flera processer på PostgreSQL, Redis och nginx"
    )
    bench.set_defaults(run=_bench)
    return parser


def _teller(screen: TextIO) -> Callable[[str], None]:
    """Return what prints there, though what Rasa prints meanwhile goes elsewhere."""
    return lambda told: print(told, file=screen, flush=True)


def _run(settings: Settings) -> int:
    show = _teller(sys.stdout)

    def say(told: str) -> None:
        if settings.log_format == "json":  # Who collects that gets nothing else.
            _log.info(told)
        else:
            show(told)

    if settings.workers > 1:
        if sys.platform == "win32":
            raise SettingsError("BOT_WORKERS över 1 går inte på Windows. Använd en container.")
        if not settings.redis_url:
            say(_EACH_FOR_ITSELF)
    # Until the server has handlers of its own; the first process of a container has none.
    signal.signal(signal.SIGTERM, _end)
    if not has_inherited_address():
        _check_address(settings)
    if settings.workers > 1:
        _count_together(settings.metrics)
    _train(only_if_needed=True, tell=say)
    say("Startar chattboten …")
    if settings.database_url:
        from bot.stores import wait_for_database  # Which begins to count.

        asyncio.run(wait_for_database(settings, say))

    def tell(*_: object) -> None:
        say(f"Chatten är igång: http://{settings.address}/")
        if settings.log_format == "text":
            say("Avsluta med Ctrl-C.")

    if sys.platform == "win32":
        from bot.connection import Connection

        app = _server(settings)
        app.after_server_start(tell)
        app.run(
            settings.host,
            settings.port,
            protocol=Connection,
            single_process=True,
            access_log=False,
            motd=False,
        )
    else:
        if settings.workers > 1:
            with _loading():
                import bot.server  # noqa: F401 - once, for all processes
        from bot.workers import serve

        serve(
            lambda watch: _server(settings, watch),
            settings.address,
            settings.workers,
            tell,
            settings.drain_seconds,
        )
    return 0


def _end(*_: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)


def _count_together(folder: Path) -> None:
    """Let processes count in files; what those of before have left is gone."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        told = f"Det går inte att skriva i {folder.parent} ({error.strerror}). Se BOT_DATA_DIR."
        raise SettingsError(told) from error
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(folder))


def _server(settings: Settings, watch: Watch | None = None) -> Sanic:
    """Load the model and put the server together."""
    with _loading():
        from bot import training
        from bot.engine import load_agent
        from bot.server import build_app
        from bot.stores import latest_publication, open_stores

        stores = open_stores(settings)
        publication = asyncio.run(latest_publication(settings))
        agent = load_agent(
            training.MODEL,
            stores.conversations,
            settings.conversation_ttl,
            stores.questions,
            stores.turns,
            stores.publisher,
            publication,
            watch,
        )
    return build_app(agent, settings, stores.redis)


@contextlib.contextmanager
def _loading() -> Iterator[None]:
    """Do not look for rubbish in what is loaded, now or later: that takes a fifth of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _observed_agent() -> ObservedAgent:
    with _loading():
        from bot import training
        from bot.engine.observed import observed_agent

        return observed_agent(training.MODEL)


def _check_address(settings: Settings) -> None:
    """Find out at once, not after a minute's training, that the address is taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.create_server((settings.host, settings.port), family=family):
            pass
    except OSError as error:
        raise SettingsError(
            f"Chatten kan inte öppna {settings.address} ({error.strerror}). "
            "Kör den redan? Välj annars en annan port med BOT_PORT."
        ) from error


def _train(only_if_needed: bool, tell: Callable[[str], None] | None = None) -> int:
    from bot import training

    if only_if_needed and training.is_current():
        return 0
    # What Rasa prints meanwhile is kept for when it fails.
    show = tell or _teller(sys.stdout)
    show("Läser exempel och regler. Träningen tar några minuter …")
    training.train(lambda step: show(f"  {step}"))
    show("Modellen är klar.")
    return 0


def _chat(chosen: argparse.Namespace) -> int:
    if chosen.once is not None and chosen.file:
        raise BotError("Skriv antingen --once och en fråga, eller en fil med frågor.")
    # What scripts read holds answers only.
    _train(only_if_needed=True, tell=_teller(sys.stderr))
    with _loading():
        from bot.chat import Chat, answer_once, read_questions, run_chat
        from bot.explanation import Explainer
        from bot.facts import current
        from bot.knowledge.rules import all_rules

        unit = settings().unit_dir
        explainer = Explainer(current(), all_rules(unit, current()))
    lines = read_questions(chosen.file) if chosen.file else None
    chat = Chat(_observed_agent(), explainer, unit / "tests" / "dialogues")
    chat.explains = chosen.explain
    if chosen.once is not None:
        answer_once(chat, chosen.once, chosen.json)
    else:
        run_chat(chat, lines, chosen.json, settings().data_dir / "chat_history")
    return 0


def _dialogues(chosen: argparse.Namespace) -> int:
    from rich.console import Console

    from bot.dialogues import junit, load_dialogues, run_dialogues

    files = chosen.files or [settings().unit_dir / "tests" / "dialogues"]
    dialogues = load_dialogues(files)
    if not dialogues:
        raise BotError(f"Här finns inga dialogtest: {', '.join(map(str, files))}")
    if chosen.junit:
        chosen.junit.parent.mkdir(parents=True, exist_ok=True)
    _train(only_if_needed=True)
    verdicts = run_dialogues(dialogues, _observed_agent().observe, Console())
    if chosen.junit:
        chosen.junit.write_bytes(junit(verdicts))
    return 1 if any(verdict.failed for verdict in verdicts) else 0


def _numbers(text: str) -> list[int]:
    try:
        return list(dict.fromkeys(int(number) for number in text.split(",")))
    except ValueError:
        hint = "skriv frågornas nummer, med komma emellan: 12,15"
        raise argparse.ArgumentTypeError(hint) from None


def _questions(chosen: argparse.Namespace) -> int:
    if bool(chosen.move) != bool(chosen.to):
        raise BotError("Skriv både vilka frågor (--move) och vad de gäller (--to).")
    asyncio.run(_use_questions(chosen))
    return 0


async def _use_questions(chosen: argparse.Namespace) -> None:
    from bot.questions import add_example, listing
    from bot.stores import open_questions, wait_for_database

    await wait_for_database(settings(), print, attempts=1)

    async with open_questions(settings()) as store:
        await store.expire()
        kept = {question.id: question for question in await store.all()}
        wanted = chosen.move or chosen.drop or ()
        if unknown := [number for number in wanted if number not in kept]:
            raise BotError(f"Det finns ingen fråga med nummer {', '.join(map(str, unknown))}.")
        for number in chosen.move or ():
            folders = [settings().unit_dir / part / "nlu" for part in ("data", "tests")]
            folder, other = reversed(folders) if chosen.test else folders
            where = add_example(folder, chosen.to, kept[number].text, other)
            await store.drop(number)
            print(f"Står nu i {where}.")
        if chosen.move:
            print(_LOOK_AT_IT if chosen.test else f"{_LOOK_AT_IT} {_TRAIN}")
        if chosen.drop:
            await store.drop(*chosen.drop)
            for number in chosen.drop:
                print(f"”{kept[number].text}” är glömd.")
    if not wanted:
        for line in listing(list(kept.values())):
            print(line)
        if not kept:
            told = "Inga frågor är sparade." if settings().collect_questions else _NOT_COLLECTED
            print(told)


def _publish(settings: Settings) -> int:
    if not settings.database_url:
        raise BotError("Sätt BOT_DATABASE_URL till databasen som processerna delar.")
    _train(only_if_needed=True)
    print(f"Publicerat: {asyncio.run(_published(settings))}. Alla processer tar över det nu.")
    return 0


async def _published(settings: Settings) -> str:
    from bot import training
    from bot.stores import open_publisher, wait_for_database

    await wait_for_database(settings, print, attempts=1)
    publisher = open_publisher(settings)
    try:
        return await publisher.publish(settings.knowledge_dir, training.MODEL)
    finally:
        await publisher.close()


def _check_what_is_installed() -> None:
    """Find out at once, not after a minute's training, that only what serves is installed."""
    if not importlib.util.find_spec("matplotlib"):
        raise BotError(_NOT_FOR_SERVING)


def _check(chosen: argparse.Namespace) -> int:
    if chosen.full:
        _check_what_is_installed()
    from bot.check import run_check

    return run_check(full=chosen.full)


def _report(chosen: argparse.Namespace) -> int:
    from datetime import datetime

    from rich.console import Console
    from rich.progress import track

    _check_what_is_installed()
    _train(only_if_needed=True)
    from bot.facts import current
    from bot.knowledge.rules import all_rules
    from bot.report.measure import measure
    from bot.report.pages import share, write

    console = Console()
    unit = settings().unit_dir
    results = measure(
        _observed_agent(),
        unit,
        current(),
        all_rules(unit, current()),
        chosen.outside,
        lambda some, name: track(
            some, name, console=console, transient=True, disable=not console.is_terminal
        ),
    )
    page = write(results, settings().data_dir / "report", datetime.now())
    questions, dialogues = results["questions"], results["dialogues"]
    print(f"Testfrågor rätt: {share(questions['right'], questions['total'])}")
    print(f"Svar i dialoger rätt: {share(dialogues['right'], dialogues['total'])}")
    for one in results["outside"]:
        print(f"Falska svar, {one['name']}: {share(one['false'], one['total'])}")
        print(f"Falska larm, {one['name']}: {share(one['alarms'], one['total'])}")
    print(f"Hela rapporten: {page}")
    return 0


def _bench(chosen: argparse.Namespace) -> int:
    _check_what_is_installed()
    _train(only_if_needed=True)
    if chosen.scale:
        from bot.bench.scale import run_scale

        return run_scale(ROOT / "docs" / "benchmarks")
    from bot.bench.bench import run_bench

    return run_bench(chosen.quick)
