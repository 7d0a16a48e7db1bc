import shutil
from datetime import date

import pytest

from bot.check import run_check
from bot.settings import ROOT

TODAY = date(2026, 11, 26)


@pytest.fixture
def root(tmp_path):
    for name in ("data", "tests/nlu", "tests/dialogues"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "domain.yml", tmp_path)
    return tmp_path


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_project_is_in_order_and_says_what_is_empty(capsys):
    assert run_check(full=False, today=TODAY) == 0
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
        ("domain.yml", "- action_again\n", "", ["action_again"]),
        ("domain.yml", "/mission_audience", "/mission_audiens", ["mission_audiens"]),
        ("data/rules.yml", "utter_care_english", "utter_english", ["utter_english"]),
        ("domain.yml", "  utter_thanks:", "  utter_tanks:", ["utter_thanks"]),
        ("domain.yml", "  utter_whom:", "  utter_who:", ["utter_whom", "saknas", "rad"]),
        ("data/rules.yml", "intent: thanks", "intent: tanks", ["tanks", "saknar regel"]),
        ("data/knowledge/mission.yml", "      Syftet är", "      rules: Syftet", ["rules:", "rad"]),
    ],
)
def test_finds_what_does_not_fit_together(root, capsys, file, old, new, words):
    change(root / file, old, new)
    assert run_check(full=False, unit=root, today=TODAY) == 1
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
    assert run_check(full=False, unit=root, today=TODAY) == 1
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
    assert run_check(full=False, unit=root, today=TODAY) == 1
    assert "finns bland exemplen" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "data/knowledge/mission.yml",
            "reviewed: 2026-11-22",
            "reviewed: 2025-11-22",
            "ett år sedan",
        ),
        (
            "data/knowledge/mission.yml",
            "reviewed: 2026-11-22",
            "reviewed: 2062-11-22",
            "först 2062",
        ),
        (
            "data/knowledge/mission.yml",
            "    answer: ",
            f"    answer: {'Mycket text. ' * 60}",
            "längre",
        ),
        (
            "data/knowledge/mission.yml",
            "    answer: ",
            "    answer: Fråga Daniela Pind. ",
            "Daniella",
        ),
        (
            "domain.yml",
            "text: Varsågod",
            "text: Hälsa Bodil Alvarsdoter. Varsågod",
            "Bodil Alvarsdotter",
        ),
        ("data/page.html", "Katarina Larson<", "Katarina Larsson<", "heter Katarina Larson"),
        (
            "data/knowledge/contacts.yml",
            "name: Eva Fred",
            "name: Anna Hanson",
            "liknar Anna Hansson",
        ),
    ],
)
def test_warns_of_what_may_be_right(root, capsys, file, old, new, told):
    change(root / file, old, new)
    assert run_check(full=False, unit=root, today=TODAY) == 0
    printed = capsys.readouterr().out
    assert "Att se över:" in printed
    (line,) = [line for line in printed.splitlines() if ", rad " in line]
    assert f"{root / file}, rad " in line
    assert told in line


@pytest.mark.parametrize("number", ["010-12", "00000", "123456789012345678"])
def test_a_number_that_cannot_be_is_an_error(root, capsys, number):
    change(root / "data/knowledge/contacts.yml", "    phone:\n", f"    phone: {number}\n")
    assert run_check(full=False, unit=root, today=TODAY) == 1
    assert "fältet phone" in capsys.readouterr().out


@pytest.mark.parametrize("number", ["010-441 00 00", "+46 10 441 00 00", "031-12 34 56"])
def test_a_number_that_can_be_is_none(root, number):
    change(root / "data/knowledge/contacts.yml", "    phone:\n", f"    phone: {number}\n")
    assert run_check(full=False, unit=root, today=TODAY) == 0


def test_all_mistakes_of_all_files_are_told_at_once(root, capsys):
    change(root / "domain.yml", "intents:", "intents: [")
    change(root / "data/rules.yml", "- action: action_again", "- acton: action_again")
    change(root / "data/nlu/greetings.yml", "    - ", "    * ")
    change(root / "data/nlu/mission.yml", "intent: mission_law", "intent: mission_lag")
    change(root / "data/knowledge/mission.yml", "question: Vad", "fraga: Vad")
    change(root / "data/knowledge/contacts.yml", "title: Konsulent\n", "title: Konsult\n")
    (root / "tests/dialogues/wrong.yml").write_text("test_cases: 7\n", encoding="utf-8")
    assert run_check(full=False, unit=root, today=TODAY) == 1
    printed = capsys.readouterr().out
    for told in (
        "domain.yml, rad",
        "rules.yml, rad",
        "greetings.yml, rad",
        "mission.yml, rad",
        "fraga",
        "wrong.yml, rad 1",
    ):
        assert told in printed
    assert "mission_overview finns varken" not in printed, "a broken fact still brings its intent"


def test_every_problem_of_the_domain_has_a_line(root, capsys):
    change(root / "domain.yml", "- thanks\n", "- thanks\n- applause\n")
    change(root / "domain.yml", "/mission_audience", "/nowhere")
    assert run_check(full=False, unit=root, today=TODAY) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if "domain.yml" in line]
    assert len(told) == 3
    assert all(", rad " in line for line in told)


