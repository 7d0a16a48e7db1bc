"""Dialogue tests in the form of Rasa's end-to-end tests: read, hold, judge and write them."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as Xml

import yaml
from pydantic import BaseModel, Extra, Field, root_validator, validator
from rich.console import Console
from rich.progress import track

from bot.errors import FileError, Problem
from bot.turns import Observed
from bot.yaml_file import Lines, read_as

Speak = Callable[[str, str], Awaitable[Observed]]

_SENDER_BYTES: Final = 16


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


class _Button(_Strict):
    title: str | None
    payload: str | None


class _Uttered(_Strict):
    utter_name: str | None
    text_matches: str | None
    buttons: list[_Button] = Field(default_factory=list)

    @validator("text_matches")
    def _is_pattern(cls, value: str | None) -> str | None:  # noqa: N805
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"mönstret är inget reguljärt uttryck: {error}") from error
        return value


class _Slot(_Strict):
    name: str = Field(..., min_length=1)
    value: Any = None


class _Assertion(_Strict):
    bot_uttered: _Uttered | None
    action_executed: str | None
    slot_was_set: list[_Slot] = Field(default_factory=list)
    slot_was_not_set: list[_Slot] = Field(default_factory=list)


class _Line(_Strict):
    """One entry of `steps`: what the visitor says, or what the bot is to say."""

    user: str | None
    bot: str | None
    utter: str | None
    assertions: list[_Assertion] = Field(default_factory=list)
    expected_failure: str | None

    @root_validator(skip_on_failure=True)
    def _is_one_thing(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        named = [name for name in ("user", "bot", "utter") if values.get(name) is not None]
        if len(named) != 1:
            raise ValueError("ett steg har en av user, bot och utter.")
        if named != ["user"] and (values["assertions"] or values["expected_failure"]):
            raise ValueError("assertions och expected_failure hör till ett steg med user.")
        return values


class _Case(_Strict):
    test_case: str = Field(..., min_length=1)
    steps: list[_Line] = Field(..., min_items=1)


class _File(_Strict):
    test_cases: list[_Case]


@dataclass(frozen=True)
class Expectation:
    """What one turn is to bring: `kind` is a field of the form, `wanted` its value."""

    kind: str
    wanted: Any

    def missed(self, turn: Observed) -> str | None:
        """Return in Swedish what is not as it should be; None if all is well."""
        return _CHECKS[self.kind](self.wanted, turn)


@dataclass(frozen=True)
class Step:
    """What the visitor says, and what is expected of the turn.

    Attributes:
        user: a message, or the payload of a button that was offered.
        expected: all that the turn is to bring.
        expected_failure: why the turn is known to go wrong; None if it should not.

    """

    user: str
    expected: tuple[Expectation, ...]
    expected_failure: str | None = None


@dataclass(frozen=True, eq=False)
class Dialogue:
    """One test case and where it stands."""

    name: str
    file: str
    line: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Verdict:
    """How one turn went: `missed` says what was not as expected."""

    dialogue: Dialogue
    step: Step
    turn: Observed
    missed: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether the turn went wrong and nobody knew it would, or right against all odds."""
        return bool(self.missed) != bool(self.step.expected_failure)

    def __str__(self) -> str:
        """Return the turn as a person would read it."""
        place = f"{self.dialogue.file}, rad {self.dialogue.line}: {self.dialogue.name}"
        if not self.missed:
            hint = "Går rätt nu. Ta bort expected_failure."
            return f"{place}\n  Besökaren: {self.step.user}\n  {hint}"
        understood = ", ".join(step.intent for step in self.turn.steps)
        return "\n".join(
            [
                place,
                f"  Besökaren: {self.step.user}",
                _indented("  Boten:     ", self.turn.reply),
                *(_indented("  Väntat:    ", missed) for missed in self.missed),
                *([f"  Förstods som: {understood}"] if understood else []),
            ]
        )


