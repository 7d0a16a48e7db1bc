"""The chat in the terminal, as staff and scripts use it."""

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import time

import pytest

from bot.chat import as_text
from bot.settings import ROOT

# This terminal is never asked where its cursor is, which only real ones answer.
NO_ANSWER = {"PROMPT_TOOLKIT_NO_CPR": "1"}
# The cursor is shown again when a prompt has been drawn.
PROMPT_IS_READY = "Du:\x1b[3D\x1b[4C\x1b[?7h\x1b[0m\x1b[?12l\x1b[?25h"
UP = "\x1b[A"


def bot(*arguments, typed="", **variables):
    command = [sys.executable, "-m", "bot", *map(str, arguments)]
    environment = {**os.environ, **variables}
    return subprocess.run(
        command, cwd=ROOT, input=typed, env=environment, capture_output=True, text=True
    )


def chat(*arguments, typed="", **variables):
    return bot("chat", *arguments, typed=typed, **variables)


def test_one_question_is_answered_for_scripts():
    done = chat("--once", "Vem är chef?")
    assert done.returncode == 0
    assert done.stdout.startswith("Daniella Pind är enhetschef.\n")


@pytest.mark.parametrize("arguments", [["chat"], ["chat", "--json"], ["chat", "--once", "Hej"]])
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_what_is_closed_is_nothing_to_read_and_nowhere_to_write(arguments, closed):
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, cwd=ROOT, input="Hej\n", capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    is_read, is_shown = "<&-" not in closed or "--once" in arguments, ">&-" not in closed.split()
    assert ("chattbot" in done.stdout) == (is_read and is_shown)


def test_a_pipe_is_a_conversation_with_buttons_commands_and_an_explanation():
    typed = (
        "Vem är chef?\n1\n\n/förklara\nhur blir vädret i morgon?\nVad säger lagen?\n"
        "när kom den?\n/ny\nhon då?\n"
    )
    done = chat(typed=typed)
    assert done.returncode == 0
    printed = done.stdout
    assert "Du: Vem är chef?" in printed
    assert "Malin Carlsson är projektledare." in printed
    assert "Förstod inte: oos (tycks handla om något annat)" in printed
    assert "Närmast: " in printed
    assert "Förstod: mission_law " in printed
    assert "Regel: Svara på mission_law ur kunskapsfilerna → action_facet" in printed
    assert "Samtalet avgjorde → action_facet" in printed
    assert "Avgjort: " in printed
    assert "Samtalet handlar om: mission_law" in printed
    assert "Ur: mission_law (data/knowledge/mission.yml, rad " in printed
    assert "Minns: said = mission_law.what (förut " in printed
    assert "Tid: " in printed
    assert "Ett nytt samtal." in printed
    assert "Fraser: utter_whom (domain.yml)" in printed


def test_json_is_a_line_for_each_question_and_nothing_else(tmp_path):
    questions = tmp_path / "questions.txt"
    questions.write_text("Vem är chef?\n/forklara\noch hennes mejl?\n", encoding="utf-8")
    done = chat(questions, "--json")
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["message"] == "Vem är chef?"
    assert first["reply"][0]["custom"]["id"] == "role_head"
    assert "explanation" not in first
    (step,) = second["explanation"]["steps"]
    assert step["intent"] == "contact_email"
    assert step["understood"] is True
    assert step["actions"] == ["action_facet"]
    ((asked,),) = second["explanation"]["slots"]["before"]["memory"]
    assert asked["topics"] == ["role_head"]


def test_a_file_that_is_not_there_is_told():
    done = chat("nowhere.txt")
    assert done.returncode == 1
    assert "nowhere.txt: filen finns inte." in done.stderr


def test_a_conversation_is_saved_as_a_test_that_passes(tmp_path):
    for part in ("data", "models"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "domain.yml", tmp_path)
    path = tmp_path / "tests" / "dialogues" / "mitt_test.yml"
    typed = "/spara mitt_test\nVem är chef?\n1\n/spara ../x\n/spara mitt_test\n/spara mitt_test\n"
    done = chat(typed=typed, BOT_UNIT_DIR=str(tmp_path))
    assert "Det finns inget att spara än." in done.stdout
    assert "Skriv /spara och ett namn" in done.stdout
    assert f"Sparat i {path}" in done.stdout
    assert "finns redan" in done.stdout
    tried = bot("dialogues", BOT_UNIT_DIR=str(tmp_path))
    assert tried.returncode == 0, tried.stdout
    assert "1 dialog, 2 svar: 2 rätt, 0 att se över." in tried.stdout


def test_buttons_are_numbered_through_all_items():
    button = {"title": "Ja", "payload": "/affirm"}
    items = [{"text": "a", "buttons": [button]}, {"text": "b", "buttons": [button]}]
    assert as_text(items) == "a\n  1. Ja\nb\n  2. Ja"


@pytest.fixture
def terminal(tmp_path):
    """A chat on a terminal of its own: type into it, and read what it shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "BOT_DATA_DIR": str(tmp_path), **NO_ANSWER},
    )
    os.close(theirs)
    shown = ""

    def wait_for(text, pressing=""):
        """Wait until a text is shown, pressing a key again and again if one is given."""
        nonlocal shown
        deadline = time.monotonic() + 60
        while text not in shown:
            os.write(ours, pressing.encode())
            longest = 0.2 if pressing else deadline - time.monotonic()
            ready, _, _ = select.select([ours], [], [], max(0.0, longest))
            assert time.monotonic() < deadline, shown
            shown += os.read(ours, 4096).decode(errors="replace") if ready else ""
        shown = shown.partition(text)[2]

    def type_in(text):
        os.write(ours, text.encode())

    try:
        yield type_in, wait_for, process
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_a_terminal_has_history_and_editing(terminal, tmp_path):
    type_in, wait_for, process = terminal
    wait_for("/hjälp visar vad mer som går")
    wait_for(PROMPT_IS_READY)
    type_in("Vem är cheff\x7f?\r")
    wait_for("Daniella Pind är enhetschef.")
    wait_for(PROMPT_IS_READY)
    wait_for("Vem är chef?", pressing=UP)  # History is read beside the prompt.
    type_in("\r")
    wait_for("Daniella Pind är enhetschef.")
    wait_for(PROMPT_IS_READY)
    type_in("/hjälp\r")
    wait_for("/spara NAMN")
    wait_for(PROMPT_IS_READY)
    type_in("\x04")
    assert process.wait(20) == 0
    assert "+Vem är chef?" in (tmp_path / "chat_history").read_text("utf-8")
