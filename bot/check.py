"""Check knowledge, domain, examples, rules and tests together, without training."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeGuard

import phonenumbers
import yaml

from bot.dialogues import load_dialogues
from bot.errors import FileError, Problem
from bot.knowledge import Knowledge, load_folder
from bot.knowledge.rules import rules as knowledge_rules
from bot.nlu.folding import fold
from bot.settings import ROOT, settings
from bot.yaml_file import FAST, Lines, compose, shown

# What the classifier says when it is not sure, by Rasa's own name for it.
FALLBACK: Final = "nlu_fallback"
_MARKED: Final = re.compile(r"\[([^\]]*)\][({][^)}]*[)}]")
# Rasa takes a file for training data when a line begins with one of these.
_TAKEN_FOR_TRAINING: Final = re.compile(r"^\s*(nlu|rules|stories|responses):", re.MULTILINE)
# "utter_action" is Rasa's own name of a field.
_PHRASE: Final = re.compile(r'"(utter_(?!action")[a-z_]*[a-z])"')
_DAYS_UNTIL_REVIEW: Final = 365
# What fits a phone's screen.
_LONGEST_ANSWER: Final = 600
_REGION: Final = "SE"
_GENITIVE: Final = "s"


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
        return re.sub(r"[\W_]+", " ", self.text.casefold()).strip() or self.text


def run_check(full: bool, unit: Path | None = None, today: date | None = None) -> int:
    """Print every problem and what is still to fill in; return 1 if there are errors.

    Args:
        full: ask `rasa data validate` too.
        unit: the unit's folder.
        today: what counts as long ago is counted from here.

    """
    checked = Check(unit or settings().unit_dir, today or date.today())
    problems = sorted(set(checked.problems()))
    errors = [problem for problem in problems if not problem.warning]
    warnings = [problem for problem in problems if problem.warning]
    for title, some in (("Att rätta:", errors), ("Att se över:", warnings)):
        if some:
            print(title)
            for problem in some:
                print(f"  {problem}")
            print()
    knowledge = checked.knowledge
    if not errors and knowledge:
        count = f"{len(knowledge.facts)} fakta, {len(knowledge.people)} medarbetare"
        print(f"Allt stämmer: {count}." if not warnings else f"Inga fel: {count}.")
    else:
        print(f"{len(errors)} fel att rätta.")
    if warnings:
        print(f"{len(warnings)} saker att se över.")
    if knowledge:
        _print_what_to_fill_in(knowledge)
    status = 1 if errors else 0
    return _validate_with_rasa() or status if full else status


class Check:
    """The files of a unit, read as far as they can be, and what is wrong with them."""

    def __init__(self, unit: Path, today: date) -> None:
        """Read every file; what cannot be read is a problem, and the rest is checked."""
        self._unit = unit
        self._today = today
        self._unreadable: list[Problem] = []
        try:
            self.knowledge: Knowledge | None = load_folder(unit / "data" / "knowledge")
        except FileError as error:
            self.knowledge = None
            self._unreadable += error.problems
        self._domain, self._domain_lines = self._composed(unit / "domain.yml")
        self._rules, self._rules_lines = self._composed(unit / "data" / "rules.yml")
        self._examples = self._read_examples(unit / "data" / "nlu")
        self._tests = self._read_examples(unit / "tests" / "nlu")
        try:
            load_dialogues([unit / "tests" / "dialogues"])
        except FileError as error:
            self._unreadable += error.problems

    def _composed(self, path: Path) -> tuple[Any, Lines]:
        try:
            root, content = compose(path)
        except FileError as error:
            self._unreadable += error.problems
            return None, Lines(path, None)
        return content, Lines(path, root)

    def _read_examples(self, folder: Path) -> list[Example]:
        examples: list[Example] = []
        for path in sorted(folder.glob("*.yml")):
            try:
                examples += read(path)
            except FileError as error:
                self._unreadable += error.problems
        return examples

    @cached_property
    def _brought(self) -> dict[str, tuple[str, int]]:
        """The intents that the knowledge brings and where, also of files that are not whole."""
        if self.knowledge:
            return {name: self.knowledge.places[name] for name in self.knowledge.intents}
        found = {}
        for path in sorted((self._unit / "data" / "knowledge").glob("*.yml")):
            try:
                root, content = compose(path)
            except FileError:
                continue
            lines = Lines(path, root)
            for kind, prefix in (("facts", ""), ("roles", "role_")):
                entries = content.get(kind) if isinstance(content, dict) else None
                for number, entry in enumerate(entries if isinstance(entries, list) else []):
                    if isinstance(entry, dict) and isinstance(entry.get("id"), str):
                        found[prefix + entry["id"]] = (lines.file, lines.line((kind, number)))
        return found

    def problems(self) -> Iterator[Problem]:
        """Yield all that is wrong, and all that may be."""
        yield from self._unreadable
        yield from self._taken_for_training()
        yield from _repeated(self._examples, self._tests)
        for number, steps in self._rules_steps:
            if not _are_steps(steps):
                message = "regeln ska ha steps med ett intent och sedan action."
                yield self._rules_lines.problem(("rules", number), message)
        if self.knowledge:
            yield from self._facts(self.knowledge)
            yield from self._contacts(self.knowledge)
            yield from self._names(self.knowledge)
        if _is_whole(self._domain, intents=list, actions=list, responses=dict):
            yield from self._intents()
            yield from self._responses()
            yield from self._said()
            yield from self._actions()
            if _is_whole(self._rules, rules=list):
                yield from self._ruled()
        elif self._domain is not None:
            told = "filen ska ha intents, actions och responses."
            yield Problem(self._domain_lines.file, 1, "", told)
        if self._rules is not None and not _is_whole(self._rules, rules=list):
            yield Problem(self._rules_lines.file, 1, "rules", "filen ska ha en lista med regler.")

    def _taken_for_training(self) -> Iterator[Problem]:
        for path in sorted((self._unit / "data" / "knowledge").glob("*.yml")):
            text = path.read_text(encoding="utf-8", errors="replace")
            if found := _TAKEN_FOR_TRAINING.search(text):
                message = (
                    f"en rad får inte börja med {found.group(1)}: eftersom Rasa då tar filen för "
                    "träningsdata."
                )
                yield Problem(shown(path), text[: found.end()].count("\n") + 1, "", message)

    def _facts(self, knowledge: Knowledge) -> Iterator[Problem]:
        reviewed = [(fact.id, fact.reviewed) for fact in knowledge.facts.values()]
        for name, day in reviewed:
            if (self._today - day).days > _DAYS_UNTIL_REVIEW:
                message = (
                    f"faktumet {name} granskades {day}, för mer än ett år sedan. Läs det igen."
                )
                yield _at(knowledge, name, "reviewed", message)
            if day > self._today:
                yield _at(knowledge, name, "reviewed", f"faktumet {name} granskas först {day}.")
        for fact in knowledge.facts.values():
            for field in ("answer", "more", "simple"):
                if len(getattr(fact, field) or "") > _LONGEST_ANSWER:
                    message = (
                        f"{fact.id} är längre än en skärm, {len(getattr(fact, field))} tecken. "
                        f"Högst {_LONGEST_ANSWER} är lagom; lägg resten i more."
                    )
                    yield _at(knowledge, fact.id, field, message)

    def _contacts(self, knowledge: Knowledge) -> Iterator[Problem]:
        for person in knowledge.people.values():
            if person.phone and not _is_possible(person.phone):
                message = f"{person.phone} har inte så många siffror som ett telefonnummer har."
                yield replace(_at(knowledge, person.id, "phone", message), warning=False)
        if knowledge.unit.phone and not _is_possible(knowledge.unit.phone):
            message = f"{knowledge.unit.phone} har inte så många siffror som ett telefonnummer har."
            yield Problem("data/knowledge", 0, "unit, phone", message)

    def _names(self, knowledge: Knowledge) -> Iterator[Problem]:
        """Find the staff's names where they are spelled in another way than in the list."""
        alike: dict[str, str] = {}
        for person in knowledge.people.values():
            twin = alike.setdefault(" ".join(map(fold, person.name.split())), person.id)
            if twin != person.id:
                other = knowledge.people[twin].name
                yield _at(
                    knowledge, person.id, "name", f"{person.name} liknar {other}. Samma person?"
                )
        folders = ("data/knowledge/*.yml", "domain.yml", "data/page.html")
        for path in (p for folder in folders for p in sorted(self._unit.glob(folder))):
            text = path.read_text(encoding="utf-8", errors="replace")
            for number, line in enumerate(text.splitlines(), 1):
                for mention in knowledge.names.find(line):
                    written = line[mention.start : mention.end]
                    if len(mention.people) != 1 or " " not in written or not written[0].isupper():
                        continue
                    name = knowledge.people[mention.people[0]].name
                    if not _is_written_as(written, name):
                        message = (
                            f"”{written}” heter {name} i listan över medarbetare. Vilket är rätt?"
                        )
                        yield Problem(shown(path), number, "", message, warning=True)

    @cached_property
    def _own(self) -> dict[str, int]:
        """The intents of domain.yml, and their places in its list."""
        listed = enumerate(self._domain["intents"])
        return {(one if isinstance(one, str) else next(iter(one))): place for place, one in listed}

    def _intents(self) -> Iterator[Problem]:
        own = self._own
        asked = {example.intent for example in self._examples}
        for example in {e.intent: e for e in reversed(self._examples)}.values():
            if example.intent not in own and example.intent not in self._brought:
                message = f"intentet {example.intent} finns varken i domain.yml eller i kunskapen."
                yield Problem(example.file, example.line, "intent", message)
        for name, place in own.items():
            if name in self._brought:
                message = f"intentet {name} kommer redan från kunskapen. Ta bort det här."
                yield self._domain_lines.problem(("intents", place), message)
            elif name not in asked:
                message = f"intentet {name} saknar exempel i data/nlu."
                yield self._domain_lines.problem(("intents", place), message)
        for name, (file, line) in self._brought.items():
            if name not in asked:
                message = f"{name} saknar exempel på hur besökare frågar. Lägg till dem i data/nlu."
                yield Problem(file, line, "id", message)
        if self.knowledge:
            for name in sorted({*self.knowledge.questions} - {*own, *self._brought}):
                message = f"frågan {name} i questions är inget intent."
                yield Problem("data/knowledge/questions.yml", 0, "questions", message)

    @property
    def _rules_steps(self) -> list[tuple[int, Any]]:
        """The steps of each rule and its place, whatever they are."""
        whole = self._rules["rules"] if _is_whole(self._rules, rules=list) else []
        rules = [rule if isinstance(rule, dict) else {} for rule in whole]
        return [(number, rule.get("steps")) for number, rule in enumerate(rules)]

    def _ruled(self) -> Iterator[Problem]:
        own = self._own
        ruled: set[str] = set()
        known = {*self._domain["actions"], *self._domain["responses"]}
        for number, steps in self._rules_steps:
            if not _are_steps(steps):
                continue
            intent, first = steps[0]["intent"], steps[1]["action"]
            ruled.add(intent)
            if intent not in {*own, *self._brought, FALLBACK}:
                message = f"regeln gäller {intent}, som inte finns."
                yield self._rules_lines.problem(("rules", number), message)
            for action in (step["action"] for step in steps if "action" in step):
                if action not in known:
                    message = f"{action} finns inte i domain.yml."
                    yield self._rules_lines.problem(("rules", number), message)
            if first == "action_phrase" and f"utter_{intent}" not in self._domain["responses"]:
                message = f"frasen utter_{intent} saknas under responses i domain.yml."
                yield self._rules_lines.problem(("rules", number), message)
        for intent, place in own.items():
            if intent not in ruled:
                message = f"intentet {intent} saknar regel i data/rules.yml."
                yield self._domain_lines.problem(("intents", place), message)
        if self.knowledge:
            for rule in knowledge_rules(self.knowledge):
                if rule["steps"][1]["action"] not in known:
                    message = f"{rule['steps'][1]['action']} saknas under actions."
                    yield self._domain_lines.problem(("actions",), message)

    def _actions(self) -> Iterator[Problem]:
        files = {path.stem for path in (ROOT / "actions").glob("action_*.py")}
        for action in sorted(files ^ {*self._domain["actions"]}):
            message = f"{action} ska finnas både i actions/ och under actions i domain.yml."
            yield self._domain_lines.problem(("actions",), message)

    def _said(self) -> Iterator[Problem]:
        """Find phrases that the code says and the domain lacks."""
        for path in sorted([*(ROOT / "actions").glob("*.py"), *(ROOT / "bot").rglob("*.py")]):
            for name in _PHRASE.findall(path.read_text(encoding="utf-8")):
                if name not in self._domain["responses"]:
                    message = f"frasen {name} saknas. Boten säger den i {path.stem}."
                    yield self._domain_lines.problem(("responses",), message)

    def _responses(self) -> Iterator[Problem]:
        """Check where the buttons of phrases lead."""
        known = {*self._own, *self._brought}
        for name, variants in self._domain["responses"].items():
            for number, variant in enumerate(variants if isinstance(variants, list) else []):
                buttons = variant.get("buttons", []) if isinstance(variant, dict) else []
                for place, button in enumerate(buttons):
                    payload = button.get("payload", "") if isinstance(button, dict) else ""
                    if payload.lstrip("/") not in known:
                        message = f"knappen leder till {payload or 'ingenting'}, som inte finns."
                        where = ("responses", name, number, "buttons", place, "payload")
                        yield self._domain_lines.problem(where, message)