def load_dialogues(places: Iterable[Path]) -> list[Dialogue]:
    """Read every test case of files, and of the files in folders.

    Raises:
        FileError: with every mistake in the files, not only the first.

    """
    problems: list[Problem] = []
    dialogues: list[Dialogue] = []
    for path in _files(places):
        try:
            content, lines = read_as(path, _File)
        except FileError as error:
            problems += error.problems
            continue
        for number, case in enumerate(content.test_cases):
            place: tuple[Any, ...] = ("test_cases", number)
            if case.steps[0].user is None:
                told = "ett test börjar med att besökaren säger något (user)."
                problems.append(lines.problem((*place, "steps", 0), told))
                continue
            dialogues.append(_dialogue(case, lines, lines.line((*place, "test_case"))))
    if problems:
        raise FileError(problems)
    return dialogues


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        yield from sorted(place.glob("*.yml")) if place.is_dir() else [place]


def _dialogue(case: _Case, lines: Lines, line: int) -> Dialogue:
    steps: list[Step] = []
    said: list[Expectation] = []
    for one in [*case.steps, None]:
        if one is not None and one.user is None:
            said.append(
                Expectation("utter", one.utter) if one.utter else Expectation("bot", one.bot)
            )
            continue
        if steps and said:
            # Each utterance of the turn, in order.
            last = steps.pop()
            steps.append(Step(last.user, (*last.expected, *said), last.expected_failure))
            said = []
        if one is not None:
            expected = tuple(e for assertion in one.assertions for e in _expected(assertion))
            steps.append(Step(str(one.user), expected, one.expected_failure))
    return Dialogue(case.test_case, lines.file, line, tuple(steps))


def _expected(assertion: _Assertion) -> Iterator[Expectation]:
    if uttered := assertion.bot_uttered:
        if uttered.utter_name:
            yield Expectation("utter", uttered.utter_name)
        if uttered.text_matches:
            yield Expectation("text_matches", uttered.text_matches)
        for button in uttered.buttons:
            yield Expectation("button", button)
    if assertion.action_executed:
        yield Expectation("action_executed", assertion.action_executed)
    for slot in assertion.slot_was_set:
        yield Expectation("slot_was_set", slot)
    for slot in assertion.slot_was_not_set:
        yield Expectation("slot_was_not_set", slot)


def _text_matches(pattern: str, turn: Observed) -> str | None:
    found = re.search(pattern, turn.reply, re.IGNORECASE | re.DOTALL)
    return None if found else f"något som passar {pattern}"


def _bot(text: str, turn: Observed) -> str | None:
    said = [item["text"] for item in turn.items] + [s.text for one in turn.steps for s in one.said]
    if _plain(text) in map(_plain, said):
        return None
    return _difference(text, turn.reply)


def _utter(phrase: str, turn: Observed) -> str | None:
    used = [said.phrase for step in turn.steps for said in step.said if said.phrase]
    if phrase in used:
        return None
    return f"frasen {phrase}, men boten använde {', '.join(used) or 'ingen fras'}"


def _button(wanted: _Button, turn: Observed) -> str | None:
    for item in turn.items:
        for button in item.get("buttons", []):
            same_title = wanted.title in (None, button["title"])
            if same_title and wanted.payload in (None, button["payload"]):
                return None
    return f"knappen {wanted.title or wanted.payload}"


def _action_executed(action: str, turn: Observed) -> str | None:
    run = [name for step in turn.steps for name in step.actions]
    return None if action in run else f"{action}, men boten körde {', '.join(run) or 'inget'}"


def _slot_was_set(slot: _Slot, turn: Observed) -> str | None:
    value = (turn.after or {}).get(slot.name)
    if value is not None and slot.value in (None, _as_written(value)):
        return None
    wanted = "" if slot.value is None else f" = {slot.value}"
    return f"att boten minns {slot.name}{wanted}, men det är {value}"


def _slot_was_not_set(slot: _Slot, turn: Observed) -> str | None:
    value = (turn.after or {}).get(slot.name)
    if value is None or (slot.value is not None and slot.value != _as_written(value)):
        return None
    return f"att boten inte minns {slot.name}, men det är {value}"


_CHECKS: Final[dict[str, Callable[[Any, Observed], str | None]]] = {
    "text_matches": _text_matches,
    "bot": _bot,
    "utter": _utter,
    "button": _button,
    "action_executed": _action_executed,
    "slot_was_set": _slot_was_set,
    "slot_was_not_set": _slot_was_not_set,
}


