"""What visitors asked in vain: kept, forgotten, grouped and put to use."""

import asyncio
import shutil
import stat
from datetime import date, timedelta

import pytest

from bot.database import SqliteDatabase
from bot.errors import BotError
from bot.nlu_files import read
from bot.question_store import NOT_UNDERSTOOD, SCHEMA, THUMB_DOWN, QuestionStore
from bot.questions import add_example, grouped, listing
from bot.settings import ROOT

TODAY = date(2026, 11, 23)


@pytest.fixture
def store(tmp_path):
    return QuestionStore(SqliteDatabase(tmp_path / "questions.sqlite", SCHEMA))


def test_questions_are_forgotten_after_ninety_days_and_are_in_no_file(store, tmp_path):
    asyncio.run(
        store.add("en zebrafink", NOT_UNDERSTOOD, ["mission_law"], TODAY - timedelta(days=90))
    )
    asyncio.run(store.add("en gråsparv", THUMB_DOWN, ["role_head"], TODAY - timedelta(days=89)))
    assert [question.text for question in asyncio.run(store.all(TODAY))] == ["en gråsparv"]
    asyncio.run(store.expire(TODAY))
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "en gråsparv".encode() in kept
    assert b"zebrafink" not in kept
    assert stat.S_IMODE((tmp_path / "questions.sqlite").stat().st_mode) == 0o600


def test_a_dropped_question_is_in_no_file(store, tmp_path):
    asyncio.run(store.add("en zebrafink", NOT_UNDERSTOOD, []))
    (question,) = asyncio.run(store.all())
    asyncio.run(store.drop(question.id))
    assert not asyncio.run(store.all())
    assert b"zebrafink" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_questions_that_are_alike_stand_together_the_most_frequent_first(store):
    for text in (
        "har ni sagostunder",
        "finns det parkering vid biblioteket",
        "Finns det parkering vid bibblan?",
        "parkering vid biblioteket?",
        "😀",
    ):
        asyncio.run(store.add(text, NOT_UNDERSTOOD, ["local", "mission_law"]))
    groups = grouped(asyncio.run(store.all()))
    assert sorted(len(group) for group in groups) == [1, 1, 3]
    assert all("parkering" in question.text for question in groups[0])
    lines = list(listing(asyncio.run(store.all())))
    assert lines[0] == "3 gånger, närmast local, mission_law"
    assert lines[1].split()[:3] == ["2", "finns", "det"]
    assert "förstods inte" in lines[1]


@pytest.fixture
def folders(tmp_path):
    for part in ("data", "tests"):
        shutil.copytree(ROOT / part / "nlu", tmp_path / part)
    return tmp_path / "data", tmp_path / "tests"


def test_a_question_becomes_the_last_example_of_its_intent(folders):
    data, tests = folders
    before = {path.name: list(read(path)) for path in data.iterdir()}
    where = add_example(data, "contact_phone", "finns det [en] tuta\natt ringa i", tests)
    after = {path.name: list(read(path)) for path in data.iterdir()}
    (new,) = [e for e in after["contacts.yml"] if e.text == "finns det (en) tuta att ringa i"]
    assert new.intent == "contact_phone"
    assert where == f"{data}/contacts.yml, rad {new.line}"
    of_before = [(e.intent, e.text) for examples in before.values() for e in examples]
    of_after = [(e.intent, e.text) for examples in after.values() for e in examples if e != new]
    assert sorted(of_before) == sorted(of_after)


def test_a_question_may_become_a_test(folders):
    data, tests = folders
    assert add_example(tests, "contact_phone", "finns en tuta att ringa i", data).startswith(
        str(tests)
    )


def test_a_question_that_stands_somewhere_already_is_refused(folders):
    data, tests = folders
    held_out = next(iter(read(tests / "questions.yml")))
    with pytest.raises(BotError, match=rf"finns redan: .*under {held_out.intent}"):
        add_example(data, "contact_phone", held_out.text.upper(), tests)
    with pytest.raises(BotError, match=r"Inget intent i .* heter nowhere"):
        add_example(data, "nowhere", "finns en tuta att ringa i", tests)
