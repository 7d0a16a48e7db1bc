from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.utils import murmurhash3_32

from bot.nlu.features import PERSON, Features, NgramCounts, mask

TEXTS = ["vem är chef", "vem är er chef", "har ni kurser", "har ni några kurser"]


def test_masks_names_and_lowers_the_rest():
    assert mask("Vad har  Bodil för NR?", [(9, 14)]) == f"vad har {PERSON} för nr?"


def test_two_people_in_one_place_are_masked_once():
    assert mask("vem är Anna", [(7, 11), (7, 11)]) == f"vem är {PERSON}"


@pytest.fixture(scope="module")
def features():
    return Features.fit(TEXTS)[0]


def overlap(one, other):
    _, first, second = np.intersect1d(one[0], other[0], return_indices=True)
    return one[1][first] @ other[1][second]


def test_each_block_of_a_row_has_length_one_or_nothing(features):
    for text in TEXTS:
        np.testing.assert_allclose((features(text)[1] ** 2).sum(), 4, rtol=1e-5)


def test_another_spelling_is_nearer_than_another_word(features):
    right, misspelled, other = map(features, ["vem är chef", "wem är cheff", "har ni kurser"])
    assert overlap(right, misspelled) > 5 * overlap(right, other)


@pytest.mark.parametrize(
    "text", [*TEXTS, "", "vad  är\tdet-för chef?!", "x", f"{PERSON}s nummer", "å" * 60]
)
def test_characters_are_counted_word_by_word_as_scikit_learn_counts_a_whole_text(text):
    analyze = HashingVectorizer(
        lowercase=False, analyzer="char_wb", ngram_range=(2, 5)
    ).build_analyzer()
    expected = Counter(murmurhash3_32(ngram) % 2**18 for ngram in analyze(text))
    counts = NgramCounts()
    for _ in range(2):
        columns, values = counts(text)
        own = (columns >= counts.edges[1]) & (columns < counts.edges[2])
        found = dict(zip(columns[own] - counts.edges[1], values[own], strict=True))
        assert found == expected


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
    assert ("UNKNOWN" in features.marked(text)) == marked


def test_a_text_has_the_features_that_it_was_trained_with():
    features, rows = Features.fit(TEXTS)
    for text, row in zip(TEXTS, rows, strict=True):
        columns, values = features(text)
        np.testing.assert_array_equal(columns, row.indices)
        np.testing.assert_array_equal(values, row.data)


def test_an_empty_text_has_no_features(features):
    assert len(features("")[0]) == 0


def test_is_the_same_after_saving(features, tmp_path):
    features.save(tmp_path / "features.npz")
    loaded = Features.load(tmp_path / "features.npz")
    for text in TEXTS:
        np.testing.assert_array_equal(loaded(text), features(text))
