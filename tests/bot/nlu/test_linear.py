import numpy as np
import pytest

from bot.nlu.features import Features
from bot.nlu.linear import LinearModel

TEXTS = ["vem är chef", "vem är er chef", "chefen vem", "har ni kurser", "era kurser", "kurser då"]
LABELS = ["head", "head", "head", "training", "training", "training"]


@pytest.fixture(scope="module")
def rows():
    return Features.fit(TEXTS)[1]


@pytest.fixture(scope="module")
def model(rows):
    return LinearModel.train(rows, LABELS)


def margins(model, rows):
    return np.array([model.margins(row.indices, row.data) for row in rows])


def test_learns_its_examples(model, rows):
    assert [model.labels[i] for i in margins(model, rows).argmax(axis=1)] == LABELS


def test_two_labels_have_opposite_margins(model, rows):
    first, second = margins(model, rows).T
    np.testing.assert_allclose(first, -second, rtol=1e-5)


def test_three_labels_have_a_column_each(rows):
    labels = ["greet", "greet", *LABELS[2:]]
    model = LinearModel.train(rows, labels)
    assert model.labels == ["greet", "head", "training"]
    assert [model.labels[i] for i in margins(model, rows).argmax(axis=1)] == labels


def test_is_the_same_after_saving(model, rows, tmp_path):
    model.save(tmp_path / "model.npz")
    loaded = LinearModel.load(tmp_path / "model.npz")
    assert loaded.labels == model.labels
    np.testing.assert_array_equal(margins(loaded, rows), margins(model, rows))


def test_refuses_a_file_with_pickled_objects(tmp_path):
    np.savez(tmp_path / "bad.npz", labels=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        LinearModel.load(tmp_path / "bad.npz")
