import numpy as np
import pytest

from bot.nlu.features import PERSON, Features, mask

TEXTS = ["vem är chef", "vem är er chef", "har ni kurser", "har ni några kurser"]


def test_masks_names_and_lowers_the_rest():
    assert mask("Vad har  Bodil för NR?", [(9, 14)]) == f"vad har {PERSON} för nr?"


def test_two_people_in_one_place_are_masked_once():
    assert mask("vem är Anna", [(7, 11), (7, 11)]) == f"vem är {PERSON}"


@pytest.fixture(scope="module")
def features():
    return Features.fit(TEXTS)[0]


def test_each_block_of_a_row_has_length_one_or_nothing(features):
    squares = np.asarray(features(TEXTS).power(2).sum(axis=1)).ravel()
    np.testing.assert_allclose(squares, 4, rtol=1e-5)


def test_another_spelling_is_nearer_than_another_word(features):
    right, misspelled, other = features(["vem är chef", "wem är cheff", "har ni kurser"])
    assert right.multiply(misspelled).sum() > 5 * right.multiply(other).sum()


def test_keeps_only_what_occurs_more_than_once():
    features, rows = Features.fit(["abc", "def", "abc"])
    assert list(features.words) == ["abc"]
    assert rows[1].nnz < rows[0].nnz


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("har ni kurser", False),
        ("har ni kurzer", False),
        ("har ni kruser", False),
        ("har ni valross", True),
        (f"har {PERSON} kurser", False),
    ],
)
def test_a_word_unlike_any_in_training_is_marked(features, text, marked):
    assert ("UNKNOWN" in features._marked([text])[0]) == marked


def test_one_text_gives_the_same_alone_and_among_others(features):
    np.testing.assert_array_equal(features(TEXTS)[2].toarray(), features([TEXTS[2]]).toarray())


def test_is_the_same_after_saving(features, tmp_path):
    features.save(tmp_path / "features.npz")
    loaded = Features.load(tmp_path / "features.npz")
    np.testing.assert_array_equal(loaded(TEXTS).toarray(), features(TEXTS).toarray())
