"""Read the knowledge files as one body, and say with file, line and field what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from bot.errors import FileError, KnowledgeError, Problem
from bot.knowledge.models import (
    EVERYBODY,
    TITLES,
    Aspects,
    Knowledge,
    KnowledgeFile,
    Place,
)
from bot.staff_files import is_staffs, shown, staff_files
from bot.yaml_file import Lines, compose, read_as

# What a file of knowledge is called.
_ENDS: Final = (".yml",)


def is_knowledge(name: str) -> bool:
    """Tell whether a file of this name holds knowledge."""
    return name.endswith(_ENDS) and is_staffs(name)


def knowledge_files(folder: Path) -> list[Path]:
    """Return the files of a folder that hold knowledge."""
    return staff_files(folder, _ENDS)


def load_folder(folder: Path) -> Knowledge:
    """Read every .yml file of the folder as one body of knowledge.

    Raises:
        KnowledgeError: with every problem that was found, not only the first.

    """
    problems: list[Problem] = []
    files: list[tuple[KnowledgeFile, Lines]] = []
    half_read: list[Path] = []
    paths = knowledge_files(folder)
    if not paths:
        raise KnowledgeError(
            [Problem(shown(folder), 0, "", "här finns inga kunskapsfiler (*.yml).")]
        )
    for path in paths:
        try:
            files.append(read_as(path, KnowledgeFile))
        except FileError as error:
            problems += error.problems
            half_read.append(path)
    problems += _repeated_ids(files)
    problems += _several_units(files)
    outlines = [names_in(path) for path in half_read]
    if None not in outlines:
        # Whatever a file with a slip in it brings is known all the same.
        problems += _dangling(files, [outline for outline in outlines if outline])
    units = [file.unit for file, _ in files if file.unit]
    if not units and not half_read:
        told = "fältet unit saknas. Det ska stå i en av filerna."
        problems.append(Problem(shown(folder), 0, "unit", told))
    if problems:
        raise KnowledgeError(problems)
    return Knowledge(
        unit=units[0],
        facts=[fact for file, _ in files for fact in file.facts],
        roles=[role for file, _ in files for role in file.roles],
        people=[person for file, _ in files for person in file.people],
        questions={k: v for file, _ in files for k, v in file.questions.items()},
        places=dict(_places(files)),
        topics=[topic for file, _ in files for topic in file.topics],
        glossary=[word for file, _ in files for word in file.glossary],
        items=[item for file, _ in files for item in file.items],
        elsewhere=[one for file, _ in files for one in file.elsewhere],
        english=next((file.english for file, _ in files if file.english), None),
    )


@dataclass(frozen=True)
class Outline:
    """What a file names, whatever else is wrong with it: each name with its line."""

    file: str
    facts: Mapping[str, int]
    roles: Mapping[str, int]
    questions: Iterable[str]
    titles: Iterable[str]


def names_in(path: Path) -> Outline | None:
    """Return what a knowledge file names; None if it cannot be read at all."""
    try:
        root, content = compose(path)
    except FileError:
        return None
    lines = Lines(path, root)
    whole = content if isinstance(content, dict) else {}

    def named(kind: str, field: str) -> dict[str, int]:
        entries = whole.get(kind)
        return {
            entry[field]: lines.line((kind, number, field))
            for number, entry in enumerate(entries if isinstance(entries, list) else [])
            if isinstance(entry, dict) and isinstance(entry.get(field), str)
        }

    questions = whole.get("questions")
    return Outline(
        lines.file,
        named("facts", "id"),
        {f"role_{name}": line for name, line in named("roles", "id").items()},
        list(questions) if isinstance(questions, dict) else [],
        list(named("roles", "title")),
    )


def _places(files: list[tuple[KnowledgeFile, Lines]]) -> Iterator[tuple[str, Place]]:
    """Yield where each fact, role and person stands, by its intent or id, and the unit."""
    for file, lines in files:
        for number, fact in enumerate(file.facts):
            yield fact.id, _place(lines, ("facts", number), fact, "id")
        for number, role in enumerate(file.roles):
            yield role.intent, _place(lines, ("roles", number), role, "id")
        for number, person in enumerate(file.people):
            yield person.id, _place(lines, ("people", number), person, "id")
        if file.unit:
            yield "unit", _place(lines, ("unit",), file.unit, "name")


def _place(lines: Lines, where: tuple[object, ...], entry: BaseModel, first: str) -> Place:
    fields = {field: lines.line((*where, field)) for field in type(entry).model_fields}
    return Place(lines.file, fields[first], fields)


_ID_LISTS: Final[tuple[tuple[str, Callable[[KnowledgeFile], list[str]]], ...]] = (
    ("facts", lambda file: [fact.id for fact in file.facts]),
    ("roles", lambda file: [role.id for role in file.roles]),
    ("people", lambda file: [person.id for person in file.people]),
    ("items", lambda file: [item.id for item in file.items]),
    ("elsewhere", lambda file: [one.id for one in file.elsewhere]),
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


def _several_units(files: list[tuple[KnowledgeFile, Lines]]) -> Iterator[Problem]:
    for _, lines in [(file, lines) for file, lines in files if file.unit][1:]:
        yield lines.problem(("unit",), "unit står i flera filer.")


def _miscounted(file: KnowledgeFile, lines: Lines, roles: set[str]) -> Iterator[Problem]:
    """Find claims that count the people of a role that does not exist."""
    known = {EVERYBODY, TITLES, *(role.removeprefix("role_") for role in roles)}
    kinds: dict[str, Sequence[Aspects]] = {"facts": file.facts, "topics": file.topics}
    for kind, several in kinds.items():
        for place, one in enumerate(several):
            for number, claim in enumerate(one.claims):
                if claim.counts and claim.counts not in known:
                    where = (kind, place, "claims", number, "counts")
                    told = (
                        f"rollen {claim.counts} finns inte. Välj bland {', '.join(sorted(known))}."
                    )
                    yield lines.problem(where, told)


def _dangling(
    files: list[tuple[KnowledgeFile, Lines]], outlines: list[Outline]
) -> Iterator[Problem]:
    """Find references to what does not exist."""
    facts = {fact.id for file, _ in files for fact in file.facts}
    facts.update(*(outline.facts for outline in outlines))
    claims = {claim.id for file, _ in files for one in file.facts for claim in one.claims}
    roles = {role.intent for file, _ in files for role in file.roles}
    roles.update(*(outline.roles for outline in outlines))
    titles = {role.title for file, _ in files for role in file.roles}
    titles.update(*(outline.titles for outline in outlines))
    questions = {*facts, *roles, *(name for file, _ in files for name in file.questions)}
    questions.update(*(outline.questions for outline in outlines))
    for file, lines in files:
        for place, fact in enumerate(file.facts):
            for number, name in enumerate(fact.follow_ups):
                if name not in questions:
                    yield lines.problem(("facts", place, "follow_ups", number), _nowhere(name))
            for number, name in enumerate(fact.lists):
                if name not in facts and name not in claims:
                    where = ("facts", place, "lists", number)
                    yield lines.problem(where, f"faktumet {name} finns inte.")
        for place, topic in enumerate(file.topics):
            for number, name in enumerate(topic.follow_ups or ()):
                if name not in questions:
                    yield lines.problem(("topics", place, "follow_ups", number), _nowhere(name))
        for place, item in enumerate(file.items):
            for number, name in enumerate(item.topics):
                if name not in questions:
                    where = ("items", place, "topics", number)
                    yield lines.problem(where, f"faktumet {name} finns inte.")
            for name in item.leads_to:
                if name not in questions:
                    yield lines.problem(("items", place, "leads_to", name), _nowhere(name))
        for place, role in enumerate(file.roles):
            for number, name in enumerate(role.follow_ups):
                if name not in questions:
                    yield lines.problem(("roles", place, "follow_ups", number), _nowhere(name))
        for place, person in enumerate(file.people):
            if person.title not in titles:
                yield lines.problem(
                    ("people", place, "title"),
                    f"titeln {person.title} finns inte bland rollerna. Rätta den, eller lägg till "
                    "en roll.",
                )
        yield from _miscounted(file, lines, roles)
        if file.unit:
            if file.unit.overview and file.unit.overview not in facts:
                name = file.unit.overview
                yield lines.problem(("unit", "overview"), f"faktumet {name} finns inte.")
            for name in file.unit.turn_to:
                if f"role_{name}" not in roles:
                    yield lines.problem(("unit", "turn_to"), f"rollen {name} finns inte.")


def _nowhere(name: str) -> str:
    return (
        f"{name} leder ingenstans. Skriv id för ett faktum, en roll (role_…) eller en fråga "
        "i questions."
    )
