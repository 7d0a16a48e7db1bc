"""The description of the routes says what the code does."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rasa.shared.core.domain import Domain
from sanic import Sanic

from bot import channel
from bot.engine import BotAgent
from bot.engine.conversations import ConversationStore
from bot.server import build_app
from bot.settings import ROOT, Settings

DESCRIPTION = yaml.safe_load((ROOT / "bot" / "web" / "openapi.yml").read_text(encoding="utf-8"))
SCHEMAS = DESCRIPTION["components"]["schemas"]
SENDER = "1c9f0a7be24d4c6f8e35"


@pytest.fixture
def app() -> Iterator[Sanic]:
    agent = BotAgent(ConversationStore(Domain.empty(), None))
    app = build_app(agent, Settings())
    yield app
    del Sanic._app_registry[app.name]


def test_describes_every_route_and_no_other(app):
    served = {
        (f"/{route.path}", method.lower())
        for route in app.router.routes
        for method in route.methods
    }
    described = {
        (path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods
    }
    heads = {(path, method) for path, method in served if method == "head"}
    assert served - heads == described
    assert {path for path, _ in heads} == {path for path, method in described if method == "get"}


def test_limits_are_those_of_the_code():
    assert SCHEMAS["Message"]["properties"]["message"]["maxLength"] == channel.LONGEST_MESSAGE
    shown = SCHEMAS["WidgetSettings"]["properties"]["longest_message"]
    assert shown["const"] == channel.LONGEST_MESSAGE
    too_large = DESCRIPTION["components"]["responses"]["TooLarge"]["description"]
    assert f"{channel.LARGEST_BODY:,} bytes" in too_large
    for name, pattern in (
        ("Sender", channel._SENDER),
        ("MessageId", channel._MESSAGE_ID),
        ("AnswerId", channel._ANSWER_ID),
    ):
        assert SCHEMAS[name]["pattern"] == f"^{pattern.pattern}$"


def in_pythons_words(schema: Any) -> Any:
    """JSON Schema's $ is the very end; Python's lets a line break follow."""
    if isinstance(schema, dict):
        return {
            key: value[:-1] + r"\Z"
            if key == "pattern" and isinstance(value, str) and value.endswith("$")
            else in_pythons_words(value)
            for key, value in schema.items()
        }
    return [in_pythons_words(one) for one in schema] if isinstance(schema, list) else schema


@functools.cache
def validator(name: str) -> Draft202012Validator:
    components = in_pythons_words(DESCRIPTION["components"])
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": components})


nothing_much = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just([])
tokens = st.text("aZ0_-\n", max_size=66) | st.text("a-å", max_size=3) | nothing_much
GOOD = {"sender": SENDER, "message": "Hej", "message_id": "m", "id": "role_head", "vote": "up"}
fields = {
    "sender": st.text("aZ0_-\n", min_size=14, max_size=66) | tokens,
    "message": st.text(" \n\t\r\x0b\x1c\x7f\x85a\u2028", max_size=4) | nothing_much,
    "message_id": tokens,
    "id": st.sampled_from(["Role", "a" * 65]) | tokens,
    "vote": st.sampled_from(["down", "UP"]) | nothing_much,
    "metadata": nothing_much,
}


@st.composite
def bodies(draw: st.DrawFn) -> object:
    """An object as it should be but for a field or two."""
    body: dict[str, object] = dict(GOOD)
    for field in draw(st.lists(st.sampled_from(sorted(fields)), max_size=2)):
        body[field] = draw(fields[field])
    if draw(st.integers(0, 5)) == 0:
        del body[draw(st.sampled_from(sorted(GOOD)))]
    return body


@settings(max_examples=100)
@given(bodies() | nothing_much)
@example({"sender": SENDER, "message": "å" * 1000})
@example({"sender": SENDER, "message": "å" * 1001})
@example({"sender": SENDER, "message": "\u2028"})
@example({"sender": SENDER, "message": "Hej", "message_id": None})
@example({"sender": SENDER, "id": "greet", "vote": "down"})
@pytest.mark.parametrize(
    ("name", "parse"),
    [
        ("Message", channel.parse),
        ("Vote", channel.parse_vote),
        ("Deletion", channel.parse_sender),
    ],
)
def test_what_is_described_is_what_is_taken(name, parse, body):
    try:
        parse(json.dumps(body).encode())
    except channel.Refused:
        taken = False
    else:
        taken = True
    assert validator(name).is_valid(body) == taken