LAW = "data/knowledge/mission.yml"
NLU = "data/nlu/greetings.yml"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("domain.yml", "{name} är {title}.", "{namn} är {title}.", "{namn} fylls aldrig i"),
        ("domain.yml", "{name} är {title}.", "{name är {title}.", "klamrarna"),
        ("domain.yml", "  - text: Varsågod", "  - txt: Varsågod", "fältet txt"),
        ("domain.yml", "  utter_goodbye:\n", "  utter_goodbye:\n  utter_tom:\n", "utter_goodbye"),
        ("domain.yml", "    - title: Vilka områden", "    - titel: Vilka områden", "fältet titel"),
        ("domain.yml", "payload: /areas_overview", "payload: areas_overview", "skriv / först"),
        ("domain.yml", "- affirm\n", "- affirm\n- affirm\n", "två gånger"),
        ("domain.yml", "- ordinal:", "- ordningstal:", "entiteten ordinal"),
        ("domain.yml", "  said:\n", "  sade:\n", "minnet said"),
        ("domain.yml", "session_config:", "sesion_config:", "okänt"),
        ("domain.yml", "- affirm\n", "- {}\n", "här ska stå ett namn"),
        ("data/rules.yml", "- intent: thanks", "- intent: greet", "greet har redan en regel"),
        ("data/rules.yml", "- intent: thanks", "- intent: mission_law", "får sin regel"),
        ("data/rules.yml", "- intent: thanks", "- intent: [greet, hej]", "ska vara text"),
        ("data/rules.yml", "Svara på ett tack", "Säg hej då", "heter redan så"),
        ("data/rules.yml", 'version: "3.1"', 'version: "2.0"', 'skriv version: "3.1"'),
        (NLU, "- intent: goodbye", "- intnet: goodbye", "fältet intnet"),
        (NLU, "    - hejdå\n", "    - hejdå\n    - hej [du\n", "hakparenteserna"),
        (NLU, "    - hejdå\n", "    - hejdå\n    - hej [på er](enhett)\n", "entiteten enhett"),
        (NLU, "    - hejdå\n", "    - hejdå\n    -hopp\n    godag\n", "”godag”"),
        ("tests/nlu/questions.yml", "intent: mission_law", "intent: mission_lag", "mission_lag"),
        (
            "tests/dialogues/contacts.yml",
            "test_cases:\n",
            "test_cases:\n- test_case: x\n  steps:\n  - user: hej\n  - utter: utter_finns_inte\n",
            "utter_finns_inte finns inte i domain.yml",
        ),
    ],
)
def test_finds_what_rasa_or_the_bot_would_stumble_on(root, capsys, file, old, new, told):
    change(root / file, old, new)
    assert run_check(full=False, unit=root, today=TODAY) == 1
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (LAW, "    answer: ", "    answer: Enligt lag # och mer\n    more: ", "är en kommentar"),
        (LAW, "follow_ups: [mission_activities", "follow_ups: [mission_overview", "föreslår"),
        ("data/knowledge/contacts.yml", "  reviewed: 2026-11-22", "  reviewed: 2020-01-01", "unit"),
        ("data/knowledge/contacts.yml", "    phone:\n", "    phone: 000000\n", "Stämmer det?"),
        (NLU, "    - hejdå\n", "    - hejdå\n    - hejdå\n", "står två gånger"),
        (
            "domain.yml",
            "  - text: Okej. Fråga",
            f"  - text: {'ord ' * 16}Okej. Fråga",
            "utter_decline_easy",
        ),
    ],
)
def test_points_at_what_is_probably_a_slip(root, capsys, file, old, new, told):
    change(root / file, old, new)
    run_check(full=False, unit=root, today=TODAY)
    printed = capsys.readouterr().out
    assert told in printed[printed.index("Att se över") :]


def test_a_file_that_nobody_reads_is_pointed_at(root, capsys):
    (root / "data/knowledge/nytt.yaml").write_text("facts: []", encoding="utf-8")
    assert run_check(full=False, unit=root, today=TODAY) == 0
    assert "nytt.yaml: filen läses inte" in capsys.readouterr().out


def test_what_follows_from_an_unreadable_file_does_not_hide_it(root, capsys):
    change(root / NLU, "    - hejdå\n", "    - hejdå\n  - hopp\n")
    change(root / LAW, "    answer: ", "\tanswer: ")
    assert run_check(full=False, unit=root, today=TODAY) == 1
    printed = capsys.readouterr().out
    assert "2 fel att rätta." in printed


def test_a_line_is_that_of_the_field(root, capsys):
    path = root / LAW
    change(path, "reviewed: 2026-11-22", "reviewed: 2024-01-01")
    text = path.read_text(encoding="utf-8")
    line = text[: text.index("2024-01-01")].count("\n") + 1
    run_check(full=False, unit=root, today=TODAY)
    assert f"mission.yml, rad {line}, fältet reviewed" in capsys.readouterr().out


def test_lists_what_has_no_english(root, capsys):
    own = "    english:\n      question: Who is the head?\n      title: Head of unit\n"
    change(root / "data/knowledge/contacts.yml", f"{own}      plural: Heads of unit\n", "")
    assert run_check(full=False, unit=root, today=TODAY) == 0
    assert "engelska (english) för role_head" in capsys.readouterr().out
