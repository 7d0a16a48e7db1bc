import shutil

import pytest

from bot.errors import KnowledgeError
from bot.knowledge import load_folder
from bot.settings import ROOT

PAGE = ROOT / "data" / "knowledge"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(PAGE, tmp_path / "knowledge")


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def problems(folder):
    with pytest.raises(KnowledgeError) as caught:
        load_folder(folder)
    return caught.value.problems


def test_the_page_is_valid():
    knowledge = load_folder(PAGE)
    assert len(knowledge.people) == 10
    assert knowledge.roles["role_head"].title == "Enhetschef"


def test_names_file_line_and_field(folder):
    line = change(folder, "contacts.yml", "    phone:\n    email:", "    phne:\n    email:")
    (problem,) = problems(folder)
    assert problem.file.endswith("contacts.yml")
    assert problem.line == line
    assert problem.field == "phne"
    assert "okänt" in problem.message


def test_says_all_that_is_wrong_at_once(folder):
    change(folder, "contacts.yml", "    phone:\n", "    phone: ring mig\n")
    change(folder, "contacts.yml", "    email:\n", "    email: ingen\n")
    change(folder, "areas.yml", "reviewed: 2026-11-22", "reviewed: i går")
    assert {problem.field for problem in problems(folder)} == {"phone", "email", "reviewed"}


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "words"),
    [
        ("mission.yml", "question: Vad säger", "fraga: Vad säger", "question", "saknas"),
        ("mission.yml", "id: mission_law", "id: Lagen!", "id", "små bokstäver"),
        ("mission.yml", "id: mission_law", "id: mission_why", "id", "finns redan"),
        (
            "mission.yml",
            "[role_head, mission_law,",
            "[role_boss, mission_law,",
            "follow_ups",
            "ingenstans",
        ),
        (
            "mission.yml",
            "[contact_topic, role_consultant, mission_training]",
            "[help]",
            "follow_ups",
            "Minst 2",
        ),
        ("areas.yml", "lists: [areas_open,", "lists: [areas_opn,", "lists", "finns inte"),
        ("topics.yml", "counts: consultant", "counts: konsulent", "counts", "konsulent finns inte"),
        ("topics.yml", "        holds: several\n", "", "claims", "hör ihop"),
        (
            "areas.yml",
            "strategiska inriktningar: {value}",
            "strategiska inriktningar",
            "answer",
            "{value}",
        ),
        (
            "contacts.yml",
            "title: Konsulent\n    phone",
            "title: Konsult\n    phone",
            "title",
            "Konsult",
        ),
        (
            "contacts.yml",
            "turn_to: [head, consultant, project_leader]",
            "turn_to: [boss]",
            "turn_to",
            "boss",
        ),
        ("areas.yml", "reviewed: 2026-11-22", "reviewed: 20261122", "reviewed", "2026-11-22"),
        ("contacts.yml", "    name: Eva Fred", "    name:", "name", "tomt"),
        ("contacts.yml", "    areas: []", "    areas: barn", "areas", "lista"),
        ("contacts.yml", "    email:\n", "    email:\n    email:\n", "email", "två gånger"),
    ],
)
def test_explains_each_kind_of_mistake(folder, file, old, new, field, words):
    change(folder, file, old, new)
    found = problems(folder)
    (told,) = [problem for problem in found if problem.field == field and words in problem.message]
    assert told.line > 0


def test_a_file_that_is_not_yaml_is_named_with_its_line(folder):
    line = change(folder, "contacts.yml", "people:", "people: [")
    (problem,) = problems(folder)
    assert problem.file.endswith("contacts.yml")
    assert problem.line >= line


def test_half_a_character_is_refused_before_a_visitor_is_sent_it(folder):
    line = change(folder, "contacts.yml", "name: Eva Fred", 'name: "Eva \\ud83d"')
    (problem,) = problems(folder)
    assert problem.line == line


def test_a_number_keeps_its_zeros(folder):
    change(folder, "contacts.yml", "    phone:\n", "    phone: 0104410000\n")
    assert load_folder(folder).people["daniella_pind"].phone == "0104410000"


def test_an_empty_folder_is_said_to_be_empty(tmp_path):
    (problem,) = problems(tmp_path)
    assert "inga kunskapsfiler" in problem.message


@pytest.mark.parametrize("content", ["[]", "hej", "- facts"])
def test_a_file_without_sections_is_refused(folder, content):
    (folder / "areas.yml").write_text(content, encoding="utf-8")
    assert any("ska börja med unit, facts" in problem.message for problem in problems(folder))


def test_a_fact_uses_what_is_filled_in(folder):
    change(folder, "areas.yml", "      value:\n", "      value: a, b, c och d\n")
    assert "inriktningar: a, b, c och d." in load_folder(folder).facts["areas_count"].statement


def test_says_what_is_to_fill_in():
    empty = list(load_folder(PAGE).to_fill_in())
    assert "Eva Fred: telefonnummer, e-postadress, ansvarsområden" in empty
    assert "adressen till den regionala biblioteksplanen" in empty
    assert len(empty) == 15


def test_says_where_easy_words_are_to_fill_in(folder):
    change(folder, "mission.yml", "    simple: Det är Kulturförvaltningen som har ansvaret.\n", "")
    change(folder, "glossary.yml", "    topic: role_project_leader\n", "")
    empty = [one for one in load_folder(folder).to_fill_in() if "lätta ord" in one]
    assert len(empty) == 2
    assert empty[0].startswith("mission_responsible: ")
    assert empty[1].startswith("Projektledare: ")


def test_easy_words_are_not_told_of_what_staff_have_filled_in(folder):
    assert load_folder(folder).facts["areas_count"].easy
    change(folder, "areas.yml", "      value:\n", "      value: a, b, c och d\n")
    assert load_folder(folder).facts["areas_count"].easy is None


def test_a_slip_in_one_file_does_not_hide_those_in_others(folder):
    change(folder, "mission.yml", "question: Vad säger", "fraga: Vad säger")
    change(folder, "contacts.yml", "title: Konsulent\n    phone", "title: Konsult\n    phone")
    change(folder, "areas.yml", "lists: [areas_open,", "lists: [areas_opn,")
    found = {(problem.field, problem.message.split()[0]) for problem in problems(folder)}
    assert {("fraga", "fältet"), ("question", "fältet"), ("title", "titeln")} <= found
    assert ("lists", "faktumet") in found
    assert not [problem for problem in problems(folder) if "mission" in problem.message]


def test_a_file_that_is_no_utf8_is_said_to_be_so(folder):
    path = folder / "contacts.yml"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.encode("latin-1"))
    (problem,) = problems(folder)
    assert "UTF-8" in problem.message
    foreign = next(place for place, character in enumerate(text) if not character.isascii())
    assert problem.line == text[:foreign].count("\n") + 1
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_folder(folder)


def test_a_day_that_does_not_exist_is_not_a_matter_of_form(folder):
    change(folder, "areas.yml", "reviewed: 2026-11-22", "reviewed: 2026-02-30")
    (problem,) = problems(folder)
    assert problem.message == "den dagen finns inte."
