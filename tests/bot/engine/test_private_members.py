"""The private members of Rasa and Sanic that the bot overrides, calls or reads.

All of them are here. Their makers promise nothing of them: when one is gone, or takes something
else, what is built on it (bot/engine, bot/importer.py, bot/connection.py, bench) is to be read
anew beside the new one.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies.policy import Policy
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import GraphNode
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.events import Event
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from sanic.server.protocols.base_protocol import SanicProtocol
from sanic.server.protocols.http_protocol import HttpProtocolMixin

ROOT = Path(__file__).resolve().parents[3]

METHODS: dict[tuple[type, str], str] = {
    (Agent, "_create_tracker_store"): "static (store, domain)",
    (Agent, "_set_fingerprint"): "(self, fingerprint=None)",
    (Event, "_from_parameters"): "class (parameters)",
    (LocalModelStorage, "_extract_archive_to_directory"): (
        "static (model_archive_path, temporary_directory)"
    ),
    (LocalModelStorage, "_load_metadata"): "static (directory)",
    (MessageProcessor, "_check_for_unseen_features"): "(self, parse_data)",
    (MessageProcessor, "_handle_message_with_tracker"): "async (self, message, tracker)",
    (MessageProcessor, "_load_model"): "static (model_path)",
    (MessageProcessor, "_parse_message_with_graph"): (
        "(self, message, tracker, only_output_properties=True)"
    ),
    (MessageProcessor, "_predict_next_with_tracker"): "(self, tracker)",
    (MessageProcessor, "_run_action"): (
        "async (self, action, tracker, output_channel, nlg, prediction)"
    ),
    (MessageProcessor, "_run_prediction_loop"): "async (self, output_channel, tracker)",
    (Policy, "_default_predictions"): "(self, domain)",
    (Policy, "_prediction"): (
        "(self, probabilities, events=None, optional_events=None, is_end_to_end_prediction=False, "
        "is_no_user_prediction=False, diagnostic_data=None, action_metadata=None)"
    ),
    (RemoteAction, "_utter_responses"): "static async (responses, output_channel, nlg, tracker)",
}
# What instances hold.
ATTRIBUTES: set[tuple[type, str]] = {
    (GraphNode, "_component"),
    (HttpProtocolMixin, "_http"),
    (Message, "_cached_fingerprint"),
    (Policy, "_model_storage"),
    (RasaFileImporter, "_nlu_files"),
    (SanicProtocol, "_task"),
    (SanicProtocol, "_time"),
}


def form(kind: type, name: str) -> str:
    """Return what a method is and what it takes; annotations are left out."""
    member = inspect.getattr_static(kind, name)
    function = getattr(kind, name)
    bare = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in inspect.signature(function).parameters.values()
    ]
    words = [
        *(["static"] if isinstance(member, staticmethod) else []),
        *(["class"] if isinstance(member, classmethod) else []),
        *(["async"] if inspect.iscoroutinefunction(function) else []),
        str(inspect.Signature(bare)),
    ]
    return " ".join(words)


@pytest.mark.parametrize(("member", "expected"), METHODS.items(), ids=str)
def test_a_method_takes_what_it_took(member, expected):
    assert form(*member) == expected


@pytest.mark.parametrize(("kind", "name"), sorted(ATTRIBUTES, key=str))
def test_an_instance_holds_what_it_held(kind, name):
    assert re.search(rf"self\.{name}\b[^=\n]*= ", inspect.getsource(kind))


def sources() -> Iterator[Path]:
    for folder in ("bot", "actions"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def our_classes() -> Iterator[type]:
    for path in sources():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if not name.startswith(("bot.bench.intents", "bot.__main__")):
            for made in vars(importlib.import_module(name)).values():
                if inspect.isclass(made) and made.__module__ == name:
                    yield made


def overridden(kind: type) -> Iterator[tuple[type, str]]:
    for name in vars(kind):
        if name.startswith("_") and not name.startswith("__"):
            for base in kind.__mro__[1:]:
                is_theirs = base.__module__.startswith(("rasa.", "rasa_sdk.", "sanic."))
                if is_theirs and name in vars(base) and name != "_abc_impl":
                    yield base, name
                    break


def test_all_that_are_overridden_are_here():
    found = {member for kind in our_classes() for member in overridden(kind)}
    assert found <= set(METHODS) | ATTRIBUTES


def private(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield the private names of a file, and whether it makes or only uses each."""
    for node in ast.walk(tree):
        name, makes = "", True
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.Attribute):
            name, makes = node.attr, isinstance(node.ctx, ast.Store) and _is_self(node.value)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        if name.startswith("_") and not name.startswith("__"):
            yield name, makes


def _is_self(value: Any) -> bool:
    return isinstance(value, ast.Name) and value.id in ("self", "cls", "other")


def test_all_that_are_used_are_here():
    made: set[str] = set()
    used: set[str] = set()
    for path in sources():
        for name, makes in private(ast.parse(path.read_text(encoding="utf-8"))):
            (made if makes else used).add(name)
    of_argparse = {"_optionals", "_positionals"}
    assert used - made - of_argparse <= {name for _, name in (*METHODS, *ATTRIBUTES)}
