"""Rasa's own commands run on the same files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from bot.training import MODEL

ROOT = Path(__file__).resolve().parent.parent.parent
QUIET = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "OMP_NUM_THREADS": "1"}


def rasa(*arguments: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "rasa", *arguments],
        cwd=ROOT,
        env=QUIET,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout + done.stderr


def test_data_validate():
    printed = rasa("data", "validate", "--data", "data")
    assert "No story structure conflicts found" in printed
    assert not re.search("not listed in your domain|multiple different intents", printed)


def test_core_stories(tmp_path):
    printed = rasa(
        "test", "core", "--model", str(MODEL), "--stories", "tests/stories",
        "--fail-on-prediction-errors", "--out", str(tmp_path),
    )  # fmt: skip
    assert re.search(r"Correct:\s+5 / 5", printed), printed[-2000:]


def test_nlu(tmp_path):
    rasa("test", "nlu", "--model", str(MODEL), "--nlu", "tests/nlu", "--out", str(tmp_path))
    assert (tmp_path / "intent_report.json").exists()


@pytest.fixture
def action_server(free_port, tmp_path):
    """The arguments that lead Rasa to an action server on a port of its own."""
    port = str(free_port())
    ours = (ROOT / "endpoints.yml").read_text(encoding="utf-8")
    endpoints = tmp_path / "endpoints.yml"
    assert ":5055/" in ours
    endpoints.write_text(ours.replace(":5055/", f":{port}/"), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "rasa", "run", "actions", "--port", port],
        cwd=ROOT,
        env=QUIET,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(f"http://127.0.0.1:{port}/health")
    yield ["--endpoints", str(endpoints)]
    process.terminate()
    process.wait(timeout=60)


def wait_for(url: str) -> None:
    """Return when the address answers, whatever it answers."""
    with requests.Session() as session:
        retry = Retry(total=120, backoff_factor=0.1, backoff_max=1)
        session.mount("http://", HTTPAdapter(max_retries=retry))
        session.get(url, timeout=10)


def test_shell_with_an_action_server(action_server, free_port):
    own = ["--model", str(MODEL), "--port", str(free_port()), *action_server]
    printed = rasa("shell", *own, given="Vem är chef?\n/stop\n")
    assert "Daniella Pind är enhetschef" in printed


def test_run_with_an_action_server(action_server, free_port):
    port = free_port()
    own = ["--model", str(MODEL), "--port", str(port), *action_server]
    process = subprocess.Popen(
        [sys.executable, "-m", "rasa", "run", *own],
        cwd=ROOT,
        env=QUIET,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        # Rasa's server answers before its model is loaded; /webhooks only after.
        wait_for(f"http://127.0.0.1:{port}/")
        message = {"sender": uuid.uuid4().hex, "message": "Vad har Bodil för nummer?"}
        url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        (item,) = requests.post(url, json=message, timeout=60).json()
        assert "Telefonnumret till Bodil Alvarsdotter saknas" in item["text"]
    finally:
        process.terminate()
        process.wait(timeout=60)