def _is_whole(content: Any, **fields: type) -> bool:
    return isinstance(content, dict) and all(
        isinstance(content.get(field), kind) for field, kind in fields.items()
    )


def _are_steps(steps: Any) -> TypeGuard[list[dict[str, str]]]:
    return (
        isinstance(steps, list)
        and len(steps) > 1
        and all(isinstance(step, dict) for step in steps)
        and "intent" in steps[0]
        and "action" in steps[1]
    )


def _at(knowledge: Knowledge, name: str, field: str, message: str) -> Problem:
    """Return a warning at a fact or person."""
    place = knowledge.places[name]
    return Problem(place.file, place.line, field, message, warning=True)


def _is_possible(number: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, _REGION))
    except phonenumbers.NumberParseException:
        return False


def _is_written_as(written: str, name: str) -> bool:
    """Tell whether words are the name or a part of it, perhaps in the genitive."""
    words, own = written.split(" "), name.split(" ")
    return all(
        word in own or (word.endswith(_GENITIVE) and word[: -len(_GENITIVE)] in own)
        for word in words
    )


def read(path: Path) -> Iterator[Example]:
    """Yield the examples of one NLU file.

    Raises:
        FileError: the file is no YAML, or not in the form of Rasa's NLU files.

    """
    root, _ = compose(path, FAST)
    blocks = _value(root, "nlu")
    if not isinstance(blocks, yaml.SequenceNode):
        raise FileError([Problem(shown(path), 1, "nlu", "filen ska ha en lista nlu.")])
    for block in blocks.value:
        intent, examples = _value(block, "intent"), _value(block, "examples")
        if not isinstance(examples, yaml.ScalarNode):
            hint = "skriv exemplen under examples: | med - först på varje rad."
            raise FileError([Problem(shown(path), block.start_mark.line + 1, "examples", hint)])
        if intent is None:
            continue
        for place, line in enumerate(examples.value.split("\n")):
            number = examples.start_mark.line + 2 + place
            if line.startswith("- "):
                text = _MARKED.sub(r"\1", line[2:]).strip()
                yield Example(intent.value, text, shown(path), number)
            elif line.strip():
                hint = f"raden ”{line.strip()}” ska börja med - och ett mellanslag."
                raise FileError([Problem(shown(path), number, "examples", hint)])


