from bot.nlu.features import PERSON, NgramFeatures, mask


def test_masks_names_and_lowers_the_rest():
    assert mask("Vad har  Bodil för NR?", [(9, 14)]) == f"vad har {PERSON} för nr?"


def test_two_people_in_one_place_are_masked_once():
    assert mask("vem är Anna", [(7, 11), (7, 11)]) == f"vem är {PERSON}"


def test_counts_tell_texts_apart_and_spellings_together():
    features = NgramFeatures()
    counts = features.counts(["bibliotek", "biblioteck", "kontakt"])
    assert counts.shape == (3, features.width)
    alike = counts[0].multiply(counts[1]).sum()
    apart = counts[0].multiply(counts[2]).sum()
    assert alike > 5 * apart
