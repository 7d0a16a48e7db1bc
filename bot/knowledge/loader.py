"""Read the knowledge files as one body, and say with file, line and field what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bot.errors import FileError, KnowledgeError, Problem
from bot.knowledge.models import Knowledge, KnowledgeFile, Place
from bot.yaml_file import Lines, read_as, shown


def load_folder(folder: Path) -> Knowledge:
    """Read every .yml file of the folder as one body of knowledge.

    Raises:
        KnowledgeError: with every problem that was found, not only the first.

    """
    problems: list[Problem] = []
    files: list[tuple[KnowledgeFile, Lines]] = []
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise KnowledgeError(
            [Problem(shown(folder), 0, "", "här finns inga kunskapsfiler (*.yml).")]
        )
    for path in paths:
        try:
            files.append(read_as(path, KnowledgeFile))
        except FileError as error:
            problems += error.problems
    if problems:
        raise KnowledgeError(problems)
    return _join(files)


def _join(files: list[tuple[KnowledgeFile, Lines]]) -> Knowledge:
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
        places=dict(_places(files)),
    )
    problems = list(_dangling(knowledge, files))
    if problems:
        raise KnowledgeError(problems)
    return knowledge


def _places(files: list[tuple[KnowledgeFile, Lines]]) -> Iterator[tuple[str, Place]]:
    """Yield where each fact, role and person stands, by its intent or id."""
    for file, lines in files:
        for kind, names in (
            ("facts", [fact.id for fact in file.facts]),
            ("roles", [role.intent for role in file.roles]),
            ("people", [person.id for person in file.people]),
        ):
            for number, name in enumerate(names):
                yield name, Place(lines.file, lines.line((kind, number, "id")))


_ID_LISTS: Final[tuple[tuple[str, Callable[[KnowledgeFile], list[str]]], ...]] = (
    ("facts", lambda file: [fact.id for fact in file.facts]),
    ("roles", lambda file: [role.id for role in file.roles]),
    ("people", lambda file: [person.id for person in file.people]),
)


def _repeated_ids(files: list[tuple[KnowledgeFile, Lines]]) -> Iterator[Problem]:
    for kind, ids in _ID_LISTS:
        seen: set[str] = set()
        for file, lines in files:
            for place, name in enumerate(ids(file)):
                if name in seen:
                    yield lines.problem(
                        (kind, place, "id"), f"id {name} finns redan. Välj ett annat."
                    )
                seen.add(name)


def _dangling(knowledge: Knowledge, files: list[tuple[KnowledgeFile, Lines]]) -> Iterator[Problem]:
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
            if file.unit.overview and file.unit.overview not in knowledge.facts:
                name = file.unit.overview
                yield lines.problem(("unit", "overview"), f"faktumet {name} finns inte.")
            for name in file.unit.turn_to:
                if f"role_{name}" not in knowledge.roles:
                    yield lines.problem(("unit", "turn_to"), f"rollen {name} finns inte.")


def _nowhere(name: str) -> str:
    return (
        f"{name} leder ingenstans. Skriv id för ett faktum, en roll (role_…) eller en fråga "
        "i questions."
    )