def _value(node: Any, key: str) -> Any:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _repeated(examples: list[Example], tests: list[Example]) -> Iterator[Problem]:
    seen: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        seen[example.folded].append(example)
    for same in seen.values():
        for other in same[1:]:
            if other.intent != same[0].intent:
                first = f"{same[0].intent} ({same[0].file}, rad {same[0].line})"
                message = f"”{other.text}” står också under {first}."
                yield Problem(other.file, other.line, other.intent, message)
    for test in tests:
        if test.folded in seen:
            twin = seen[test.folded][0]
            message = (
                f"testfrågan ”{test.text}” finns bland exemplen ({twin.file}, rad {twin.line})."
            )
            yield Problem(test.file, test.line, test.intent, message)


def _print_what_to_fill_in(knowledge: Knowledge) -> None:
    empty = list(knowledge.to_fill_in())
    if empty:
        print("\nAtt fylla i, när ni vet (data/knowledge):")
        for what in empty:
            print(f"  - {what}")


def _validate_with_rasa() -> int:
    print("\nrasa data validate …", flush=True)
    unit = settings().unit_dir
    command = [sys.executable, "-m", "rasa", "data", "validate"]
    command += ["--data", str(unit / "data"), "--domain", str(unit / "domain.yml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-4000:], done.stderr[-4000:], sep="\n")
    print("rasa data validate: godkänt." if not done.returncode else "rasa data validate: fel.")
    return done.returncode
