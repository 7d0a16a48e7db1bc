"""The description of the routes, asked of a running server in every way that it allows."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
import requests
import schemathesis
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from tests.e2e.waiting import put_in_the_place_of

FILE = Path(__file__).resolve().parent.parent.parent / "bot" / "web" / "openapi.yml"
schema = schemathesis.openapi.from_path(FILE)
CHAT = ["/webhooks/rest/webhook", "/webhooks/rest/feedback", "/webhooks/rest/delete"]
SENDER = "1c9f0a7be24d4c6f8e35"  # That of the description's examples.


def test_the_description_is_served(bot):
    response = requests.get(f"{bot.url}/openapi.json", timeout=60)
    assert response.headers["Content-Type"] == "application/json"
    described = json.loads(json.dumps(yaml.safe_load(FILE.read_text(encoding="utf-8"))))
    assert response.json() == described


@schema.parametrize()
@settings(max_examples=20)
def test_a_running_server_keeps_to_the_description(bot, case):
    case.call_and_validate(base_url=bot.url)


def assert_described(response, path, status, method="POST"):
    assert response.status_code == status
    schema[path][method].validate_response(response)


@pytest.mark.parametrize("path", CHAT)
def test_refusals_keep_to_the_description(bot, path):
    body = {"sender": uuid.uuid4().hex, "message": "Hej", "id": "greet", "vote": "up"}
    foreign = {"Origin": "http://["}
    response = requests.post(bot.url + path, json=body, headers=foreign, timeout=60)
    assert_described(response, path, 403)
    response = requests.post(bot.url + path, json={**body, "more": "x" * 17_000}, timeout=60)
    assert_described(response, path, 413)


def test_a_file_that_has_not_changed_keeps_to_the_description(bot):
    tag = requests.get(bot.url, timeout=60).headers["ETag"]
    response = requests.get(bot.url, headers={"If-None-Match": tag}, timeout=60)
    assert_described(response, "/", 304, "GET")


def test_without_a_store_there_is_no_5xx_but_the_described_503(start):
    bot = start(BOT_RATE_LIMIT="40/minute")
    bot.post("Vem är chef?", SENDER)
    folder = bot.database.parent
    put_in_the_place_of(folder, lambda: folder.touch(exist_ok=False))
    seen = set()

    @settings(max_examples=40)
    @given(st.one_of(schema[path]["POST"].as_strategy() for path in CHAT))
    def ask(case):
        response = case.call_and_validate(base_url=bot.url, excluded_checks=[not_a_server_error])
        assert response.status_code < 500 or response.status_code == 503
        seen.add((case.path, response.status_code))

    ask()
    body = {"sender": SENDER, "message": "Hej", "id": "role_head", "vote": "up"}
    for path in CHAT:
        assert_described(requests.post(bot.url + path, json=body, timeout=60), path, 503)
    assert {(CHAT[0], 503), (CHAT[1], 404), (CHAT[2], 503)} <= seen
    for path in CHAT:
        for _ in range(41):
            response = requests.post(bot.url + path, json=body, timeout=60)
            if response.status_code == 429:
                break
        if path != CHAT[2]:
            assert_described(response, path, 429)
