"""Find in the code which phrases the bot says, what it fills in, and what it remembers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_PHRASE: Final = re.compile(r"utter_[a-z_]*[a-z]")
# Rasa's own name of a field, and the form's of a dialogue test.
_NO_PHRASES: Final = ("utter_action", "utter_name", "utter_message")
_SAYS_SOMETHING: Final = re.compile(r"[\"']utter_|get_slot|SlotSet")
_SAYING: Final = ("say", "show")
_NOT_FILLED_IN: Final = "buttons"
# Variants of a phrase that name what the page lacks, and what they fill in: `Turn.named`.
_VARIANTS: Final = {"_named": "words", "_asked": "clause"}
# The variant of a phrase in easy words: `Turn.is_easy`.
_EASY: Final = "_easy"
# The same phrase for who writes English.
_IN_ENGLISH: Final = "_english"
_REMEMBERING: Final = ("get_slot", "SlotSet")


@dataclass
class Spoken:
    """What the code says and remembers.

    Attributes:
        phrases: names of phrases that stand in the code.
        slots: names of slots that it reads or sets.

    """

    phrases: set[str] = field(default_factory=set)
    slots: set[str] = field(default_factory=set)
    _filled: list[tuple[re.Pattern[str], set[str]]] = field(default_factory=list)

    def filled(self, phrase: str) -> set[str]:
        """Return what may be filled in where the phrase says {…}."""
        phrase = phrase.removesuffix(_EASY)
        phrase = phrase.removesuffix(_IN_ENGLISH)
        for variant, filled_in in _VARIANTS.items():
            if phrase.endswith(variant):
                return {*self.filled(phrase.removesuffix(variant)), filled_in}
        return {name for said, names in self._filled if said.fullmatch(phrase) for name in names}

    def _read(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if _PHRASE.fullmatch(node.value) and node.value not in _NO_PHRASES:
                    self.phrases.add(node.value)
            elif isinstance(node, ast.FunctionDef):
                self._read_calls(node)

    def _read_calls(self, function: ast.FunctionDef) -> None:
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in _REMEMBERING:
                self.slots |= {value for value in _strings(node.args[0]) if value.isidentifier()}
            if name in _SAYING:
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                for said in _said(node.args[0], function):
                    self._filled.append((re.compile(said), names - {_NOT_FILLED_IN}))


def spoken(files: Iterable[Path]) -> Spoken:
    """Return what the code of these files says and remembers."""
    found = Spoken()
    for path in files:
        text = path.read_text(encoding="utf-8")
        if _SAYS_SOMETHING.search(text):
            found._read(ast.parse(text))
    return found


def _said(said: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Yield patterns of the phrases that an argument may name."""
    if isinstance(said, ast.JoinedStr):
        yield "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*"
            for part in said.values
        )
    elif isinstance(said, ast.Name):
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and said.id in map(ast.unparse, node.targets):
                yield from map(re.escape, _strings(node.value))
    else:
        yield from map(re.escape, _strings(said))


def _strings(node: ast.expr) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
