import subprocess
import sys

from bot.chat import as_text
from bot.settings import ROOT


def chat(*arguments, typed=""):
    command = [sys.executable, "-m", "bot", "chat", *arguments]
    return subprocess.run(command, cwd=ROOT, input=typed, capture_output=True, text=True)


def test_one_question_is_answered_for_scripts():
    done = chat("--once", "Vem är chef?")
    assert done.returncode == 0
    assert done.stdout.startswith("Daniella Pind är enhetschef.\n")


def test_a_number_chooses_a_button_and_the_conversation_goes_on():
    done = chat(typed="Vem är chef?\n1\n")
    assert "Telefonnumret till Daniella Pind saknas." in done.stdout


def test_buttons_are_numbered_through_all_items():
    button = {"title": "Ja", "payload": "/affirm"}
    items = [{"text": "a", "buttons": [button]}, {"text": "b", "buttons": [button]}]
    assert as_text(items) == "a\n  1. Ja\nb\n  2. Ja"
