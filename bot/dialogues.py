"""Dialogue tests in the form of Rasa's end-to-end tests: read, hold, judge and write them."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import ndiff
from pathlib import Path
from typing import Annotated, Any, Final, Self
from xml.etree import ElementTree as Xml

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)
from rich.console import Console
from rich.progress import track

from bot.errors import FileError, Problem
from bot.staff_files import YAML, staff_files
from bot.turns import Observed
from bot.yaml_file import FAST, Lines, read_as

Speak = Callable[[str, str], Awaitable[Observed]]

_SENDER_BYTES: Final = 16
# What XML cannot hold.
_UNPRINTABLE: Final = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


# Parts of Rasa's form that have no meaning here, and why.
_UNSUPPORTED: Final = {
    "fixtures": "boten minns bara det som sägs i samtalet. Låt besökaren säga det först.",
    "stub_custom_actions": "testen kör botens egna actions, som den gör på webben.",
    "flow_started": "boten har regler och inga flöden. Använd action_executed.",
    "flow_completed": "boten har regler och inga flöden. Använd action_executed.",
    "flow_cancelled": "boten har regler och inga flöden.",
    "pattern_clarification_contains": "boten har regler och inga flöden.",
    "generative_response_is_relevant": "boten skriver inga egna svar. Använd bot_uttered.",
    "generative_response_is_grounded": "boten skriver inga egna svar. Använd bot_uttered.",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _is_supported(cls, values: Any) -> Any:
        for name in values if isinstance(values, dict) else ():
            if name in _UNSUPPORTED:
                raise ValueError(f"{name} går inte att använda här: {_UNSUPPORTED[name]}")
        return values

    def _is_empty(self) -> bool:
        return not any(value for _, value in self)


class _Button(_Strict):
    title: str | None = Field(None, min_length=1)
    payload: str | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self._is_empty():
            raise ValueError("skriv knappens title eller payload.")
        return self


class _Uttered(_Strict):
    utter_name: str | None = Field(None, min_length=1)
    text_matches: str | None = Field(None, min_length=1)
    buttons: list[_Button] = Field(default_factory=list)

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if self._is_empty():
            raise ValueError("skriv utter_name, text_matches eller buttons.")
        return self

    @field_validator("text_matches")
    @classmethod
    def _is_pattern(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            place = f", vid tecken {error.pos + 1}" if error.pos is not None else ""
            raise ValueError(f"mönstret är inget reguljärt uttryck{place}.") from error
        return value


class _Slot(_Strict):
    name: str = Field(min_length=1)
    value: Any = None


def _named(value: Any) -> Any:
    """Return a slot in the long form; Rasa's short form is `- people: [eva_fred]`."""
    if isinstance(value, dict) and len(value) == 1 and "name" not in value:
        (one,) = value.items()
        return {"name": one[0], "value": one[1]}
    return {"name": value} if isinstance(value, str) else value


_NamedSlot = Annotated[_Slot, BeforeValidator(_named)]


class _Assertion(_Strict):
    bot_uttered: _Uttered | None = None
    bot_did_not_utter: _Uttered | None = None
    action_executed: str | None = Field(None, min_length=1)
    slot_was_set: list[_Slot] = Field(default_factory=list)
    slot_was_not_set: list[_Slot] = Field(default_factory=list)

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if self._is_empty():
            raise ValueError("skriv vad som väntas, till exempel bot_uttered.")
        return self


_STEPS: Final = ("user", "bot", "utter", "slot_was_set", "slot_was_not_set")


class _Line(_Strict):
    """One entry of `steps`: what the visitor says, or what the bot is to say or remember."""

    user: str | None = Field(None, min_length=1)
    bot: str | None = Field(None, min_length=1)
    utter: str | None = Field(None, min_length=1)
    slot_was_set: list[_NamedSlot] | None = None
    slot_was_not_set: list[_NamedSlot] | None = None
    assertions: list[_Assertion] = Field(default_factory=list)
    # In any order: each is looked for in the whole turn.
    assertion_order_enabled: str | None = None
    expected_failure: str | None = None
    # About the channel, which the bot does not look at.
    metadata: Any = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        named = [name for name in _STEPS if getattr(self, name) is not None]
        if len(named) != 1:
            raise ValueError("ett steg har en av user, bot, utter och slot_was_set.")
        if named != ["user"] and (self.assertions or self.expected_failure):
            raise ValueError("assertions och expected_failure hör till ett steg med user.")
        return self


class _Case(_Strict):
    test_case: str = Field(min_length=1)
    steps: list[_Line] = Field(min_length=1)
    metadata: Any = None

    @field_validator("steps")
    @classmethod
    def _expects_something(cls, value: list[_Line]) -> list[_Line]:
        if value[0].user is None:
            raise ValueError("ett test börjar med att besökaren säger något (user).")
        if all(step.user is not None and not step.assertions for step in value):
            raise ValueError("testet väntar sig inget svar. Lägg till bot, utter eller assertions.")
        return value


class _File(_Strict):
    version: str | None = None
    test_cases: list[_Case]
    metadata: Any = None


