"""Read Rasa's NLU files: who asks what, in which words, on which line."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import FileError, Problem
from bot.language.cleaning import clean
from bot.staff_files import YAML, shown, staff_files
from bot.yaml_file import FAST, Lines, compose

# "[enheten](unit)" or "[två]{"entity": "ordinal", "value": "2"}".
_MARKED: Final = re.compile(r"\[([^\[\]]+)\](?:\(([^()]+)\)|(\{[^{}]*\}))")
_KINDS: Final = ("intent", "lookup", "synonym", "regex")
_FIELDS: Final = (*_KINDS, "examples", "metadata")
_TOP: Final = ("version", "nlu")


@dataclass(frozen=True)
class Example:
    """One training or test sentence, with names and marks removed."""

    intent: str
    text: str
    file: str
    line: int

    @property
    def folded(self) -> str:
        """The text without case and punctuation; as it is where nothing else is left."""
        return folded(self.text)


@dataclass
class NluFile:
    """What a file holds, as far as it can be read, and what is wrong with it.

    Attributes:
        file: its name.
        examples: the sentences of its intents.
        entities: the entities that it marks or lists, and the first line of each.
        problems: what is wrong.

    """

    file: str
    examples: list[Example] = field(default_factory=list)
    entities: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def folded(text: str) -> str:
    """Return a text without case and punctuation; as it is where nothing else is left."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip() or text


def nlu_files(folder: Path) -> list[Path]:
    """Return the files that Rasa reads, those in folders below too."""
    return staff_files(folder, YAML, below=True)


def read(path: Path) -> list[Example]:
    """Return the examples of one file.

    Raises:
        FileError: with all that is wrong in the file.

    """
    found = read_whole(path)
    if found.problems:
        raise FileError(found.problems)
    return found.examples


def read_whole(path: Path) -> NluFile:
    """Return what can be read of a file, and what is wrong with the rest."""
    file = NluFile(shown(path))
    try:
        root, _ = compose(path, FAST)
    except FileError as error:
        file.problems += error.problems
        return file
    lines = Lines(path, root)
    blocks = _fields(root).get("nlu")
    if not isinstance(blocks, yaml.SequenceNode):
        file.problems.append(Problem(lines.file, 1, "nlu", "filen ska ha en lista nlu."))
        return file
    for where in lines.repeated:
        file.problems.append(lines.problem(where, "fältet står två gånger. Ta bort det ena."))
    for name in _fields(root).keys() - set(_TOP):
        file.problems.append(lines.problem((name,), "fältet är okänt. Är det rättstavat?"))
    for number, block in enumerate(blocks.value):
        file.problems += _wrong_fields(lines, number, block)
        file.problems += _read_block(file, lines, block)
    return file


def _wrong_fields(lines: Lines, number: int, block: yaml.Node) -> Iterator[Problem]:
    names = _fields(block).keys()
    for name in names - set(_FIELDS):
        yield lines.problem(("nlu", number, name), "fältet är okänt. Är det rättstavat?")
    if names and names <= set(_FIELDS) and not names & set(_KINDS):
        yield lines.problem(("nlu", number), "det står inte vilket intent exemplen hör till.")


def _read_block(file: NluFile, lines: Lines, block: yaml.Node) -> Iterator[Problem]:
    fields = _fields(block)
    examples, intent = fields.get("examples"), fields.get("intent")
    if not isinstance(examples, yaml.ScalarNode):
        hint = "skriv exemplen under examples: | med - först på varje rad."
        yield Problem(lines.file, block.start_mark.line + 1, "examples", hint)
        return
    if "lookup" in fields:
        file.entities.setdefault(str(fields["lookup"].value), block.start_mark.line + 1)
    if not examples.value.strip():
        yield Problem(lines.file, examples.start_mark.line + 1, "examples", "exemplen saknas.")
    for place, line in enumerate(examples.value.split("\n")):
        number = examples.start_mark.line + 2 + place
        if not line.strip():
            continue
        if not line.startswith("- ") or not line[2:].strip():
            hint = f"raden ”{line.strip()}” ska börja med -, ett mellanslag och sedan en fråga."
            yield Problem(lines.file, number, "examples", hint)
        elif isinstance(intent, yaml.ScalarNode):
            yield from _read_marks(file, lines, line, number)
            text = clean(_MARKED.sub(r"\1", line[2:]))
            file.examples.append(Example(str(intent.value), text, lines.file, number))


def _read_marks(file: NluFile, lines: Lines, line: str, number: int) -> Iterator[Problem]:
    for found in _MARKED.finditer(line):
        name = found.group(2) or _entity_of(found.group(3))
        if name:
            file.entities.setdefault(name.partition(":")[0].partition("?")[0], number)
        else:
            told = f"”{found.group()}” går inte att läsa. Skriv [ordet](entitet)."
            yield Problem(lines.file, number, "examples", told)
    rest = _MARKED.sub(" ", line)
    if "[" in rest or "]" in rest:
        told = f"hakparenteserna i ”{line[2:].strip()}” går inte ihop. Skriv [ordet](entitet)."
        yield Problem(lines.file, number, "examples", told)


def _entity_of(text: str) -> str:
    try:
        content = json.loads(text)
    except ValueError:
        return ""
    return str(content.get("entity", ""))


def _fields(node: Any) -> dict[str, Any]:
    pairs: Collection[Any] = node.value if isinstance(node, yaml.MappingNode) else ()
    return {str(name.value): value for name, value in pairs}
