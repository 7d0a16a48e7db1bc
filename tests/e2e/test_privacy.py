"""What visitors write stays in no file, and what is kept of a conversation goes with it."""

from __future__ import annotations

import stat
import uuid

import requests

SECRETS = ("19850709", "9805", "zebrafink", "anna.berg", "070-123")


def post(bot, route, **body):
    response = requests.post(f"{bot.url}/webhooks/rest/{route}", json=body, timeout=60)
    assert response.ok, response.text
    return response


def files(bot) -> dict[str, bytes]:
    """What is on the disk: the database, its write-ahead log, and the bot's log."""
    kept = {path.name: path.read_bytes() for path in bot.database.parent.rglob("*.sqlite*")}
    assert {"conversations.sqlite", "conversations.sqlite-wal"} <= kept.keys()
    return {**kept, "log": bot.log.read_bytes()}


def assert_nowhere(bot, *texts):
    for name, content in files(bot).items():
        for text in texts:
            assert text.encode() not in content.lower(), f"{text!r} is in {name}"


def test_what_a_visitor_writes_is_in_no_file(start):
    bot = start(BOT_LOG_LEVEL="DEBUG")
    sender = uuid.uuid4().hex
    (told,) = post(
        bot,
        "webhook",
        sender=sender,
        message="Vem är chef? Jag heter Zebrafink, 19850709-9805, anna.berg@exempel.se",
        message_id="m1",
    ).json()
    assert told["text"].startswith("Jag tog bort det som såg ut som")
    assert "Daniella" in told["text"]
    post(bot, "webhook", sender=sender, message="Ring zebrafink på 070-123 45 67", message_id="m2")
    post(bot, "feedback", sender=sender, id="role_head", vote="up")
    assert sender.encode() in b"".join(files(bot).values()), "nothing was kept at all"
    assert_nowhere(bot, *SECRETS)
    assert sender not in bot.log.read_text(encoding="utf-8")
    for path in bot.database.parent.glob("*.sqlite*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_deleted_conversation_is_in_no_file(start):
    bot = start(BOT_LOG_LEVEL="DEBUG")
    sender, other = uuid.uuid4().hex, uuid.uuid4().hex
    for who in (sender, other):
        post(bot, "webhook", sender=who, message="Vem är chef?", message_id="m1")
    post(bot, "delete", sender=sender)
    assert_nowhere(bot, sender)
    assert other.encode() in b"".join(files(bot).values())
    assert "Daniella" in bot.post("har hon något nummer?", other)[0]["text"]


def test_a_message_with_personal_data_alone_is_told_so(bot):
    (item,) = bot.post("19850709-9805", uuid.uuid4().hex)
    assert item["text"].startswith("Jag tog bort det som såg ut som personuppgifter")
    assert item["buttons"]
