import socket

import pytest

from bot.cli import main


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def test_says_that_the_port_is_taken_before_anything_else(taken, monkeypatch, capsys):
    from bot.settings import settings

    monkeypatch.setenv("BOT_PORT", taken)
    settings.cache_clear()
    try:
        assert main(["run"]) == 1
    finally:
        settings.cache_clear()
    assert taken in capsys.readouterr().err


def test_names_an_unusable_setting(monkeypatch, capsys):
    from bot.settings import settings

    monkeypatch.setenv("BOT_PROT", "5005")
    settings.cache_clear()
    try:
        assert main(["check"]) == 1
    finally:
        settings.cache_clear()
    assert "BOT_PROT" in capsys.readouterr().err


def test_a_mistake_is_told_in_swedish(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["questions", "--move", "x"])
    assert caught.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("Så här: python -m bot questions ")
    assert "skriv frågornas nummer, med komma emellan: 12,15" in told


def test_explains_its_commands(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("run", "train", "check", "report"))


@pytest.mark.parametrize("command", [["report"], ["bench"], ["check", "--full"]])
def test_what_needs_more_than_serving_says_so_at_once(command, monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(command) == 1
    assert "make setup-dev" in capsys.readouterr().err
