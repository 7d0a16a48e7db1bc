"""Check knowledge, domain, examples, rules and tests together, without training."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

import phonenumbers
from pydantic import BaseModel

from bot.dialogues import Dialogue, load_dialogues
from bot.domain_files import DomainFile, RulesFile, name_of
from bot.errors import FileError, Problem
from bot.knowledge import Knowledge, knowledge_files, load_folder
from bot.knowledge.english import lacks_english
from bot.knowledge.loader import names_in
from bot.knowledge.rules import rules as knowledge_rules
from bot.nlu.folding import fold
from bot.nlu.name_finder import OTHER_PERSON, PERSON
from bot.nlu_files import Example, NluFile, nlu_files, read_whole
from bot.settings import ROOT, settings
from bot.spoken import Spoken, spoken
from bot.staff_files import YAML, shown, staff_files
from bot.yaml_file import Lines, compose, read_as, read_text

# What the classifier says when it is not sure, by Rasa's own name for it.
FALLBACK: Final = "nlu_fallback"
# Rasa takes a file for training data when a line begins with one of these.
_TAKEN_FOR_TRAINING: Final = re.compile(r"^\s*(nlu|rules|stories|responses):", re.MULTILINE)
# In a value without quotation marks, what follows is a comment.
_CUT_OFF: Final = re.compile(r"^\s*(?:- )?[a-z_]+: +[^\"'|>#\s][^\n]*\S #")
_DAYS_UNTIL_REVIEW: Final = 365
# In words: a longer sentence is no easy one.
_LONGEST_SENTENCE: Final = 16
_SENTENCE_END: Final = re.compile(r"(?<=[.!?:])\s+|\n")
_EASY: Final = "_easy"
# They are no answers, or have variants of their own.
_NOT_EASY: Final = re.compile(r"utter_questions_|.*(?:_english|_easy)$")
# What fits a phone's screen.
_LONGEST_ANSWER: Final = 600
_REGION: Final = "SE"
_GENITIVE: Final = "s"


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
        print(f"{len(warnings)} {'sak' if len(warnings) == 1 else 'saker'} att se över.")
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
        self._domain, self._domain_lines = self._read(unit / "domain.yml", DomainFile)
        self._rules, self._rules_lines = self._read(unit / "data" / "rules.yml", RulesFile)
        self._nlu = [read_whole(path) for path in nlu_files(unit / "data" / "nlu")]
        self._tests = [read_whole(path) for path in nlu_files(unit / "tests" / "nlu")]
        for file in (*self._nlu, *self._tests):
            self._unreadable += file.problems
        self._dialogues: list[Dialogue] = []
        try:
            self._dialogues = load_dialogues([unit / "tests" / "dialogues"])
        except FileError as error:
            self._unreadable += error.problems

    def _read[Content: BaseModel](
        self, path: Path, kind: type[Content]
    ) -> tuple[Content | None, Lines]:
        try:
            return read_as(path, kind)
        except FileError as error:
            self._unreadable += error.problems
            return None, Lines(path, None)

    @cached_property
    def _brought(self) -> dict[str, tuple[str, int]] | None:
        """The intents that the knowledge brings and where; None if some file is unreadable."""
        if self.knowledge:
            places = {name: self.knowledge.places[name] for name in self.knowledge.intents}
            return {name: (place.file, place.line) for name, place in places.items()}
        paths = knowledge_files(self._unit / "data" / "knowledge")
        outlines = [names_in(path) for path in paths]
        whole = [outline for outline in outlines if outline]
        if len(whole) < len(outlines):
            return None
        return {
            name: (outline.file, line)
            for outline in whole
            for names in (outline.facts, outline.roles)
            for name, line in names.items()
        }

    def problems(self) -> Iterator[Problem]:
        """Yield all that is wrong, and all that may be.

        What follows from a file that cannot be read is left out: it would hide the reason.
        """
        yield from self._unreadable
        yield from self._knowledge_files()
        yield from _repeated(_examples(self._nlu), _examples(self._tests))
        if self.knowledge:
            yield from self._facts(self.knowledge)
            yield from self._contacts(self.knowledge)
            yield from self._names(self.knowledge)
        if self._domain:
            yield from self._entities(self._domain)
            yield from self._spoken(self._domain)
            yield from self._actions(self._domain)
            yield from self._in_dialogues(self._domain)
            if self._brought is not None:
                yield from self._intents(self._brought)
                yield from self._buttons(self._domain, self._brought)
            if self._rules and self._brought is not None:
                yield from self._ruled(self._domain, self._rules, self._brought)

    def _knowledge_files(self) -> Iterator[Problem]:
        folder = self._unit / "data" / "knowledge"
        for path in staff_files(folder, (*YAML, *map(str.upper, YAML)), below=True):
            if path.suffix != ".yml" or path.parent != folder:
                told = f"filen läses inte. Lägg den i {shown(folder)}, med ett namn på .yml."
                yield Problem(shown(path), 0, "", told, warning=True)
                continue
            text = _text_of(path)
            if found := _TAKEN_FOR_TRAINING.search(text):
                message = (
                    f"en rad får inte börja med {found.group(1)}: eftersom Rasa då tar filen för "
                    "träningsdata."
                )
                yield Problem(shown(path), text[: found.end()].count("\n") + 1, "", message)
            for number, line in enumerate(text.split("\n"), 1):
                if _CUT_OFF.match(line):
                    told = (
                        "det som står efter # är en kommentar, som boten inte säger. Sätt "
                        "citattecken om hela värdet om det ska vara med."
                    )
                    yield Problem(shown(path), number, "", told, warning=True)

    def _facts(self, knowledge: Knowledge) -> Iterator[Problem]:
        reviewed = {"unit": knowledge.unit.reviewed}
        reviewed |= {fact.id: fact.reviewed for fact in knowledge.facts.values()}
        for name, day in reviewed.items():
            if (self._today - day).days > _DAYS_UNTIL_REVIEW:
                message = f"{name} granskades {day}, för mer än ett år sedan. Läs det igen."
                yield _at(knowledge, name, "reviewed", message)
            if day > self._today:
                yield _at(knowledge, name, "reviewed", f"{name} granskas först {day}.")
        for fact in knowledge.facts.values():
            for field in ("answer", "more", "simple"):
                if len(getattr(fact, field) or "") > _LONGEST_ANSWER:
                    message = (
                        f"{fact.id} är längre än en skärm, {len(getattr(fact, field))} tecken. "
                        f"Högst {_LONGEST_ANSWER} är lagom; lägg resten i more."
                    )
                    yield _at(knowledge, fact.id, field, message)
            if fact.id in fact.follow_ups:
                message = f"{fact.id} föreslår sig självt som nästa fråga."
                yield _at(knowledge, fact.id, "follow_ups", message)
            if len(set(fact.follow_ups)) < len(fact.follow_ups):
                message = f"{fact.id} föreslår samma fråga två gånger."
                yield _at(knowledge, fact.id, "follow_ups", message)

    def _contacts(self, knowledge: Knowledge) -> Iterator[Problem]:
        numbers = {"unit": knowledge.unit.phone}
        numbers |= {person.id: person.phone for person in knowledge.people.values()}
        for name, number in numbers.items():
            if number and not _passes(number, phonenumbers.is_possible_number):
                message = f"{number} har inte så många siffror som ett telefonnummer har."
                yield replace(_at(knowledge, name, "phone", message), warning=False)
            elif number and not _passes(number, phonenumbers.is_valid_number):
                message = f"{number} är inget telefonnummer som finns i Sverige. Stämmer det?"
                yield _at(knowledge, name, "phone", message)
        first: dict[str, str] = {}
        for person in knowledge.people.values():
            if person.email:
                other = first.setdefault(person.email.casefold(), person.id)
                if other != person.id:
                    told = f"{person.email} står också hos {knowledge.people[other].name}."
                    yield _at(knowledge, person.id, "email", told)

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
        paths = self._unit / "domain.yml", self._unit / "data" / "page.html"
        for path in (*knowledge_files(self._unit / "data" / "knowledge"), *paths):
            for number, line in enumerate(_text_of(path).splitlines(), 1):
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
        listed = self._domain.intents if self._domain else []
        return {name_of(one): place for place, one in reversed(list(enumerate(listed)))}

    def _intents(self, brought: Mapping[str, tuple[str, int]]) -> Iterator[Problem]:
        known = {*self._own, *brought}
        examples = _examples(self._nlu)
        for example in _first_of_each([*examples, *_examples(self._tests)]):
            if example.intent not in known:
                message = f"intentet {example.intent} finns varken i domain.yml eller i kunskapen."
                yield Problem(example.file, example.line, "intent", message)
        for name, place in self._own.items():
            if name in brought:
                message = f"intentet {name} kommer redan från kunskapen. Ta bort det här."
                yield self._domain_lines.problem(("intents", place), message)
        if not any(file.problems for file in self._nlu):
            asked = {example.intent for example in examples}
            for name, place in self._own.items():
                if name not in asked and name not in brought and name not in _of_danger():
                    message = f"intentet {name} saknar exempel i data/nlu."
                    yield self._domain_lines.problem(("intents", place), message)
            for name, (file, line) in brought.items():
                if name not in asked:
                    message = (
                        f"{name} saknar exempel på hur besökare frågar. Lägg till dem i data/nlu."
                    )
                    yield Problem(file, line, "id", message)
        if self.knowledge:
            for name in sorted(self.knowledge.questions.keys() - known):
                message = f"frågan {name} i questions är inget intent."
                yield Problem("data/knowledge/questions.yml", 0, "questions", message)

    def _entities(self, domain: DomainFile) -> Iterator[Problem]:
        known = {name_of(entity) for entity in domain.entities}
        for file in self._nlu:
            for name, line in file.entities.items():
                if name not in known:
                    message = f"entiteten {name} finns inte under entities i domain.yml."
                    yield Problem(file.file, line, "examples", message)
        for name in sorted({PERSON, OTHER_PERSON} - known):
            message = f"entiteten {name}, som koden använder, saknas."
            yield self._domain_lines.problem(("entities",), message)
        for kind, names in (
            ("intents", [name_of(one) for one in domain.intents]),
            ("entities", [name_of(one) for one in domain.entities]),
            ("actions", domain.actions),
        ):
            for place, name in enumerate(names):
                if name in names[:place]:
                    message = f"{name} står två gånger. Ta bort det ena."
                    yield self._domain_lines.problem((kind, place), message)

    def _ruled(
        self,
        domain: DomainFile,
        rules: RulesFile,
        brought: Mapping[str, tuple[str, int]],
    ) -> Iterator[Problem]:
        problem = self._rules_lines.problem
        known = {*domain.actions, *domain.responses}
        first: dict[str, str] = {}
        for number, rule in enumerate(rules.rules):
            where = ("rules", number, "steps")
            if rule.intent not in {*self._own, *brought, FALLBACK}:
                yield problem((*where, 0, "intent"), f"intentet {rule.intent} finns inte.")
            if rule.intent in brought:
                told = f"{rule.intent} får sin regel ur kunskapen. Ta bort den här."
                yield problem((*where, 0, "intent"), told)
            if first.setdefault(rule.intent, rule.rule) != rule.rule:
                told = f"{rule.intent} har redan en regel: ”{first[rule.intent]}”."
                yield problem((*where, 0, "intent"), told)
            if rule.rule in [other.rule for other in rules.rules[:number]]:
                yield problem(("rules", number, "rule"), "en annan regel heter redan så.")
            for place, step in enumerate(rule.steps):
                if step.action and step.action not in known:
                    told = f"{step.action} finns inte under actions eller responses i domain.yml."
                    yield problem((*where, place, "action"), told)
            own = f"utter_{rule.intent}"
            if rule.steps[1].action == "action_say" and own not in domain.responses:
                told = f"frasen {own} saknas under responses i domain.yml."
                yield problem((*where, 1, "action"), told)
        for intent, place in self._own.items():
            if intent not in first:
                message = f"intentet {intent} saknar regel i data/rules.yml."
                yield self._domain_lines.problem(("intents", place), message)
        if self.knowledge:
            for action in {rule["steps"][1]["action"] for rule in knowledge_rules(self.knowledge)}:
                if action not in known:
                    message = f"{action} saknas under actions."
                    yield self._domain_lines.problem(("actions",), message)

    def _actions(self, domain: DomainFile) -> Iterator[Problem]:
        files = {path.stem for path in (ROOT / "actions").glob("action_*.py")}
        for action in sorted(files ^ {*domain.actions}):
            message = f"{action} ska finnas både i actions/ och under actions i domain.yml."
            yield self._domain_lines.problem(("actions",), message)
        for slot in sorted(self._code.slots - domain.slots.keys()):
            message = f"minnet {slot}, som koden använder, saknas."
            yield self._domain_lines.problem(("slots",), message)

    @cached_property
    def _code(self) -> Spoken:
        """What the code says and remembers."""
        return spoken([*(ROOT / "actions").glob("*.py"), *(ROOT / "bot").rglob("*.py")])

    def _spoken(self, domain: DomainFile) -> Iterator[Problem]:
        """Find phrases that the code says and the domain lacks, and blanks that it never fills."""
        for name in sorted(self._code.phrases - domain.responses.keys()):
            message = f"frasen {name}, som boten säger, saknas."
            yield self._domain_lines.problem(("responses",), message)
        for name, variants in domain.responses.items():
            has_easy = f"{name}{_EASY}" in domain.responses or _NOT_EASY.match(name)
            longest = max(_words_a_sentence(variant.text or "") for variant in variants)
            if longest > _LONGEST_SENTENCE and not has_easy:
                told = (
                    f"en mening har {longest} ord, och den som vill ha lätta ord får den också. "
                    f"Skriv {name}{_EASY} med kortare meningar."
                )
                place = self._domain_lines.problem(("responses", name), told)
                yield replace(place, warning=True)
            filled = self._code.filled(name)
            for number, variant in enumerate(variants):
                for blank in variant.placeholders:
                    if blank not in filled:
                        those = ", ".join(f"{{{one}}}" for one in sorted(filled)) or "inga"
                        told = f"{{{blank}}} fylls aldrig i. De som finns här: {those}."
                        where = ("responses", name, number, "text")
                        yield self._domain_lines.problem(where, told)

    def _buttons(
        self, domain: DomainFile, brought: Mapping[str, tuple[str, int]]
    ) -> Iterator[Problem]:
        """Check where the buttons of phrases lead."""
        for name, variants in domain.responses.items():
            for number, variant in enumerate(variants):
                for place, button in enumerate(variant.buttons):
                    if button.intent not in {*self._own, *brought}:
                        message = f"knappen leder till {button.payload}, som inte finns."
                        where = ("responses", name, number, "buttons", place, "payload")
                        yield self._domain_lines.problem(where, message)

    def _in_dialogues(self, domain: DomainFile) -> Iterator[Problem]:
        """Check what dialogue tests name."""
        known = {
            "utter": domain.responses.keys(),
            "action_executed": {*domain.actions, *domain.responses},
            "slot_was_set": domain.slots.keys(),
            "slot_was_not_set": domain.slots.keys(),
        }
        for dialogue in self._dialogues:
            for step in dialogue.steps:
                for expectation in step.expected:
                    if expectation.kind not in known or expectation.refused:
                        continue
                    name = getattr(expectation.wanted, "name", expectation.wanted)
                    if name not in known[expectation.kind]:
                        told = f"{name} finns inte i domain.yml."
                        yield Problem(dialogue.file, step.line, expectation.kind, told)


def _words_a_sentence(text: str) -> int:
    """Return how many words the longest sentence has."""
    return max(len(sentence.split()) for sentence in _SENTENCE_END.split(text))


def _text_of(path: Path) -> str:
    """Return the text of a file; none of one that cannot be read, which is told already."""
    try:
        return read_text(path)
    except FileError:
        return ""


def _at(knowledge: Knowledge, name: str, field: str, message: str) -> Problem:
    """Return a warning at a fact or person."""
    place = knowledge.places[name]
    line = place.fields.get(field, place.line)
    return Problem(place.file, line, field, message, warning=True)


def _passes(number: str, test: Callable[[phonenumbers.PhoneNumber], bool]) -> bool:
    try:
        return test(phonenumbers.parse(number, _REGION))
    except phonenumbers.NumberParseException:
        return False


def _is_written_as(written: str, name: str) -> bool:
    """Tell whether words are the name or a part of it, perhaps in the genitive."""
    words, own = written.split(" "), name.split(" ")
    return all(
        word in own or (word.endswith(_GENITIVE) and word[: -len(_GENITIVE)] in own)
        for word in words
    )


def _examples(files: Iterable[NluFile]) -> list[Example]:
    return [example for file in files for example in file.examples]


def _first_of_each(examples: list[Example]) -> Iterable[Example]:
    return {(e.intent, e.file): e for e in reversed(examples)}.values()


def _of_danger() -> set[str]:
    """Return the intents that config.yml gives to danger, whose texts are not in data/nlu."""
    _, config = compose(ROOT / "config.yml")
    care = [part["care"] for part in config["pipeline"] if "care" in part]
    lines = [part["line_of_help"] for part in config["pipeline"] if "line_of_help" in part]
    names = {*lines, *(name for names in care for name in names.values())}
    return names | {f"{name}_english" for name in names}


def _repeated(examples: list[Example], tests: list[Example]) -> Iterator[Problem]:
    """Find sentences under two intents or twice under one, and tests that are examples."""
    trained = _by_sentence(examples)
    for same in (*trained.values(), *_by_sentence(tests).values()):
        for other in same[1:]:
            if other.intent != same[0].intent:
                first = f"{same[0].intent} ({same[0].file}, rad {same[0].line})"
                told = f"”{other.text}” står både här, under {other.intent}, och under {first}."
                yield Problem(other.file, other.line, "examples", f"{told} Ta bort det ena.")
    for same in trained.values():
        texts: dict[str, Example] = {}
        for example in same:
            first_one = texts.setdefault(example.text, example)
            if first_one is not example and first_one.intent == example.intent:
                where = f"{first_one.file}, rad {first_one.line}"
                told = f"”{example.text}” står två gånger ({where}). Ta bort det ena."
                yield Problem(example.file, example.line, "examples", told, warning=True)
    for test in tests:
        if test.folded in trained:
            twin = trained[test.folded][0]
            told = f"testfrågan ”{test.text}” finns bland exemplen ({twin.file}, rad {twin.line})."
            yield Problem(test.file, test.line, "examples", told)


def _by_sentence(examples: list[Example]) -> dict[str, list[Example]]:
    same: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        same[example.folded].append(example)
    return same


def _print_what_to_fill_in(knowledge: Knowledge) -> None:
    empty = [
        *knowledge.to_fill_in(),
        *(f"engelska (english) för {name}" for name in lacks_english(knowledge)),
    ]
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
