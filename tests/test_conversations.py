"""The annotated conversations hold what their readers expect."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "data" / "conversations"
# By writers of whom nothing is learned.
KEPT = Path(__file__).parent / "conversations"
ACTS = {
    "ack",
    "ask",
    "bye",
    "compare",
    "complain",
    "confirm",
    "correct",
    "count",
    "danger",
    "example",
    "follow",
    "greet",
    "list",
    "more",
    "no",
    "nonsense",
    "object",
    "pick",
    "praise",
    "repeat",
    "return",
    "shorter",
    "simpler",
    "smalltalk",
    "summarise",
    "swap",
    "tell",
    "thanks",
    "yes",
}
PAGES = {"local", "missing", "no", "none", "outside", "self", "told", "unsaid", "yes"}


def conversations(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    "path", sorted([*FOLDER.glob("*.jsonl"), *KEPT.glob("*.jsonl")]), ids=lambda path: path.stem
)
def test_every_turn_says_what_it_means(path):
    for conversation in conversations(path):
        for turn in conversation["turns"]:
            meant = turn["means"]
            assert turn["text"].strip(), conversation["name"]
            assert {one["act"] for one in meant} <= ACTS, turn
            assert {one["page"] for one in meant} <= PAGES, turn
            assert all(one in turn["text"] for one in turn.get("subjects", ())), turn
            assert all(one.get("span", "") in turn["text"] for one in meant), turn


def test_there_are_many_writers():
    files = list(FOLDER.glob("*.jsonl"))
    turns = sum(len(one["turns"]) for path in files for one in conversations(path))
    assert (len(files), turns) >= (25, 12_000)


def test_nobody_is_learned_from_who_is_measured():
    learned, kept = ({path.stem for path in one.glob("*.jsonl")} for one in (FOLDER, KEPT))
    assert len(kept) == 9
    assert not learned & kept
