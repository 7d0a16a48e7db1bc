"""Read the knowledge files, and say with file, line and field what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from bot.errors import KnowledgeError, Problem
from bot.knowledge.models import Knowledge, KnowledgeFile

_Location = tuple[Any, ...]

# What pydantic calls it, and what the person who edits the file should read.
_MESSAGES: Final[dict[str, str]] = {
    "value_error.missing": "fältet saknas. Lägg till det.",
    "value_error.extra": "fältet är okänt. Är det rättstavat?",
    "type_error.none.not_allowed": "fältet är tomt. Fyll i det.",
    "value_error.any_str.min_length": "fältet är tomt. Fyll i det.",
    "value_error.date": "skriv datumet som 2026-11-22.",
    "value_error.list.min_items": "för få. Minst {limit_value} behövs.",
    "value_error.list.max_items": "för många. Högst {limit_value} får plats.",
    "type_error.list": "ska vara en lista, till exempel [ett, två].",
    "type_error.dict": "ska vara fält med värden, inte bara text.",
    "type_error.str": "ska vara text.",
}
_PATTERNS: Final[dict[str, str]] = {
    "id": "ett id skrivs med små bokstäver a–z, siffror och understreck.",
    "phone": "det ser inte ut som ett telefonnummer. Skriv till exempel 010-123 45 67.",
    "email": "det ser inte ut som en e-postadress.",
    "answer": "svaret ska innehålla {value}, där uppgiften sätts in.",
}

# What PyYAML lets through: "\UFFFFFFFF", a thousand brackets, a version of many digits.
_ESCAPE_PYYAML: Final = (ValueError, OverflowError, RecursionError)


def load_folder(folder: Path) -> Knowledge:
    """Read every .yml file of the folder as one body of knowledge.

    Raises:
        KnowledgeError: with every problem that was found, not only the first.

    """
    problems: list[Problem] = []
    files: list[tuple[KnowledgeFile, _Lines]] = []
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise KnowledgeError(
            [Problem(shown(folder), 0, "", "här finns inga kunskapsfiler (*.yml).")]
        )
    for path in paths:
        try:
            files.append(_read(path))
        except KnowledgeError as error:
            problems += error.problems
    if problems:
        raise KnowledgeError(problems)
    return _join(files)


def shown(path: Path) -> str:
    """Return the path as a person in the project's folder would write it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


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


class _Lines:
    """The line of every field in one file, found by the path of keys to it."""

    def __init__(self, path: Path, root: yaml.Node | None) -> None:
        self.file = shown(path)
        self._lines: dict[_Location, int] = {}
        self.repeated: list[_Location] = []
        self._walked: set[int] = set()
        if root is not None:
            self._walk(root, ())

    def _walk(self, node: yaml.Node, location: _Location) -> None:
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

    def problem(self, location: _Location, message: str) -> Problem:
        """Say what is wrong at a location, or at the nearest one that has a line."""
        known = location
        while known and known not in self._lines:
            known = known[:-1]
        names = [str(step) for step in location if isinstance(step, str)]
        return Problem(self.file, self._lines.get(known, 1), names[-1] if names else "", message)


def _read(path: Path) -> tuple[KnowledgeFile, _Lines]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(
            [Problem(shown(path), 0, "", f"filen kan inte läsas: {error}")]
        ) from error
    try:
        loader = _TextLoader(text)
        root = loader.get_single_node()
        content = loader.construct_document(root) if root is not None else {}
    except (yaml.YAMLError, *_ESCAPE_PYYAML) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        hint = "raden följer inte YAML. Kontrollera indrag, kolon och citattecken."
        raise KnowledgeError([Problem(shown(path), line, "", hint)]) from error
    lines = _Lines(path, root)
    if root is not None and not isinstance(root, yaml.MappingNode):
        hint = "filen ska börja med unit, facts, roles, people eller questions och kolon."
        raise KnowledgeError([Problem(lines.file, 1, "", hint)])
    if lines.repeated:
        raise KnowledgeError(
            [
                lines.problem(where, "fältet står två gånger. Ta bort det ena.")
                for where in lines.repeated
            ]
        )
    try:
        return KnowledgeFile.parse_obj(content), lines
    except ValidationError as error:
        raise KnowledgeError([_translate(lines, found) for found in error.errors()]) from error
    except TypeError as error:  # pydantic has an argument of that name.
        hint = "ett fält har ett namn som inte går att använda."
        raise KnowledgeError([Problem(lines.file, 0, "", hint)]) from error


