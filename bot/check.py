"""Check knowledge, domain, examples and rules together, without training."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import KnowledgeError, Problem
from bot.importer import rules as knowledge_rules
from bot.knowledge import Knowledge, load_folder
from bot.knowledge.loader import shown
from bot.settings import ROOT

# What the classifier says when it is not sure, by Rasa's own name for it.
FALLBACK: Final = "nlu_fallback"
_MARKED: Final = re.compile(r"\[([^\]]*)\][({][^)}]*[)}]")
# Rasa takes a file for training data when a line begins with one of these.
_TAKEN_FOR_TRAINING: Final = re.compile(r"^\s*(nlu|rules|stories|responses):", re.MULTILINE)


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


def run_check(full: bool, root: Path = ROOT) -> int:
    """Print every problem and what is still to fill in; return 1 if there are problems."""
    knowledge, problems = _knowledge(root)
    if knowledge:
        problems += sorted(check(root, knowledge))
    for problem in problems:
        print(problem)
    if problems:
        print(f"\n{len(problems)} fel att rätta.")
    elif knowledge:
        count = f"{len(knowledge.facts)} fakta, {len(knowledge.people)} medarbetare"
        print(f"Allt stämmer: {count}.")
    if knowledge:
        _print_what_to_fill_in(knowledge)
    status = 1 if problems else 0
    return _validate_with_rasa() or status if full else status


def _knowledge(root: Path) -> tuple[Knowledge | None, list[Problem]]:
    try:
        return load_folder(root / "data" / "knowledge"), []
    except KnowledgeError as error:
        return None, error.problems


def check(root: Path, knowledge: Knowledge) -> Iterator[Problem]:
    """Yield what is wrong between the files."""
    domain = yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))
    intents = {*domain["intents"], *knowledge.intents}
    examples = [e for path in sorted((root / "data" / "nlu").glob("*.yml")) for e in read(path)]
    tests = [e for path in sorted((root / "tests" / "nlu").glob("*.yml")) for e in read(path)]
    yield from _intents(root, knowledge, domain, intents, examples)
    yield from _rules(root, knowledge, domain, intents)
    yield from _repeated(examples, tests)
    yield from _responses(root, domain, intents)
    for path in sorted((root / "data" / "knowledge").glob("*.yml")):
        if found := _TAKEN_FOR_TRAINING.search(path.read_text(encoding="utf-8")):
            line = path.read_text(encoding="utf-8")[: found.end()].count("\n") + 1
            word = found.group(1)
            message = (
                f"en rad får inte börja med {word}: eftersom Rasa då tar filen för träningsdata."
            )
            yield Problem(shown(path), line, "", message)


def read(path: Path) -> Iterator[Example]:
    """Yield the examples of one NLU file."""
    root = yaml.compose(path.read_text(encoding="utf-8"))
    for block in _value(root, "nlu").value:
        names = {key.value: value for key, value in block.value}
        if "intent" not in names:
            continue
        examples = names["examples"]
        lines = examples.value.split("\n")
        for place, line in enumerate(lines):
            if line.startswith("- "):
                text = _MARKED.sub(r"\1", line[2:]).strip()
                number = examples.start_mark.line + 2 + place
                yield Example(names["intent"].value, text, shown(path), number)


def _value(node: Any, key: str) -> Any:
    return next(value for name, value in node.value if name.value == key)


def _intents(
    root: Path,
    knowledge: Knowledge,
    domain: dict[str, Any],
    intents: set[str],
    examples: list[Example],
) -> Iterator[Problem]:
    asked = {example.intent for example in examples}
    for example in {e.intent: e for e in reversed(examples)}.values():
        if example.intent not in intents:
            message = f"intentet {example.intent} finns varken i domain.yml eller i kunskapen."
            yield Problem(example.file, example.line, "intent", message)
    for intent in sorted(intents - asked):
        message = f"intentet {intent} saknar exempel i data/nlu."
        where = "data/knowledge" if intent in knowledge.intents else "domain.yml"
        yield Problem(where, 0, intent, message)
    for intent in sorted(set(domain["intents"]) & set(knowledge.intents)):
        message = f"intentet {intent} kommer redan från kunskapen. Ta bort det här."
        yield Problem("domain.yml", 0, "intents", message)
    for intent in sorted(set(knowledge.questions) - intents):
        message = f"frågan {intent} i questions är inget intent."
        yield Problem("data/knowledge", 0, "questions", message)


def _rules(
    root: Path, knowledge: Knowledge, domain: dict[str, Any], intents: set[str]
) -> Iterator[Problem]:
    written = yaml.safe_load((root / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    steps = [step for rule in [*written, *knowledge_rules(knowledge)] for step in rule["steps"]]
    ruled = {step["intent"] for step in steps if "intent" in step}
    done = {step["action"] for step in steps if "action" in step}
    for intent in sorted(intents - ruled):
        yield Problem("data/rules.yml", 0, intent, f"intentet {intent} saknar regel.")
    for intent in sorted(ruled - intents - {FALLBACK}):
        yield Problem("data/rules.yml", 0, intent, f"regeln gäller {intent}, som inte finns.")
    known = {*domain["actions"], *domain["responses"]}
    for action in sorted(done - known):
        yield Problem("data/rules.yml", 0, action, f"{action} finns inte i domain.yml.")
    for rule in written:
        intent, first = rule["steps"][0]["intent"], rule["steps"][1]["action"]
        if first == "action_phrase" and f"utter_{intent}" not in domain["responses"]:
            message = f"frasen utter_{intent} saknas under responses."
            yield Problem("domain.yml", 0, intent, message)
    files = {path.stem for path in (root / "actions").glob("action_*.py")}
    for action in sorted(files ^ set(domain["actions"])):
        message = f"{action} ska finnas både i actions/ och under actions i domain.yml."
        yield Problem("domain.yml", 0, "actions", message)


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


def _responses(root: Path, domain: dict[str, Any], intents: set[str]) -> Iterator[Problem]:
    """Check where the buttons of phrases lead."""
    for name, variants in domain["responses"].items():
        for button in (b for variant in variants for b in variant.get("buttons", [])):
            if button["payload"].lstrip("/") not in intents:
                message = (
                    f"knappen ”{button['title']}” leder till {button['payload']}, som inte finns."
                )
                yield Problem("domain.yml", 0, name, message)


def _print_what_to_fill_in(knowledge: Knowledge) -> None:
    empty = list(knowledge.to_fill_in())
    if empty:
        print("\nAtt fylla i, när ni vet (data/knowledge):")
        for what in empty:
            print(f"  - {what}")


def _validate_with_rasa() -> int:
    print("\nrasa data validate …", flush=True)
    command = [sys.executable, "-m", "rasa", "data", "validate", "--data", "data"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-4000:], done.stderr[-4000:], sep="\n")
    print("rasa data validate: godkänt." if not done.returncode else "rasa data validate: fel.")
    return done.returncode
