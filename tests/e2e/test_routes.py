"""What clients may ask, and what they get, over HTTP."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid

import pytest
import requests
import yaml

from bot.settings import ROOT

ORIGIN = "https://www.exempel.se"
DESCRIPTION = (ROOT / "bot" / "web" / "openapi.yml").read_text(encoding="utf-8")
PATHS = yaml.safe_load(DESCRIPTION)["paths"]


def post(bot, route, headers=None, **body):
    url = f"{bot.url}/webhooks/rest/{route}"
    return requests.post(url, json=body, headers=headers, timeout=60)


@pytest.fixture
def sender() -> str:
    return uuid.uuid4().hex


def test_a_message_that_comes_again_is_answered_once(bot, sender):
    def ask(text):
        return post(bot, "webhook", sender=sender, message=text, message_id="m1")

    first, again, other = ask("Vem är chef?"), ask("Vem är chef?"), ask("Vem är projektledare?")
    assert first.json() == again.json()
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert other.json()["error"]
    # Another visitor may use the same id.
    others = post(bot, "webhook", sender=uuid.uuid4().hex, message="Hej", message_id="m1")
    assert others.status_code == 200
    new = post(bot, "webhook", sender=sender, message="har hon något nummer?", message_id="m2")
    assert "Daniella" in new.json()[0]["text"]


def test_nobody_deletes_or_votes_in_anothers_conversation(bot, sender):
    bot.post("Vem är chef?", sender)
    other = uuid.uuid4().hex
    assert post(bot, "delete", sender=other).status_code == 200
    assert post(bot, "feedback", sender=other, id="role_head", vote="up").status_code == 404
    assert "Daniella" in bot.post("har hon något telefonnummer?", sender)[0]["text"]
    assert post(bot, "feedback", sender=sender, id="role_head", vote="up").status_code == 200


def test_only_answers_that_were_given_are_voted_on(bot, sender):
    (item,) = bot.post("Vem är chef för er?", sender)
    for answer, status in ((item["custom"]["id"], 200), ("areas_open", 404), ("made_up", 404)):
        assert post(bot, "feedback", sender=sender, id=answer, vote="up").status_code == status


def test_a_vote_counts_once_for_each_answer_that_was_given(bot, sender):
    def counted():
        with contextlib.closing(sqlite3.connect(bot.database)) as connection:
            query = "SELECT sum(count) FROM votes WHERE answer = 'role_head'"
            return connection.execute(query).fetchone()[0] or 0

    def vote(way="up", **more):
        return post(bot, "feedback", sender=sender, id="role_head", vote=way, **more).status_code

    before = counted()
    post(bot, "webhook", sender=sender, message="Vem är chef?")
    post(bot, "webhook", sender=sender, message="Vem är chef?")
    assert {vote(), vote(), vote("down")} == {200}
    assert counted() - before == 1, "who gives messages no ids cannot tell one from another"
    assert {vote(message_id=f"invented{number}") for number in range(30)} == {404}
    assert counted() - before == 1
    for name in ("m1", "m2"):
        post(bot, "webhook", sender=sender, message="Vem är chef?", message_id=name)
    post(bot, "webhook", sender=sender, message="Vad är Det öppna biblioteket?", message_id="m3")
    assert [vote(message_id=name) for name in ("m1", "m2", "m1", "m2", "m3")] == [200] * 4 + [404]
    assert counted() - before == 3
    assert vote() == 200
    assert counted() - before == 3, "without an id, it is for the last one"


def test_a_deleted_conversation_is_forgotten(bot, sender):
    bot.post("Vem är chef?", sender)
    assert post(bot, "delete", sender=sender).json() == {"status": "ok"}
    assert "Daniella" not in bot.post("har hon något telefonnummer?", sender)[0]["text"]


@pytest.mark.parametrize("route", ["feedback", "delete"])
@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sender": "x"}', "[" * 9000])
def test_bad_input(bot, route, content):
    response = requests.post(f"{bot.url}/webhooks/rest/{route}", data=content, timeout=60)
    assert response.status_code == 400
    assert response.json()["error"]


def test_only_admitted_origins(start, sender):
    bot = start(BOT_ALLOWED_ORIGINS=ORIGIN)
    for route in ("webhook", "feedback", "delete"):
        url = f"{bot.url}/webhooks/rest/{route}"
        preflight = requests.options(url, headers={"Origin": ORIGIN}, timeout=60)
        assert preflight.ok
        assert preflight.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
        foreign = requests.options(url, headers={"Origin": "https://annan.se"}, timeout=60)
        assert "Access-Control-Allow-Origin" not in foreign.headers
        refused = post(bot, route, {"Origin": "https://annan.se"}, sender=sender, message="Hej")
        assert refused.status_code == 403
    settings = requests.get(f"{bot.url}/widget.json", headers={"Origin": ORIGIN}, timeout=60)
    assert settings.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_whoever_writes_too_often_is_told_when_to_try_again(start, sender):
    bot = start(BOT_RATE_LIMIT="2/minute", BOT_RATE_LIMIT_ADDRESS="4/minute")
    answers = [post(bot, "webhook", sender=sender, message="Hej") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert "Försök igen om" in answers[2].json()["error"]
    # A proxy that is not trusted cannot lend anybody another address.
    forged = {"X-Forwarded-For": "1.2.3.4"}
    others = [post(bot, "webhook", forged, sender=uuid.uuid4().hex, message="Hej") for _ in "12"]
    assert [answer.status_code for answer in others] == [200, 429]


def test_assets_are_compressed_and_cached_by_what_they_hold(bot):
    url = f"{bot.url}/widget.js"
    full = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=60)
    packed = requests.get(url, headers={"Accept-Encoding": "gzip"}, timeout=60)
    assert "Content-Encoding" not in full.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.text == full.text
    tag = {"If-None-Match": full.headers["ETag"]}
    assert requests.get(url, headers=tag, timeout=60).status_code == 304


@pytest.mark.parametrize("path", [path for path, how in PATHS.items() if "get" in how])
def test_whoever_only_wants_the_head_gets_it(bot, path):
    shown = {"Authorization": f"Bearer {bot.token}"}
    whole, head = (
        requests.request(how, bot.url + path, headers=shown, timeout=60) for how in ("GET", "HEAD")
    )
    assert whole.status_code == 200
    assert (head.status_code, head.content) == (whole.status_code, b"")
    if path == "/metrics":  # Whose figures have changed meanwhile.
        lengths = [int(one.headers.pop("Content-Length")) for one in (whole, head)]
        assert min(lengths) > max(lengths) / 2
    assert head.headers == whole.headers


@pytest.mark.parametrize("path", ["/", "/widget.js", "/widget.json", "/healthz", "/nowhere"])
def test_headers_that_keep_a_page_safe(bot, path):
    headers = requests.get(bot.url + path, timeout=60).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Set-Cookie" not in headers
