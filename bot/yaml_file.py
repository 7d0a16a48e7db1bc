"""Read a YAML file as a pydantic model, and say with file, line and field what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ValidationError

from bot.errors import FileError, Problem
from bot.language.cleaning import clean_file
from bot.staff_files import content_of, shown

Location = tuple[Any, ...]

_EMPTY: Final = "fältet är tomt. Fyll i det."
# What pydantic calls it, and what the person who edits the file should read.
_MESSAGES: Final[dict[str, str]] = {
    "missing": "fältet saknas. Lägg till det.",
    "extra_forbidden": "fältet är okänt. Är det rättstavat?",
    "string_too_short": _EMPTY,
    "too_short": "för få. Minst {min_length} behövs.",
    "too_long": "för många. Högst {max_length} får plats.",
    "list_type": "ska vara en lista, till exempel [ett, två].",
    "dict_type": "ska vara fält med värden, inte bara text.",
    "model_type": "ska vara fält med värden, inte bara text.",
    "string_type": "ska vara text.",
}
_PATTERNS: Final[dict[str, str]] = {
    "id": "ett id skrivs med små bokstäver a–z, siffror och understreck.",
    "answer": "svaret ska innehålla {value}, där uppgiften sätts in.",
}

# What PyYAML lets through: "\UFFFFFFFF", a thousand brackets, a version of many digits.
_ESCAPE_PYYAML: Final = (ValueError, OverflowError, RecursionError)


class _TextLoader(yaml.BaseLoader):
    """Reads every value as text: 010 is a telephone number, not eight."""

    def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
        """Read a value, and refuse halves of characters, which cannot be written anywhere."""
        node: yaml.ScalarNode = super().compose_scalar_node(anchor)
        try:
            node.value.encode()
        except UnicodeEncodeError as error:
            raise yaml.MarkedYAMLError(problem=str(error), problem_mark=node.start_mark) from error
        return node


# Written in C where PyYAML has it, and then sixty times as fast.
FAST: Final[type[yaml.BaseLoader]] = getattr(yaml, "CBaseLoader", _TextLoader)


class Lines:
    """The line of every field in one file, found by the path of keys to it."""

    def __init__(self, path: Path, root: yaml.Node | None) -> None:
        """Walk through the nodes of a file."""
        self.file = shown(path)
        self._lines: dict[Location, int] = {}
        self.repeated: list[Location] = []
        self._walked: set[int] = set()
        if root is not None:
            self._walk(root, ())

    def _walk(self, node: yaml.Node, location: Location) -> None:
        self._lines.setdefault(location, node.start_mark.line + 1)
        if id(node) in self._walked:  # Aliases of aliases would take for ever.
            return
        self._walked.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*location, key.value)
                if inner in self._lines:
                    self.repeated.append(inner)
                self._lines[inner] = key.start_mark.line + 1
                self._walk(value, inner)
        elif isinstance(node, yaml.SequenceNode):
            for place, value in enumerate(node.value):
                self._walk(value, (*location, place))

    def line(self, location: Location) -> int:
        """Return the line of a location, or of the nearest one around it that has one."""
        known = location
        while known and known not in self._lines:
            known = known[:-1]
        return self._lines.get(known, 1)

    def problem(self, location: Location, message: str) -> Problem:
        """Say what is wrong at a location."""
        names = [str(step) for step in location if isinstance(step, str)]
        return Problem(self.file, self.line(location), names[-1] if names else "", message)


def read_text(path: Path) -> str:
    """Return the text of a file, cleaned: what looks alike in two files is alike.

    Raises:
        FileError: it cannot be read, or is not text.

    """
    content = content_of(path)
    try:
        return clean_file(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = "filen är inte sparad som UTF-8. Spara om den så, annars går å, ä och ö förlorade."
        raise FileError([Problem(shown(path), line, "", hint)]) from error


def compose(path: Path, kind: type[yaml.BaseLoader] = _TextLoader) -> tuple[yaml.Node | None, Any]:
    """Return the nodes of a file, which know their lines, and its content, all values as text.

    A loader of `kind` FAST suits large files; it trusts them not to be nested too deep.

    Raises:
        FileError: the file cannot be read, or is no YAML.

    """
    text = read_text(path)
    try:
        loader = kind(text)
        root = loader.get_single_node()
        content = loader.construct_document(root) if root is not None else {}
    except (yaml.YAMLError, *_ESCAPE_PYYAML) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        hint = "raden följer inte YAML. Kontrollera indrag, kolon och citattecken."
        raise FileError([Problem(shown(path), line, "", hint)]) from error
    return root, content


def read_as[Content: BaseModel](
    path: Path, kind: type[Content], loader: type[yaml.BaseLoader] = _TextLoader
) -> tuple[Content, Lines]:
    """Return the content of a file, and where each part of it stands.

    Args:
        path: the file.
        kind: what it must be.
        loader: as `compose` takes it.

    Raises:
        FileError: with every problem that was found, not only the first.

    """
    root, content = compose(path, loader)
    lines = Lines(path, root)
    if root is not None and not isinstance(root, yaml.MappingNode):
        *some, last = kind.model_fields
        names = f"{', '.join(some)} eller {last}" if some else last
        hint = f"filen ska börja med {names} och kolon."
        raise FileError([Problem(lines.file, 1, "", hint)])
    if lines.repeated:
        raise FileError(
            [
                lines.problem(where, "fältet står två gånger. Ta bort det ena.")
                for where in lines.repeated
            ]
        )
    try:
        return kind.model_validate(content), lines
    except ValidationError as error:
        raise FileError([_translate(lines, found) for found in error.errors()]) from error


def _translate(lines: Lines, found: Mapping[str, Any]) -> Problem:
    location: Location = found["loc"]
    kind = found["type"]
    if kind == "value_error":  # In our own words.
        message = str(found["ctx"]["error"])
    elif kind not in ("missing", "extra_forbidden") and found["input"] is None:
        message = _EMPTY
    elif kind == "string_pattern_mismatch":
        message = _PATTERNS.get(str(location[-1]), "värdet har fel form.")
    else:
        message = _MESSAGES.get(kind, "värdet går inte att använda.")
        for key, value in found.get("ctx", {}).items():
            message = message.replace(f"{{{key}}}", str(value))
    return lines.problem(location, message)
