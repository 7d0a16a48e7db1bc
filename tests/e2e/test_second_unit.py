"""Another unit, of another region: nothing of the first one is in the code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parent.parent.parent
OF_THE_FIRST = (
    "biblioteksutveckling",
    "västra götaland",
    "daniella",
    "kulturförvaltningen",
    "2013:801",
)


@pytest.fixture(scope="module")
def unit(tmp_path_factory) -> Path:
    """A copy of the unit's folder; vectors that this project has need not be worked out again."""
    folder = tmp_path_factory.mktemp("second") / "unit"
    shutil.copytree(ROOT / "tests" / "second_unit", folder)
    vectors = ROOT / "var" / "vectors.npz"
    if vectors.exists():
        (folder / "var").mkdir()
        shutil.copy(vectors, folder / "var")
    return folder


def command(unit: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BOT_UNIT_DIR": str(unit)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_its_files_are_checked_and_its_dialogues_held(unit):
    checked = command(unit, "check")
    assert checked.returncode == 0, checked.stdout
    assert "5 fakta, 3 medarbetare" in checked.stdout
    held = command(unit, "dialogues")
    assert held.returncode == 0, held.stdout + held.stderr
    assert "1 dialog, 2 svar: 2 rätt" in held.stdout
    assert (unit / "models" / "bot.tar.gz").exists()


@pytest.fixture(scope="module")
def second(unit, start_bot, tmp_path_factory):
    privacy = "<!doctype html><title>Läsnätet</title><p>{questions} {minutes} minuter."
    (unit / "data" / "privacy.html").write_text(privacy, encoding="utf-8")
    running = start_bot(ROOT, tmp_path_factory.mktemp("running"), BOT_UNIT_DIR=str(unit))
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (["Hej!"], "Läsnätet Norrskog"),
        (["Vad gör ni?"], "bokbåten"),
        (["Vilken lag gäller för er?"], "norrskogslagen (2031:7)"),
        (["Vem är chef?", "har hon telefon?"], "0910-12 34 56"),
        (["Vilka spår har ni?", "berätta om det andra"], "Sjöspåret handlar om bokbåten"),
        (["Vilka arbetar hos er?"], "Aino Lehtisalo"),
        (["har Tor Granlund någon mejl?"], "tor.granlund@norrskog.example"),
        (["tack så mycket"], "Så lite så"),
        (["enklare tack"], "Vi kör ut böcker med båt"),
    ],
)
def test_it_answers_from_its_own_folder(second, messages, words):
    answer = second.talk(*messages)
    assert words in answer
    assert not [word for word in OF_THE_FIRST if word in answer.casefold()]


def test_its_page_and_settings_are_its_own(second):
    page = requests.get(f"{second.url}/", timeout=60).text
    settings = requests.get(f"{second.url}/widget.json", timeout=60).text
    for text in (page, settings, requests.get(f"{second.url}/privacy.html", timeout=60).text):
        assert not [word for word in OF_THE_FIRST if word in text.casefold()]
    assert "Läsnätet Norrskog" in page
    privacy = requests.get(f"{second.url}/privacy.html", timeout=60).text
    assert "Det du själv skriver sparas inte på servern. 60 minuter." in privacy
    assert "Läsnätet Norrskog" in settings


def test_every_phrase_and_button_is_free_of_the_first_unit(second, unit):
    """Ask for each intent by what it offers: nothing of the first one comes along."""
    sender = uuid.uuid4().hex
    seen: set[str] = set()
    waiting = ["Hej", "help me please in english", "hur är vädret?", "asdfgh", "jag menar hon"]
    while waiting:
        for item in second.post(waiting.pop(), sender):
            assert not [word for word in OF_THE_FIRST if word in item["text"].casefold()]
            payloads = {button["payload"] for button in item.get("buttons", [])}
            waiting += sorted(payloads - seen)
            seen |= payloads
    assert len(seen) > 8
