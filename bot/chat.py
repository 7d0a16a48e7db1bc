"""Talk to the bot in the terminal, in this process."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from textwrap import indent
from typing import Any, BinaryIO, Final

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import FileHistory
from rich.console import Console
from rich.text import Text

from bot.dialogues import write_dialogue
from bot.engine.observed import ObservedAgent
from bot.errors import BotError, log_failure
from bot.explanation import Explainer
from bot.settings import OWNER_ONLY
from bot.turns import Observed
from bot.yaml_file import read_text

_SENDER_BYTES: Final = 16
_EXPLAIN: Final = ("/förklara", "/forklara")
_SAVE: Final = "/spara"
_ANEW: Final = "/ny"
_HELP: Final = "/hjälp"
_END: Final = "/slut"
_COMMANDS: Final = """\
  /förklara     visa, eller sluta visa, hur boten kom fram till svaret
  /spara NAMN   spara samtalet som ett dialogtest i tests/dialogues
  /ny           börja ett nytt samtal
  /hjälp        visa det här
  /slut         avsluta; Ctrl-D gör samma sak"""
_FAILED: Final = "Något gick fel, och boten kunde inte svara. I loggen står varför: {error_id}"
_NAME: Final = re.compile(r"[a-zåäö0-9][a-zåäö0-9_-]{0,59}")


class Chat:
    """One conversation with the agent, and what staff may do with it."""

    def __init__(self, agent: ObservedAgent, explainer: Explainer, dialogues: Path) -> None:
        """Begin a conversation; `dialogues` is the folder where it can be saved."""
        self._agent = agent
        self._explainer = explainer
        self._dialogues = dialogues
        self.explains = False
        self.begin()

    def begin(self) -> None:
        """Begin a conversation of which nothing is remembered."""
        self._sender = secrets.token_hex(_SENDER_BYTES)
        self._turns: list[Observed] = []
        self.buttons: list[dict[str, str]] = []

    async def say(self, text: str) -> Observed:
        """Return the bot's turn; a number chooses one of the last buttons."""
        if text.isdecimal() and 1 <= int(text) <= len(self.buttons):
            text = self.buttons[int(text) - 1]["payload"]
        try:
            turn = await self._agent.observe(self._sender, text)
        except Exception as error:
            said = _FAILED.format(error_id=log_failure(error))
            turn = Observed(text, [{"recipient_id": self._sender, "text": said}])
        else:
            self._turns.append(turn)  # A failure is nothing to expect in a test.
        self.buttons = [button for item in turn.items for button in item.get("buttons", [])]
        return turn

    def obey(self, command: str) -> str | None:
        """Do what a command says and return what to tell; None if it is no command."""
        word, _, rest = command.partition(" ")
        if word in _EXPLAIN:
            self.explains = not self.explains
            return "Jag förklarar varje svar." if self.explains else "Jag förklarar inte mer."
        if word == _ANEW:
            self.begin()
            return "Ett nytt samtal."
        if word == _SAVE:
            return self._save(rest.strip())
        return _COMMANDS if word == _HELP else None

    def _save(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            return "Skriv /spara och ett namn av små bokstäver, siffror, - och _, utan mellanslag."
        if not self._turns:
            return "Det finns inget att spara än. Ställ en fråga först."
        path = self._dialogues / f"{name}.yml"
        if path.exists():
            return f"{path} finns redan. Välj ett annat namn."
        write_dialogue(path, name, self._turns)
        return f"Sparat i {path}. Kör make dialogues för att pröva det."

    def as_json(self, turn: Observed) -> str:
        """Return a turn on one line, for machines."""
        explained = {"explanation": self._explainer.as_dict(turn)} if self.explains else {}
        content = {"message": turn.text, "reply": turn.items, **explained}
        return json.dumps(content, ensure_ascii=False)

    def explained(self, turn: Observed) -> str:
        """Return how the bot came to its reply."""
        return "\n".join(self._explainer.lines(turn))


def as_text(items: Iterable[dict[str, Any]]) -> str:
    """Return a reply as it is printed: texts, then numbered buttons."""
    lines = []
    number = 0
    for item in items:
        lines.append(item["text"])
        for button in item.get("buttons", []):
            number += 1
            lines.append(f"  {number}. {button['title']}")
    return "\n".join(lines)


async def talk(chat: Chat, typed: AsyncIterator[str], as_json: bool, repeats: bool) -> None:
    """Answer what is typed until it ends.

    Args:
        chat: the conversation.
        typed: messages and commands.
        as_json: print a line of JSON for each message, and nothing else.
        repeats: print the message too, since nobody saw it being typed.

    """
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    async for line in typed:
        text = line.strip()
        if not text:
            continue
        if text == _END:
            return
        told = chat.obey(text)
        if told and as_json:
            print(told, file=sys.stderr)
            continue
        if told is None:
            turn = await chat.say(text)
            if as_json:
                print(chat.as_json(turn), flush=True)
                continue
            if repeats:
                console.print(Text(f"Du: {text}"))
            console.print(Text(as_text(turn.items)))
            told = chat.explained(turn) if chat.explains else ""
        if told:
            console.print(Text(indent(told, "  "), style="dim"))
        console.print()


async def _from_terminal(history: Path) -> AsyncIterator[str]:
    """Yield what is typed, with editing and a history that lasts."""
    history.parent.mkdir(parents=True, exist_ok=True)
    history.touch(mode=OWNER_ONLY)
    commands = WordCompleter([_EXPLAIN[0], _SAVE, _ANEW, _HELP, _END], sentence=True)
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)), completer=commands, complete_while_typing=False
    )
    while True:
        try:
            yield await session.prompt_async("Du: ")
        except EOFError:
            return


async def _from_lines(lines: Iterable[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


def _piped(stream: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(stream, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise BotError(f"Rad {number} är inte skriven i UTF-8.") from None


def read_questions(file: Path) -> list[str]:
    """Return the lines of a file.

    Raises:
        FileError: it cannot be read.

    """
    if file.is_fifo():  # What a shell hands over as a file: chat <(…).
        with file.open("rb") as stream:
            return list(_piped(stream))
    return read_text(file).splitlines()


def run_chat(chat: Chat, lines: Iterable[str] | None, as_json: bool, history: Path) -> None:
    """Answer the lines of a file or a pipe, or whoever types.

    Args:
        chat: the conversation.
        lines: questions and commands; None for standard input.
        as_json: print a line of JSON for each message.
        history: the file that remembers what was typed.

    """
    if lines is None and sys.stdin.isatty():
        if not as_json:
            print("Skriv din fråga, eller numret på ett förslag. /hjälp visar vad mer som går.\n")
        asyncio.run(talk(chat, _from_terminal(history), as_json, repeats=False))
    else:
        typed = _from_lines(_piped(sys.stdin.buffer) if lines is None else lines)
        asyncio.run(talk(chat, typed, as_json, repeats=True))


def answer_once(chat: Chat, question: str, as_json: bool) -> None:
    """Answer one question, for scripts; a command is only text here.

    Raises:
        BotError: it is no text.

    """
    try:
        question.encode()
    except UnicodeEncodeError:
        raise BotError("Frågan är inte skriven i UTF-8.") from None
    turn = asyncio.run(chat.say(question))
    if as_json:
        print(chat.as_json(turn))
        return
    print(as_text(turn.items))
    if chat.explains:
        print("\n" + chat.explained(turn))
