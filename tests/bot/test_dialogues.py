import asyncio
from xml.etree import ElementTree

import pytest
import yaml

from bot.dialogues import hold, junit, load_dialogues, write_dialogue
from bot.errors import FileError
from bot.turns import Observed, Said, Step

CASE = """
test_cases:
- test_case: head
  steps:
  - user: Vem är chef?
    assertions:
    - bot_uttered:
        text_matches: "daniella.*pind"
        buttons:
        - payload: /contact_all
    - action_executed: action_facet
    - slot_was_set:
      - name: people
        value: [daniella_pind]
    - slot_was_not_set:
      - name: listed
  - utter: utter_role_one
  - bot: |-
      Daniella
      Pind är chef.
"""
SAID = Said("Daniella\nPind är chef.", "utter_role_one", "role_head")
TURN = Observed(
    "Vem är chef?",
    [{"text": SAID.text, "buttons": [{"title": "Alla", "payload": "/contact_all"}]}],
    (Step("Vem är chef?", "role_head", (("role_head", 0.9),), (), ("action_facet",), (SAID,)),),
    {},
    {"people": ["daniella_pind"]},
)


def outcome(folder, text, turn=TURN):
    (folder / "a.yml").write_text(text, encoding="utf-8")
    (dialogue,) = load_dialogues([folder / "a.yml"])

    async def speak(sender, said):
        assert said == "Vem är chef?"
        return turn

    (verdict,) = asyncio.run(hold(dialogue, speak))
    return verdict


def test_what_is_as_expected_passes(tmp_path):
    verdict = outcome(tmp_path, CASE)
    assert not verdict.missed
    assert not verdict.failed


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("daniella.*pind", "telefon", "något som passar telefon"),
        ("payload: /contact_all", "payload: /help", "knappen /help"),
        ("action_executed: action_facet", "action_executed: action_again", "körde action_facet"),
        ("[daniella_pind]", "[eva_fred]", "people"),
        ("name: listed", "name: people", "inte minns people"),
        (
            "utter: utter_role_one",
            "utter: utter_greet",
            "utter_greet, men boten använde utter_role",
        ),
        ("      Daniella\n", "      Eva\n", "- Eva"),
    ],
)
def test_each_expectation_can_be_missed_and_is_told(tmp_path, old, new, told):
    assert old in CASE
    verdict = outcome(tmp_path, CASE.replace(old, new))
    assert verdict.failed
    assert len(verdict.missed) == 1
    printed = str(verdict)
    assert told in printed
    assert "a.yml, rad 5: head" in printed
    assert "Besökaren: Vem är chef?" in printed
    assert "Förstods som: role_head" in printed


def test_a_known_failure_fails_when_it_is_right(tmp_path):
    known = CASE.replace("    assertions:", "    expected_failure: känt\n    assertions:")
    right = outcome(tmp_path, known)
    assert right.failed
    assert "Ta bort expected_failure" in str(right)
    wrong = outcome(tmp_path, known.replace("daniella.*pind", "telefon"))
    assert wrong.missed
    assert not wrong.failed


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("text_matches", "text_match", "rad 8, fältet text_match: fältet är okänt"),
        ('"daniella.*pind"', '"(daniella"', "rad 8, fältet text_matches: mönstret"),
        ("  - user: Vem är chef?\n    assertions:", "  - bot: Hej\n    assertions:", "user"),
        ("- test_case: head\n  steps:", "- test_case: head\n  stegs:", "stegs"),
        ("  - utter: utter_role_one", "  - utter: a\n    user: b", "en av user, bot, utter"),
        ("test_cases:\n", "test_cases:\n - [\n", "YAML"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path, old, new, told):
    assert old in CASE
    with pytest.raises(FileError) as caught:
        outcome(tmp_path, CASE.replace(old, new))
    assert told in str(caught.value)
    assert "a.yml, rad" in str(caught.value)


