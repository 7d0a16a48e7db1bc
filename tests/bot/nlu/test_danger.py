import numpy as np
import pytest
import yaml

from bot.nlu.danger import DangerModel, Text, read_texts

TEXTS = [
    *(Text(text, "danger", "sv") for text in ("det brinner här", "det brinner i huset")),
    *(Text(text, "danger", "en") for text in ("there is a fire", "a fire is in the house")),
    *(Text(text, "distress", "sv") for text in ("jag är så ledsen", "så ledsen i dag")),
    *(Text(text, "worry", "sv") for text in ("min bror är ledsen", "min bror mår inte bra")),
    *(Text(text, "harmless", "sv") for text in ("vem är chef", "vem är er chef", "har ni kurser")),
    *(Text(text, "harmless", "en") for text in ("who is the head", "where is the head")),
]
# Vectors in which the first number means danger, the second that all is well.
VECTORS = {
    one.text: np.array([one.label != "harmless", one.label == "harmless", 0], np.float32)
    for one in TEXTS
}


@pytest.fixture(scope="module")
def model():
    return DangerModel.train(TEXTS, VECTORS)


def test_words_tell_danger_from_what_is_harmless(model):
    danger, harmless = map(model.found_by_words, ("det brinner", "vem är chef här"))
    assert danger.score > 0 > harmless.score
    assert danger.label == "danger"
    assert model.found_by_words("jag är ledsen i dag").label == "distress"
    assert model.found_by_words("min bror är ledsen").label == "worry"


def test_meaning_decides_what_words_do_not_know(model):
    danger, harmless = np.eye(3, dtype=np.float32)[:2]
    low = model.found_by_meaning("källaren", harmless, None).score
    assert model.found_by_meaning("källaren", danger, None).score > 0 > low


def test_the_language_is_told(model):
    assert model.is_english("fire in the house")
    assert not model.is_english("brinner i huset")


@pytest.mark.parametrize("vectors", [VECTORS, {}])
def test_is_the_same_after_saving(vectors, tmp_path):
    model = DangerModel.train(TEXTS, vectors)
    model.save(tmp_path)
    loaded = DangerModel.load(tmp_path)
    assert loaded.found_by_words("det brinner") == model.found_by_words("det brinner")
    assert (loaded.by_meaning is None) == (not vectors)


def test_texts_are_read_by_language_and_by_what_they_speak_of(tmp_path):
    file = tmp_path / "texts.yml"
    content = {"sv": {"danger": ["det brinner"], "harmless": ["vem är chef"]}}
    file.write_text(yaml.dump(content, allow_unicode=True), encoding="utf-8")
    assert list(read_texts(file)) == [
        Text("det brinner", "danger", "sv"),
        Text("vem är chef", "harmless", "sv"),
    ]
