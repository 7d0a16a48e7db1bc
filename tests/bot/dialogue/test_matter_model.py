"""Whose matter a message is, learned of a few."""

import json
from collections import Counter

import numpy as np
import pytest

from bot.dialogue.matter_model import ANOTHER, LOCAL, MATTERS, UNIT, MatterModel, read_matters
from bot.nlu.features import Features
from bot.nlu.linear import likeliest
from tests.conftest import ROOT

FILE = ROOT / "data" / "matters.jsonl"
EXAMPLES = [
    *((f"har ni {what} inne", LOCAL) for what in ("pippi", "emil", "ronja", "madicken")),
    *((f"vad har enheten för {what}", UNIT) for what in ("budget", "policy", "adress", "logga")),
    *((f"ansöka om {what}", ANOTHER) for what in ("bygglov", "pass", "körkort", "bidrag")),
] * 3
# The first intent and the first dimension are those of a local library.
KNOWN = np.array([[float(matter == LOCAL), 0.0] for _, matter in EXAMPLES], np.float32)
NOTHING = [0.0, 0.0]


@pytest.fixture(scope="module")
def features():
    return Features.fit([text for text, _ in EXAMPLES])[0]


@pytest.fixture(scope="module")
def model(features):
    vectors = [np.array([float(matter == LOCAL), 1.0], np.float32) for _, matter in EXAMPLES]
    return MatterModel.train(features, EXAMPLES, np.zeros_like(KNOWN), vectors)


def test_words_tell_whose_matter_it_is(model, features):
    for text, matter in (
        ("har ni lotta inne", LOCAL),
        ("vad har enheten för mål", UNIT),
        ("ansöka om lov", ANOTHER),
    ):
        assert likeliest(model.read(features, text, NOTHING, None)) == matter


def test_intents_tell_it_where_words_do_not(features):
    model = MatterModel.train(features, EXAMPLES, KNOWN, None)
    far = model.read(features, "xyz", NOTHING, None)
    near = model.read(features, "xyz", [2.0, 0.0], None)
    assert near[LOCAL] > far[LOCAL]


def test_meaning_tells_it_where_words_do_not(model, features):
    like, unlike = (np.array(vector, np.float32) for vector in ([1.0, 1.0], [0.0, 1.0]))
    assert likeliest(model.read(features, "xyz", NOTHING, like)) == LOCAL
    assert likeliest(model.read(features, "xyz", NOTHING, unlike)) != LOCAL


@pytest.mark.parametrize("has_meaning", [True, False])
def test_what_was_learned_survives_a_file(model, features, tmp_path, has_meaning):
    if not has_meaning:
        model = MatterModel.train(features, EXAMPLES, KNOWN, None)
    model.save(tmp_path / "matters")
    kept = MatterModel.load(tmp_path / "matters")
    vector = np.array([1.0, 1.0], np.float32)
    before = model.read(features, "har ni emil", NOTHING, vector)
    assert kept.read(features, "har ni emil", NOTHING, vector) == pytest.approx(before)


def test_a_line_that_names_no_matter_is_told_with_its_place(tmp_path):
    path = tmp_path / "wrong.jsonl"
    path.write_text(json.dumps({"text": "hej", "matter": "greeting"}) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"wrong\.jsonl:1"):
        list(read_matters(path))


def test_every_matter_has_examples_and_no_message_is_two():
    examples = list(read_matters(FILE))
    texts = Counter(text.casefold() for text, _ in examples)
    assert {matter for _, matter in examples} == set(MATTERS)
    assert [text for text, count in texts.items() if count > 1] == []
