"""Commands for running, training and checking the bot."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.errors import BotError, SettingsError
from bot.quiet import keep_quiet
from bot.settings import ROOT, Settings, settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 when all is well."""
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Chattboten för Biblioteksutveckling."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="KOMMANDO")
    commands.add_parser("run", help="starta chatten på webben; tränar först om det behövs")
    train = commands.add_parser("train", help="träna modellen på nytt")
    train.add_argument("--if-needed", action="store_true", help="bara om något har ändrats")
    check = commands.add_parser("check", help="granska kunskap, exempel, regler och fraser")
    check.add_argument("--full", action="store_true", help="kör också rasa data validate")
    report = commands.add_parser("report", help="mät hur väl frågor förstås")
    report.add_argument("--outside", type=Path, help="mapp med texter (*.txt) om annat")
    chat = commands.add_parser("chat", help="prata med boten i terminalen")
    chat.add_argument("--once", metavar="FRÅGA", help="svara på en fråga och sluta")
    bench = commands.add_parser("bench", help="mät farten bredvid Rasas egen uppsättning")
    bench.add_argument("--quick", action="store_true", help="bara det som går på några minuter")
    chosen = parser.parse_args(arguments)
    try:
        keep_quiet(settings().log_level)
        if chosen.command == "run":
            return _run(settings())
        if chosen.command == "train":
            return _train(only_if_needed=chosen.if_needed)
        if chosen.command == "report":
            return _report(chosen.outside)
        if chosen.command == "chat":
            return _chat(chosen.once)
        if chosen.command == "bench":
            return _bench(quick=chosen.quick)
        return _check(full=chosen.full)
    except BotError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read what we print, head for example, has had enough.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0


def _run(settings: Settings) -> int:
    from bot import training

    _check_address(settings.host, settings.port)
    _train(only_if_needed=True)
    print("Startar chattboten …", flush=True)
    from bot.connection import Connection
    from bot.engine import load_agent
    from bot.server import build_app

    agent = load_agent(training.MODEL, settings.database, settings.conversation_ttl)
    app = build_app(agent, settings)

    @app.after_server_start
    async def tell(app: object, loop: object) -> None:
        print(f"Chatten är igång: http://{settings.host}:{settings.port}/", flush=True)
        print("Avsluta med Ctrl-C.", flush=True)

    app.run(settings.host, settings.port, protocol=Connection, access_log=False, motd=False)
    return 0


def _check_address(host: str, port: int) -> None:
    """Find out at once, not after a minute's training, that the address is taken."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise SettingsError(
            f"Chatten kan inte öppna {host}:{port} ({error.strerror}). "
            "Kör den redan? Välj annars en annan port med BOT_PORT."
        ) from error


def _train(only_if_needed: bool) -> int:
    from bot import training

    if only_if_needed and training.is_current():
        return 0
    print("Läser exempel och regler. Träningen tar några minuter …", flush=True)
    screen = sys.stdout  # What Rasa prints meanwhile is kept for when it fails.
    training.train(lambda step: print(f"  {step}", file=screen, flush=True))
    print("Modellen är klar.", flush=True)
    return 0


def _report(outside: Path | None) -> int:
    from rich.console import Console

    from bot import evaluation, training
    from bot.engine import load_agent

    _train(only_if_needed=True)
    console = Console()
    understand = evaluation.understander(load_agent(training.MODEL, None))
    questions = evaluation.held_out(ROOT / "tests" / "nlu")
    evaluation.print_scores(evaluation.score(questions, understand), console)
    if outside:
        evaluation.print_false_answers(outside, understand, console)
    return 0


def _chat(once: str | None) -> int:
    from bot import training

    _train(only_if_needed=True)
    from bot.chat import run_chat
    from bot.engine import load_agent

    return run_chat(load_agent(training.MODEL, None), once)


def _bench(quick: bool) -> int:
    _train(only_if_needed=True)
    from bot.bench.bench import run_bench

    return run_bench(quick)


def _check(full: bool) -> int:
    from bot.check import run_check

    return run_check(full=full)
