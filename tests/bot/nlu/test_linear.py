import numpy as np
import pytest

from bot.nlu.linear import LinearModel

TEXTS = ["vem är chef", "vem är er chef", "chefen vem", "har ni kurser", "era kurser", "kurser då"]
LABELS = ["head", "head", "head", "training", "training", "training"]


@pytest.fixture(scope="module")
def model():
    return LinearModel.train(TEXTS, LABELS)


def test_learns_its_examples(model):
    assert [model.labels[i] for i in model.scores(TEXTS).argmax(axis=1)] == LABELS


def test_two_labels_have_opposite_margins(model):
    scores = model.scores(TEXTS)
    np.testing.assert_allclose(scores[:, 0], -scores[:, 1], rtol=1e-5)


def test_three_labels_have_a_column_each():
    model = LinearModel.train([*TEXTS, "hej", "hej hej"], [*LABELS, "greet", "greet"])
    assert model.labels == ["greet", "head", "training"]
    assert model.scores(["hej"]).argmax() == 0


def test_a_text_without_known_features_gets_the_bias(model):
    np.testing.assert_allclose(model.scores(["ŋŋŋ"])[0], model.bias, rtol=1e-6)


def test_is_the_same_after_saving(model, tmp_path):
    model.save(tmp_path / "model.npz")
    loaded = LinearModel.load(tmp_path / "model.npz")
    assert loaded.labels == model.labels
    np.testing.assert_array_equal(loaded.scores(TEXTS), model.scores(TEXTS))


def test_refuses_a_file_with_pickled_objects(tmp_path):
    np.savez(tmp_path / "bad.npz", labels=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        LinearModel.load(tmp_path / "bad.npz")
