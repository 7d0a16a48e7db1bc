import numpy as np
import pytest

from bot.nlu.models import Models

TEXTS = ["vem är chef", "vem är er chef", "har ni kurser", "era kurser", "blir det regn", "regn då"]
LABELS = ["head", "head", "training", "training", "oos", "oos"]
OUTSIDE = [label == "oos" for label in LABELS]
# Vectors in which the first number means the head, the second training.
VECTORS = {
    "vem är chef": np.array([1, 0, 0], np.float32),
    "vem är er chef": np.array([1, 0, 0], np.float32),
    "har ni kurser": np.array([0, 1, 0], np.float32),
    "era kurser": np.array([0, 1, 0], np.float32),
}


@pytest.fixture(scope="module")
def models():
    return Models.train(TEXTS, LABELS, OUTSIDE, VECTORS)


def test_words_tell_intents_and_sides(models):
    for text, label in zip(TEXTS, LABELS, strict=True):
        margins, inside = models.by_words(*models.features(text))
        assert models.labels[margins.argmax()] == label
        assert (inside > 0) == (label != "oos")


def test_meaning_decides_what_words_do_not_know(models):
    vector = np.array([0, 1, 0], np.float32)
    margins, _ = models.by_meaning(*models.features("fortbildning"), vector)
    assert models.labels[margins.argmax()] == "training"


def test_without_vectors_there_is_no_meaning():
    models = Models.train(TEXTS, LABELS, OUTSIDE, {})
    assert not models.knows_meaning
    assert models.by_words(*models.features("vem är chef"))[0].argmax() == models.labels.index(
        "head"
    )


def test_everything_is_inside_where_nothing_lies_outside():
    models = Models.train(TEXTS[:4], LABELS[:4], [False] * 4, {})
    assert models.by_words(*models.features("vad som helst"))[1] > 0


@pytest.mark.parametrize("vectors", [VECTORS, {}])
def test_is_the_same_after_saving(vectors, tmp_path):
    models = Models.train(TEXTS, LABELS, OUTSIDE, vectors)
    models.save(tmp_path)
    loaded = Models.load(tmp_path)
    assert loaded.knows_meaning == models.knows_meaning
    np.testing.assert_array_equal(
        loaded.by_words(*loaded.features(TEXTS[0]))[0],
        models.by_words(*models.features(TEXTS[0]))[0],
    )


def test_a_folder_without_models_is_refused(tmp_path):
    (tmp_path / "mean.npz").touch()
    with pytest.raises(FileNotFoundError):
        Models.load(tmp_path)
