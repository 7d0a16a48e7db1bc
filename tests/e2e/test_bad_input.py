"""What is no message gets a clear 4xx, never a 500 and never an empty list."""

from __future__ import annotations

import json

import pytest
import requests

SENDER = "3f2b8c1e9d7a4f60b5e2"
WEBHOOK = "/webhooks/rest/webhook"


def body(**fields):
    return json.dumps({"sender": SENDER, "message": "Hej", **fields})


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("", 400),
        ("hej", 400),
        ("[]", 400),
        ("null", 400),
        ('{"message": "hej"}', 400),
        (body(sender=1), 400),
        (body(sender="kort"), 400),
        (body(message=None), 400),
        (body(message=1), 400),
        (body(message=""), 400),
        (body(message="x" * 10_000), 400),
        (body(message="x" * 100_000), 413),
        (body(message="\x00"), 400),
        ("[" * 15_000, 400),
    ],
)
def test_bad_messages(bot, content, status):
    response = requests.post(bot.url + WEBHOOK, data=content.encode(), timeout=30)
    assert response.status_code == status
    assert response.json()["error"]
    assert bot.talk("Vem är chef?").startswith("Daniella Pind")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/", 405),
        ("GET", WEBHOOK, 405),
        ("DELETE", WEBHOOK, 405),
        ("GET", "/webhooks/rest/", 404),
        ("GET", "/conversations/x/tracker", 404),
        ("POST", "/model/parse", 404),
        ("GET", "/status", 404),
        ("GET", "/domain", 404),
        ("GET", "/../pyproject.toml", 404),
        ("GET", "/%2e%2e/pyproject.toml", 404),
    ],
)
def test_only_the_contracts_routes_exist(bot, method, path, status):
    response = requests.request(method, bot.url + path, data=body(), timeout=30)
    assert response.status_code == status
    assert response.json()["error"]


def test_json_in_a_form_is_accepted(bot):
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    response = requests.post(bot.url + WEBHOOK, data=body(), headers=kind, timeout=30)
    assert response.status_code == 200


def test_another_sites_page_is_refused_and_our_own_is_not(bot):
    for origin, status in (("https://annan.se", 403), (bot.url, 200)):
        headers = {"Origin": origin}
        response = requests.post(bot.url + WEBHOOK, data=body(), headers=headers, timeout=30)
        assert response.status_code == status


def test_metadata_and_input_channel_from_outside_change_nothing(bot):
    smuggled = body(message="Vem är chef?", metadata={"a": 1}, input_channel="cmdline")
    (item,) = requests.post(bot.url + WEBHOOK, data=smuggled, timeout=30).json()
    assert item["text"].startswith("Daniella Pind")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_tells_that_it_is_well(bot, path):
    assert requests.get(bot.url + path, timeout=30).status_code == 200
