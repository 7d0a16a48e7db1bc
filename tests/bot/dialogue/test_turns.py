"""What is learned of conversations, on a few of them."""

import json

import numpy as np
import pytest

from bot.dialogue.context import of_conversation, of_message
from bot.dialogue.conversations import read_turns
from bot.dialogue.memory import Ask, Memory
from bot.dialogue.turn_model import TurnModel

TURNS = [
    ("har ni kurser", "ask", "mission_training", "is", "yes"),
    ("när går kurserna", "follow", "mission_training", "when", "missing"),
    ("när då", "follow", "mission_training", "when", "missing"),
    ("vad kostar kurserna", "follow", "mission_training", "cost", "missing"),
    ("vad säger lagen", "ask", "mission_law", "what", "told"),
    ("när då", "follow", "mission_law", "when", "told"),
    ("när kom lagen", "follow", "mission_law", "when", "told"),
    ("tack så mycket", "thanks", None, None, "none"),
]


@pytest.fixture
def path(tmp_path):
    turns = [
        {"text": text, "means": [{"act": act, "topic": [topic] if topic else [], "facet": facet,
                                  "page": page}]}
        for text, act, topic, facet, page in TURNS
    ]  # fmt: skip
    path = tmp_path / "somebody.jsonl"
    path.write_text(json.dumps({"name": "one", "turns": turns}) + "\n", encoding="utf-8")
    return path


def test_a_turn_knows_what_was_asked_before(path):
    first, second, *_, last = read_turns(path)
    assert (first.writer, first.before) == ("somebody", Memory())
    assert first.main == Ask("ask", ("mission_training",), "is", polar=True)
    assert second.before.topics == ("mission_training",)
    assert last.main == Ask("thanks", ("chat",))


def test_a_turn_of_several_things_is_as_many_turns_that_follow_each_other(tmp_path):
    means = [
        {"act": "ask", "topic": ["role_head"], "facet": "who", "page": "told", "span": "vem leder"},
        {
            "act": "follow",
            "topic": ["role_head"],
            "facet": "phone",
            "page": "missing",
            "span": "nr",
        },
    ]
    path = tmp_path / "several.jsonl"
    turn = {"text": "vem leder och nr", "means": means}
    path.write_text(json.dumps({"turns": [turn]}) + "\n", encoding="utf-8")
    (whole,) = read_turns(path)
    first, second = whole.in_parts(whole.asked)
    assert [first.text, second.text] == ["vem leder", "nr"]
    assert (first.before, second.before.facet_of("role_head")) == (Memory(), "who")
    assert second.main.facet == "phone"


def test_a_line_that_is_no_conversation_is_told_with_its_place(tmp_path):
    path = tmp_path / "wrong.jsonl"
    path.write_text('{"turns": [{"text": "hej"}]}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"wrong\.jsonl:1: .*means"):
        list(read_turns(path))


def learned(path):
    turns = list(read_turns(path)) * 3
    contexts = [{**of_conversation(t.before), **of_message(t.text, [])} for t in turns]
    margins = np.zeros((len(turns), 2), np.float32)
    return TurnModel.train(turns, [turn.text for turn in turns], contexts, margins)


def best(margins):
    return max(margins, key=lambda name: margins[name])


def test_the_conversation_tells_what_a_few_words_are_about(path):
    model = learned(path)
    for topic in ("mission_training", "mission_law"):
        memory = Memory().after([Ask("ask", (topic,), "what")])
        context = {**of_conversation(memory), **of_message("när då", [])}
        reading = model.read("när då", context, [0.0, 0.0])
        assert best(reading.topics) == topic
        assert best(reading.facets) == "when"


def test_what_was_learned_survives_a_file(path, tmp_path):
    model = learned(path)
    model.save(tmp_path / "turns")
    context = of_message("vad kostar kurserna", [])
    before = model.read("vad kostar kurserna", context, [0.0, 0.0])
    after = TurnModel.load(tmp_path / "turns").read("vad kostar kurserna", context, [0.0, 0.0])
    assert best(after.facets) == best(before.facets) == "cost"
    assert after.acts == pytest.approx(before.acts)


def test_what_is_named_counts_by_its_kind():
    entities = [{"entity": "person", "value": "eva"}, {"entity": "person", "value": "sara"},
                {"entity": "ordinal", "value": "2"}]  # fmt: skip
    found = of_message("Eva och Sara?", entities)
    assert found["names several person"] == found["ordinal 2"] == found["asks"] == 1.0
    assert "person eva" not in found
