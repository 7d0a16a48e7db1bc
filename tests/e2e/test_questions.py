"""What visitors ask in vain is kept when that is wanted, and says nothing of who asked."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent.parent
IN_VAIN = "Hur gammal blir en zebrafink? Mitt nummer är 19850709-9805"


def post(bot, route, **body):
    response = requests.post(f"{bot.url}/webhooks/rest/{route}", json=body, timeout=60)
    assert response.ok, response.text
    return response.json()


def questions(bot, *arguments) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "questions", *arguments],
        cwd=ROOT,
        env={**os.environ, "BOT_DATA_DIR": str(bot.database.parent)},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


def everything(bot) -> bytes:
    return b"".join(path.read_bytes() for path in bot.database.parent.rglob("*.sqlite*"))


def test_what_was_asked_in_vain_is_listed_without_who_asked(start):
    bot = start(BOT_COLLECT_QUESTIONS="true")
    sender = uuid.uuid4().hex
    post(bot, "webhook", sender=sender, message=IN_VAIN, message_id="m1")
    post(
        bot,
        "webhook",
        sender=sender,
        message="Vem är egentligen er chef nuförtiden?",
        message_id="m2",
    )
    for vote in ("down", "down", "up", "down"):
        post(bot, "feedback", sender=sender, id="role_head", vote=vote, message_id="m2")
    listed = questions(bot)
    assert "zebrafink" in listed
    assert "***" in listed
    assert "9805" not in listed
    assert "(förstods inte)" in listed
    (line,) = [line for line in listed.splitlines() if "nuförtiden" in line]
    assert line.split()[0] == "2,3", "a vote that is repeated counts once"
    assert "(tummen ned)" in line
    kept = (bot.database.parent / "questions.sqlite").read_bytes()
    assert sender.encode() not in kept
    assert b"9805" not in everything(bot)

    post(bot, "delete", sender=sender)
    assert sender.encode() not in everything(bot)
    assert "är glömd" in questions(bot, "--drop", "1,2,3")
    assert b"zebrafink" not in everything(bot)
    assert "Inga frågor är sparade." in questions(bot)


def test_the_visitor_is_told_what_is_kept(start):
    bot = start(BOT_COLLECT_QUESTIONS="true")
    told = bot.talk("sparar ni det jag skriver?")
    assert "sparas i högst 90 dagar" in told
    page = requests.get(f"{bot.url}/privacy.html", timeout=60).text
    assert "sparas i högst 90 dagar" in page
    assert "Det du själv skriver sparas inte" not in page


def test_nothing_is_kept_unless_it_is_asked_for(start):
    bot = start()
    sender = uuid.uuid4().hex
    post(bot, "webhook", sender=sender, message=IN_VAIN)
    post(bot, "webhook", sender=sender, message="Vem är egentligen er chef nuförtiden?")
    post(bot, "feedback", sender=sender, id="role_head", vote="down")
    assert not list(bot.database.parent.glob("questions*"))
    assert b"zebrafink" not in everything(bot)
    assert "nuförtiden".encode() not in everything(bot)
    assert "{questions}" not in requests.get(f"{bot.url}/privacy.html", timeout=60).text
    assert "sparas inte" in bot.talk("sparar ni det jag skriver?")


def test_mistakes_are_told(start):
    bot = start(BOT_COLLECT_QUESTIONS="true")
    assert "Det finns ingen fråga med nummer 7." in questions(bot, "--move", "7", "--to", "oos")
    assert "Skriv både vilka frågor" in questions(bot, "--move", "7")
    post(bot, "webhook", sender=uuid.uuid4().hex, message=IN_VAIN)
    assert "borttagna" in questions(bot, "--move", "1", "--to", "oos"), "no *** in the examples"
    post(bot, "webhook", sender=uuid.uuid4().hex, message="Var köper man en papegoja?")
    assert "Inget intent" in questions(bot, "--move", "2", "--to", "nowhere")
    assert "zebrafink" in questions(bot), "the question is kept until it stands somewhere"
