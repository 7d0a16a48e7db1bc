"""The report's figures and pages, from small results; the real ones are made by `make report`."""

import copy
import json
import re
from datetime import datetime

import pytest

from bot.dialogues import Dialogue, Verdict
from bot.dialogues import Step as TestStep
from bot.report.measure import coverage
from bot.report.outside import KINDS, count, kind_of_reply
from bot.report.pages import changes, share, write
from bot.turns import Observed, Said, Step

NOW = datetime(2026, 11, 23, 12, 0)
RESULTS = {
    "examples": 3,
    "questions": {
        "total": 3,
        "right": 1,
        "asked_back": 1,
        "intents": [{"intent": "role_head", "total": 3, "right": 1, "asked_back": 1}],
        "confused": [{"wanted": "role_head", "got": "oos", "texts": ["<b>bossen</b>?"]}],
        "taken_for": [["role_head", "role_head"], ["role_head", "oos"], ["role_head", "oos"]],
        "confidences": {"right": [0.9], "wrong": [0.2, 0.3]},
        "wrong": ["<b>bossen</b>?"],
    },
    "outside": [
        {
            "name": "testfrågor om annat",
            "total": 9,
            "false": 8,
            "alarms": 3,
            "kinds": {
                "alarm": 3,
                "fact": 2,
                "people": 1,
                "ways": 1,
                "left_out": 1,
                "referred": 1,
            },
        }
    ],
    "danger": [
        {
            "file": "strangers",
            "label": "worry",
            "total": 9,
            "alone": 1,
            "first": 5,
            "beside": 2,
            "nowhere": 1,
        },
    ],
    "people": [{"asks": "is_title", "total": 4, "right": 3}],
    "turns": [
        {"writer": "officials", "act": [3, 4], "facet": [1, 3], "topic": [4, 4], "polar": [2, 4]}
    ],
    "dialogues": {"dialogues": 1, "total": 2, "right": 1, "failed": ["a.yml: fel"], "known": []},
    "coverage": [{"kind": "fakta", "total": 2, "untouched": ["mission_law"]}],
    "doubtful": [
        {"text": "a|b", "intent": "x", "nearest": "y", "lead": 0.1, "file": "f.yml", "line": 7}
    ],
    "seconds": {"understanding": {"p50": 0.002, "p95": 0.03}},
}


def test_the_page_needs_nothing_else_and_shows_texts_as_text(tmp_path):
    page = write(RESULTS, tmp_path, NOW).read_text("utf-8")
    assert "&lt;b&gt;bossen" in page
    assert "<b>bossen" not in page
    assert not re.findall(r'(?:src|href)="(?!data:)', page)
    assert page.count('src="data:image/png;base64,iVBOR') == 2
    assert "33,3 %" in page
    assert "mission_law" in page
    assert "första rapporten" in page


def test_the_same_is_written_as_markdown(tmp_path):
    write(RESULTS, tmp_path, NOW)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "| testfrågor rätt | 33,3 % (1 av 3) |" in text
    assert "| role_head | 1 | 1 | 1 | 3 |" in text
    assert "| falska larm, testfrågor om annat | 33,3 % (3 av 9) |" in text
    assert "| testfrågor om annat | 3 | 2 | 1 | 1 | 1 | 1 | 9 |" in text
    assert "| ja eller nej om en titel | 3 | 4 |" in text
    assert "| strangers | oro för någon | 1 | 5 | 2 | 1 | 9 |" in text
    assert "| officials | 75,0 % | 33,3 % | 100,0 % | 50,0 % | 4 |" in text
    assert "a\\|b" in text
    for name in re.findall(r"\]\(([^)]*\.png)\)", text):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def test_what_has_changed_since_the_last_report_is_told(tmp_path):
    write(RESULTS, tmp_path, NOW)
    better = copy.deepcopy(RESULTS)
    better["questions"].update(right=2, wrong=["ny fråga"], confused=[])
    better["outside"][0]["false"] = 0
    page = write(better, tmp_path, NOW).read_text("utf-8")
    assert "Testfrågor rätt: 33,3 % → 66,7 % (1 av 3 → 2 av 3)" in page
    assert "Blev rätt: &lt;b&gt;bossen" in page
    assert "Blev fel: ny fråga" in page
    assert "Falska svar, testfrågor om annat: 8 → 0" in page
    assert "<li>Ingenting.</li>" in write(better, tmp_path, NOW).read_text("utf-8")


@pytest.mark.parametrize("left", ["", "{", "[]", "{}"])
def test_damaged_figures_of_before_are_passed_over(tmp_path, left):
    (tmp_path / "report.json").write_text(left, encoding="utf-8")
    assert "första rapporten" in write(RESULTS, tmp_path, NOW).read_text("utf-8")
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["questions"]["right"] == 1


def test_a_share_is_written_as_in_swedish():
    assert share(1, 8) == "12,5 %"
    assert share(0, 0) == "–"
    assert not list(changes(None, RESULTS))


def test_coverage_tells_what_no_dialogue_touches(knowledge):
    said = Said("…", None, "mission_law")
    step = Step("Vad säger lagen?", "mission_law", (), (), ("action_facet",), (said,))
    turn = Observed("Vad säger lagen?", [], (step,))
    verdict = Verdict(Dialogue("d", "d.yml", 1, ()), TestStep("", (), 1), turn, ())
    rules = [
        {"rule": "A", "steps": [{"intent": "mission_law"}, {"action": "action_facet"}]},
        {"rule": "B", "steps": [{"intent": "greet"}, {"action": "action_say"}]},
    ]
    found = {
        one["kind"]: one["untouched"]
        for one in coverage([verdict], ["mission_law", "greet"], knowledge, rules)
    }
    assert found["intent"] == ["greet"]
    assert found["handlingar"] == ["action_say"]
    assert found["regler"] == ["B"]
    assert "mission_law" not in found["fakta"]
    assert "mission_plan" in found["fakta"]


def told(phrase):
    return Said("…", phrase, "oos")


@pytest.mark.parametrize(
    ("phrases", "kind"),
    [
        (["utter_oos"], None),
        (["utter_local_again"], None),
        (["utter_person_unknown"], None),
        (["utter_care"], None),
        ([None], "fact"),
        (["utter_told", "utter_left_out"], "fact"),
        (["utter_left_out", "utter_ask_instead"], "left_out"),
        (["utter_lacking"], None),
        (["utter_everybody", "utter_no_ways"], "people"),
        (["utter_person", "utter_person_missing", "utter_instead"], "people"),
        (["utter_email_missing", "utter_instead"], "ways"),
        (["utter_not_on_the_page_named"], "referred"),
        (["utter_unwell", "utter_oos"], "alarm"),
        (["utter_emergency_english"], "alarm"),
    ],
)
def test_a_reply_counts_as_the_gravest_that_it_tells(phrases, kind):
    assert kind_of_reply(map(told, phrases)) == kind


def test_what_is_said_of_the_unit_is_counted_by_kind():
    class Agent:
        async def observe(self, sender, text):
            said = told(None if text == "kurs" else "utter_not_on_the_page")
            return Observed(text, [], (Step(text, "oos", (), (), (), (said,)),))

    found = count(Agent(), ["kurs", "plan", "lag"])
    assert found["kinds"] == {**dict.fromkeys(KINDS, 0), "fact": 1, "referred": 2}
    assert (found["total"], found["false"], found["alarms"]) == (3, 1, 0)