def _as_written(value: Any) -> Any:
    """Return a slot's value as a YAML file that is read as text has it."""
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _difference(wanted: str, got: str) -> str:
    """Return the wanted text; where it is near, with - and + before lines that differ."""
    lines = [line.rstrip() for line in ndiff(wanted.splitlines(), got.splitlines())]
    if not any(line.startswith("  ") for line in lines) or len(lines) < 2:
        return wanted
    told = [line for line in lines if not line.startswith("?")]
    return "\n".join(["(- väntat, + sagt)", *told])


def _indented(title: str, text: str) -> str:
    return title + text.strip().replace("\n", "\n" + " " * len(title))


async def hold(dialogue: Dialogue, speak: Speak) -> list[Verdict]:
    """Hold one dialogue as a visitor of its own, and judge each turn."""
    sender = secrets.token_hex(_SENDER_BYTES)
    verdicts = []
    for step in dialogue.steps:
        turn = await speak(sender, step.user)
        missed = [expectation.missed(turn) for expectation in step.expected]
        verdicts.append(Verdict(dialogue, step, turn, tuple(filter(None, missed))))
    return verdicts


def write_dialogue(path: Path, name: str, turns: Sequence[Observed]) -> None:
    """Write a conversation as a test case that expects just what was said."""
    steps: list[dict[str, str]] = []
    for turn in turns:
        steps.append({"user": turn.text})
        steps += [{"bot": item["text"]} for item in turn.items]
    content = {"test_cases": [{"test_case": name, "steps": steps}]}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        yaml.dump(content, file, _Readable, allow_unicode=True, sort_keys=False, width=100)


class _Readable(yaml.SafeDumper):
    """Writes texts of several lines as they are read."""

    def represent_str(self, text: str) -> yaml.ScalarNode:
        style = "|" if "\n" in text else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Readable.add_representer(str, _Readable.represent_str)


def junit(verdicts: Sequence[Verdict]) -> bytes:
    """Return the outcome in the form that CI servers read: a suite a file, a case a dialogue."""
    root = Xml.Element("testsuites", name="dialogues")
    files = dict.fromkeys(verdict.dialogue.file for verdict in verdicts)
    for file in files:
        own = [verdict for verdict in verdicts if verdict.dialogue.file == file]
        dialogues = dict.fromkeys(verdict.dialogue for verdict in own)
        failed = {verdict.dialogue for verdict in own if verdict.failed}
        suite = Xml.SubElement(
            root, "testsuite", name=file, tests=str(len(dialogues)), failures=str(len(failed))
        )
        for dialogue in dialogues:
            case = Xml.SubElement(
                suite, "testcase", classname=file, name=dialogue.name, line=str(dialogue.line)
            )
            told = [str(one) for one in own if one.dialogue == dialogue and one.failed]
            if told:
                failure = Xml.SubElement(case, "failure", message=f"{len(told)} fel")
                failure.text = "\n\n".join(told)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def run_dialogues(dialogues: Sequence[Dialogue], speak: Speak, console: Console) -> list[Verdict]:
    """Hold all dialogues, print what went wrong and how many turns were right."""

    async def hold_all() -> list[Verdict]:
        verdicts: list[Verdict] = []
        for dialogue in track(
            dialogues,
            "Dialoger",
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ):
            verdicts += await hold(dialogue, speak)
        return verdicts

    verdicts = asyncio.run(hold_all())
    failed = [verdict for verdict in verdicts if verdict.failed]
    for verdict in failed:
        console.print(f"{verdict}\n", markup=False, highlight=False, soft_wrap=True)
    console.print(_summary(verdicts), markup=False, highlight=False, soft_wrap=True)
    return verdicts


def _summary(verdicts: Sequence[Verdict]) -> str:
    dialogues = len({verdict.dialogue for verdict in verdicts})
    failed = sum(verdict.failed for verdict in verdicts)
    known = sum(bool(verdict.missed) and not verdict.failed for verdict in verdicts)
    right = sum(not verdict.missed for verdict in verdicts)
    told = f"{dialogues} dialoger, {len(verdicts)} svar: {right} rätt, {failed} att se över"
    return told + (f", {known} kända fel (expected_failure)." if known else ".")
