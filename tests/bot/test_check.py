import shutil

import pytest

from bot.check import run_check
from bot.settings import ROOT


@pytest.fixture
def root(tmp_path):
    for name in ("data", "actions", "tests/nlu"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "domain.yml", tmp_path)
    return tmp_path


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_project_is_in_order_and_says_what_is_empty(capsys):
    assert run_check(full=False) == 0
    printed = capsys.readouterr().out
    assert "Allt stämmer" in printed
    assert "Eva Fred: telefonnummer" in printed


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "data/knowledge/mission.yml",
            "question: Vad",
            "fraga: Vad",
            ["mission.yml, rad", "fraga"],
        ),
        ("data/nlu/mission.yml", "intent: mission_law", "intent: mission_lag", ["mission_lag"]),
        ("domain.yml", "- thanks\n", "- thanks\n- applause\n", ["applause", "exempel", "regel"]),
        ("domain.yml", "- action_more\n", "", ["action_more"]),
        ("domain.yml", "/mission_audience", "/mission_audiens", ["mission_audiens"]),
        ("data/rules.yml", "utter_foreign_english", "utter_english", ["utter_english"]),
        ("domain.yml", "  utter_thanks:", "  utter_tanks:", ["utter_thanks"]),
        ("data/rules.yml", "intent: thanks", "intent: tanks", ["tanks", "saknar regel"]),
        ("data/knowledge/mission.yml", "      Syftet är", "      rules: Syftet", ["rules:", "rad"]),
    ],
)
def test_finds_what_does_not_fit_together(root, capsys, file, old, new, words):
    change(root / file, old, new)
    assert run_check(full=False, root=root) == 1
    printed = capsys.readouterr().out
    for word in words:
        assert word in printed


def test_finds_an_example_under_two_intents_with_both_places(root, capsys):
    path = root / "data/nlu/greetings.yml"
    path.write_text(path.read_text("utf-8") + "    - Vem är Boss?!\n", encoding="utf-8")
    contacts = root / "data/nlu/contacts.yml"
    change(
        contacts,
        "- intent: role_head\n  examples: |\n",
        "- intent: role_head\n  examples: |\n    - vem är boss\n",
    )
    assert run_check(full=False, root=root) == 1
    printed = capsys.readouterr().out
    assert "greetings.yml" in printed
    assert "contacts.yml, rad" in printed


def test_finds_a_test_question_among_the_examples(root, capsys):
    path = root / "tests/nlu/questions.yml"
    question = next(
        line[6:] for line in path.read_text("utf-8").splitlines() if line.startswith("    - ")
    )
    greetings = root / "data/nlu/greetings.yml"
    greetings.write_text(greetings.read_text("utf-8") + f"    - {question.upper()}\n", "utf-8")
    assert run_check(full=False, root=root) == 1
    assert "finns bland exemplen" in capsys.readouterr().out