@dataclass(frozen=True)
class Expectation:
    """What one turn is to bring: `kind` is a field of the form, `wanted` its value.

    What is `refused` is not to come.
    """

    kind: str
    wanted: Any
    refused: bool = False

    def missed(self, turn: Observed) -> str | None:
        """Return in Swedish what is not as it should be; None if all is well."""
        missed = _CHECKS[self.kind](self.wanted, turn)
        if not self.refused:
            return missed
        wanted = self.wanted
        told = (wanted.title or wanted.payload) if isinstance(wanted, _Button) else wanted
        return None if missed else f"inte {told}"


@dataclass(frozen=True)
class Step:
    """What the visitor says, and what is expected of the turn.

    Attributes:
        user: a message, or the payload of a button that was offered.
        expected: all that the turn is to bring.
        line: where the visitor says it.
        expected_failure: why the turn is known to go wrong; None if it should not.

    """

    user: str
    expected: tuple[Expectation, ...]
    line: int
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
        place = f"{self.dialogue.file}, rad {self.step.line}: {self.dialogue.name}"
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
            content, lines = read_as(path, _File, FAST)
        except FileError as error:
            problems += error.problems
            continue
        for number, case in enumerate(content.test_cases):
            dialogues.append(_dialogue(case, lines, ("test_cases", number)))
    if problems:
        raise FileError(problems)
    return dialogues


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        yield from staff_files(place, YAML, below=True) if place.is_dir() else [place]


def _dialogue(case: _Case, lines: Lines, where: tuple[Any, ...]) -> Dialogue:
    steps: list[Step] = []
    for number, one in enumerate(case.steps):
        if one.user is not None:
            expected = tuple(e for assertion in one.assertions for e in _expected(assertion))
            line = lines.line((*where, "steps", number, "user"))
            steps.append(Step(one.user, expected, line, one.expected_failure))
        else:
            steps[-1] = replace(steps[-1], expected=(*steps[-1].expected, *_to_come(one)))
    line = lines.line((*where, "test_case"))
    return Dialogue(case.test_case, lines.file, line, tuple(steps))


def _to_come(line: _Line) -> Iterator[Expectation]:
    if line.utter:
        yield Expectation("utter", line.utter)
    if line.bot:
        yield Expectation("bot", line.bot)
    for slot in line.slot_was_set or ():
        yield Expectation("slot_was_set", slot)
    for slot in line.slot_was_not_set or ():
        yield Expectation("slot_was_not_set", slot)


def _expected(assertion: _Assertion) -> Iterator[Expectation]:
    for uttered, refused in (
        (assertion.bot_uttered, False),
        (assertion.bot_did_not_utter, True),
    ):
        if uttered and uttered.utter_name:
            yield Expectation("utter", uttered.utter_name, refused)
        if uttered and uttered.text_matches:
            yield Expectation("text_matches", uttered.text_matches, refused)
        for button in uttered.buttons if uttered else ():
            yield Expectation("button", button, refused)
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
    if any(_same(one, text) for one in said):
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
    wanted = "" if slot.value is None else f" = {_told(slot.value)}"
    return f"att boten minns {slot.name}{wanted}, men det är {_told(value)}"


def _slot_was_not_set(slot: _Slot, turn: Observed) -> str | None:
    value = (turn.after or {}).get(slot.name)
    if value is None or (slot.value is not None and slot.value != _as_written(value)):
        return None
    return f"att boten inte minns {slot.name}, men det är {_told(value)}"


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


def _told(value: Any) -> str:
    if value is None:
        return "tomt"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


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
        told = (*filter(None, missed), *_out_of_order(step.expected, turn))
        verdicts.append(Verdict(dialogue, step, turn, told))
    return verdicts


def _out_of_order(expected: Iterable[Expectation], turn: Observed) -> Iterator[str]:
    """Yield what the bot said earlier than it should; steps stand in the order of the turn."""
    said = [one for step in turn.steps for one in step.said]
    place = 0
    for expectation in expected:
        wanted = expectation.wanted
        if expectation.refused or expectation.kind not in ("bot", "utter"):
            continue
        places = [
            number
            for number, one in enumerate(said)
            if (one.phrase == wanted if expectation.kind == "utter" else _same(one.text, wanted))
        ]
        if later := [number for number in places if number >= place]:
            place = later[0]
        elif places:
            yield f"{wanted}, men efter det som står före i testet"


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
                suite,
                "testcase",
                classname=file,
                name=_UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", dialogue.name),
                line=str(dialogue.line),
            )
            told = [str(one) for one in own if one.dialogue == dialogue and one.failed]
            if told:
                failure = Xml.SubElement(case, "failure", message=f"{len(told)} fel")
                failure.text = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", "\n\n".join(told))
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
    count = "1 dialog" if dialogues == 1 else f"{dialogues} dialoger"
    told = f"{count}, {len(verdicts)} svar: {right} rätt, {failed} att se över"
    faults = "1 känt" if known == 1 else f"{known} kända"
    return told + (f", {faults} fel (expected_failure)." if known else ".")