def _translate(lines: _Lines, found: Mapping[str, Any]) -> Problem:
    location: _Location = tuple(step for step in found["loc"] if step != "__root__")
    kind = found["type"]
    if kind == "value_error.str.regex":
        message = _PATTERNS.get(str(location[-1]), "värdet har fel form.")
    else:
        message = _MESSAGES.get(kind, "värdet går inte att använda.")
        for key, value in found.get("ctx", {}).items():
            message = message.replace(f"{{{key}}}", str(value))
    return lines.problem(location, message)


def _join(files: list[tuple[KnowledgeFile, _Lines]]) -> Knowledge:
    """Put the files together and check what one file alone cannot show."""
    problems = list(_repeated_ids(files))
    units = [(file.unit, lines) for file, lines in files if file.unit]
    if len(units) != 1:
        what = (
            "fältet unit saknas. Det ska stå i en av filerna."
            if not units
            else "unit står i flera filer."
        )
        lines = units[-1][1] if units else files[0][1]
        problems.append(lines.problem(("unit",), what))
    if problems:
        raise KnowledgeError(problems)
    knowledge = Knowledge(
        unit=units[0][0],
        facts=[fact for file, _ in files for fact in file.facts],
        roles=[role for file, _ in files for role in file.roles],
        people=[person for file, _ in files for person in file.people],
        questions={k: v for file, _ in files for k, v in file.questions.items()},
    )
    problems = list(_dangling(knowledge, files))
    if problems:
        raise KnowledgeError(problems)
    return knowledge


_ID_LISTS: Final[tuple[tuple[str, Callable[[KnowledgeFile], list[str]]], ...]] = (
    ("facts", lambda file: [fact.id for fact in file.facts]),
    ("roles", lambda file: [role.id for role in file.roles]),
    ("people", lambda file: [person.id for person in file.people]),
)


def _repeated_ids(files: list[tuple[KnowledgeFile, _Lines]]) -> Iterator[Problem]:
    for kind, ids in _ID_LISTS:
        seen: set[str] = set()
        for file, lines in files:
            for place, name in enumerate(ids(file)):
                if name in seen:
                    yield lines.problem(
                        (kind, place, "id"), f"id {name} finns redan. Välj ett annat."
                    )
                seen.add(name)


def _dangling(knowledge: Knowledge, files: list[tuple[KnowledgeFile, _Lines]]) -> Iterator[Problem]:
    """Find references to what does not exist."""
    titles = {role.title for role in knowledge.roles.values()}
    for file, lines in files:
        for place, fact in enumerate(file.facts):
            for name in fact.follow_ups:
                if name not in knowledge.questions:
                    yield lines.problem(("facts", place, "follow_ups"), _nowhere(name))
            for name in fact.lists:
                if name not in knowledge.facts:
                    yield lines.problem(("facts", place, "lists"), f"faktumet {name} finns inte.")
        for place, role in enumerate(file.roles):
            for name in role.follow_ups:
                if name not in knowledge.questions:
                    yield lines.problem(("roles", place, "follow_ups"), _nowhere(name))
        for place, person in enumerate(file.people):
            if person.title not in titles:
                yield lines.problem(
                    ("people", place, "title"),
                    f"titeln {person.title} finns inte bland rollerna. Rätta den, eller lägg till "
                    "en roll.",
                )
        if file.unit:
            for name in file.unit.turn_to:
                if f"role_{name}" not in knowledge.roles:
                    yield lines.problem(("unit", "turn_to"), f"rollen {name} finns inte.")


def _nowhere(name: str) -> str:
    return (
        f"{name} leder ingenstans. Skriv id för ett faktum, en roll (role_…) eller en fråga "
        "i questions."
    )