def test_every_mistake_is_told_at_once(tmp_path):
    (tmp_path / "a.yml").write_text("test_cases: 1", encoding="utf-8")
    (tmp_path / "b.yml").write_text("tests: []", encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_dialogues([tmp_path])
    assert "a.yml" in str(caught.value)
    assert "b.yml" in str(caught.value)


def test_a_conversation_that_is_written_is_a_test_that_passes(tmp_path):
    write_dialogue(tmp_path / "new" / "a.yml", "my_test", [TURN])
    (dialogue,) = load_dialogues([tmp_path / "new"])
    assert dialogue.name == "my_test"
    assert not outcome(tmp_path, (tmp_path / "new" / "a.yml").read_text("utf-8")).missed
    other = Observed(TURN.text, [{"text": "Något annat."}])
    assert outcome(tmp_path, (tmp_path / "new" / "a.yml").read_text("utf-8"), other).failed
    with pytest.raises(FileExistsError):
        write_dialogue(tmp_path / "new" / "a.yml", "my_test", [TURN])


def test_junit_names_each_dialogue_and_its_failure(tmp_path):
    verdicts = [
        outcome(tmp_path, CASE),
        outcome(tmp_path, CASE.replace("head", "other").replace("daniella", "eva")),
    ]
    suite = ElementTree.fromstring(junit(verdicts)).find("testsuite")
    assert suite.attrib["tests"] == "2"
    assert suite.attrib["failures"] == "1"
    good, bad = suite.findall("testcase")
    assert good.find("failure") is None
    assert bad.attrib["name"] == "other"
    assert "eva.*pind" in bad.find("failure").text


def test_the_form_is_that_of_the_files(tmp_path):
    """A written file has the fields that Rasa's end-to-end tests have, and no other."""
    write_dialogue(tmp_path / "a.yml", "name", [TURN])
    content = yaml.safe_load((tmp_path / "a.yml").read_text("utf-8"))
    (case,) = content["test_cases"]
    assert case == {"test_case": "name", "steps": [{"user": TURN.text}, {"bot": SAID.text}]}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("user: Vem är chef?", "user:", "tomt"),
        ('text_matches: "daniella.*pind"', 'text_matches: ""', "tomt"),
        ('text_matches: "daniella.*pind"', "text_matches: (a", "vid tecken"),
        ("test_cases:", "fixtures: []\ntest_cases:", "fixtures går inte att använda här"),
        ("action_executed: action_facet", "flow_started: x", "inga flöden"),
    ],
)
def test_a_test_that_cannot_fail_or_cannot_be_held_is_refused(tmp_path, old, new, told):
    assert old in CASE
    (tmp_path / "a.yml").write_text(CASE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FileError, match=told):
        load_dialogues([tmp_path / "a.yml"])


def test_a_test_that_expects_nothing_is_refused(tmp_path):
    (tmp_path / "a.yml").write_text("test_cases:\n- test_case: a\n  steps:\n  - user: hej\n")
    with pytest.raises(FileError, match="väntar sig inget svar"):
        load_dialogues([tmp_path])


@pytest.mark.parametrize(
    ("line", "missed"),
    [
        ("  - slot_was_set:\n    - people: [daniella_pind]\n", None),
        ("  - slot_was_set:\n    - people\n", None),
        ("  - slot_was_set:\n    - people: [eva_fred]\n", "minns people = eva_fred"),
        ("  - slot_was_not_set:\n    - people\n", "inte minns people, men det är daniella_pind"),
    ],
)
def test_what_is_remembered_may_be_a_step(tmp_path, line, missed):
    text = f"test_cases:\n- test_case: a\n  steps:\n  - user: Vem är chef?\n{line}"
    verdict = outcome(tmp_path, text)
    assert verdict.failed == bool(missed)
    assert not missed or missed in verdict.missed[0]


def test_what_must_not_be_said_is_missed_when_it_is(tmp_path):
    def case(pattern):
        said = f"bot_did_not_utter: {{text_matches: {pattern}}}"
        step = f"  - user: Vem är chef?\n    assertions:\n    - {said}\n"
        return f"test_cases:\n- test_case: a\n  metadata: x\n  steps:\n{step}"

    assert not outcome(tmp_path, case("eva")).failed
    assert outcome(tmp_path, case("daniella")).missed == ("inte daniella",)


def test_what_is_said_stands_in_its_order(tmp_path):
    said = (Said("Hej!", "utter_greet", "greet"), Said("Hej då!", "utter_goodbye", "goodbye"))
    step = Step("Vem är chef?", "greet", (), (), (), said)
    turn = Observed("Vem är chef?", [{"text": "Hej!\nHej då!"}], (step,))

    def case(*lines):
        steps = "".join(f"  - {line}\n" for line in ("user: Vem är chef?", *lines))
        return f"test_cases:\n- test_case: a\n  steps:\n{steps}"

    assert not outcome(tmp_path, case("utter: utter_greet", "bot: Hej då!"), turn).failed
    assert not outcome(tmp_path, case("bot: Hej!", "utter: utter_greet"), turn).failed
    wrong = outcome(tmp_path, case("bot: Hej då!", "utter: utter_greet"), turn)
    assert wrong.missed == ("utter_greet, men efter det som står före i testet",)


def test_junit_holds_no_character_that_xml_cannot(tmp_path):
    verdict = outcome(tmp_path, CASE.replace("test_case: head", 'test_case: "he\\x01ad"'))
    assert ElementTree.fromstring(junit([verdict])).find(".//testcase") is not None
