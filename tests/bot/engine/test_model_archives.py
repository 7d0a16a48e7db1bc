"""A model file that somebody has tampered with is refused, and nothing in it is executed."""

import contextlib
import io
import json
import os
import pickle
import re
import tarfile
from pathlib import Path

import numpy as np
import pytest

from bot.engine import load_agent
from bot.errors import ModelError
from bot.training import MODEL

# Files of components that hold arrays, by what their folders' names end with but a number.
ARRAYS = [
    ("TurnReader", "features.npz"),
    ("TurnReader", "mean.npz"),
    ("TurnReader", "intents_words.npz"),
    ("DangerFinder", "features.npz"),
    ("DangerFinder", "words.npz"),
]
FEATURIZER = "components/train_RulePolicy0/featurizer.json"
METADATA = "metadata.json"


class Bomb:
    """What leaves a file behind when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return os.mkdir, (str(self.trace),)


@pytest.fixture
def trace(tmp_path) -> Path:
    """What exists when something of an archive was executed."""
    return tmp_path / "executed"


@pytest.fixture(scope="session")
def members() -> dict[str, bytes]:
    """The files of the real model."""
    with tarfile.open(MODEL) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive.getmembers() if m.isfile()}


@pytest.fixture
def pack(tmp_path, members):
    """Write an archive of the real model's files, some of them changed, and more members."""

    def write(changes=None, *more: tarfile.TarInfo) -> Path:
        path = tmp_path / "bot.tar.gz"
        with tarfile.open(path, "w:gz", compresslevel=0) as archive:
            for info in more:
                archive.addfile(info)
            for name, content in {
                **(changes or {}),
                **{n: members[n] for n in members.keys() - (changes or {})},
            }.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        return path

    return write


def objects(trace: Path) -> bytes:
    """Return an .npz file that holds a pickle."""
    buffer = io.BytesIO()
    np.savez(buffer, words=np.array([Bomb(trace)], dtype=object), columns=[0], idf=[0.0])
    return buffer.getvalue()


def of(members, component: str, name: str) -> str:
    """Return what a component's file is called in the archive."""
    found = (re.match(rf"(.*{component}\d+)/", member) for member in members)
    (folder,) = {match[1] for match in found if match}
    return f"{folder}/{name}"


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def changed(members, change) -> bytes:
    metadata = json.loads(members[METADATA])
    change(metadata)
    return json.dumps(metadata).encode()


def test_the_bomb_goes_off_when_it_is_unpickled(trace):
    pickle.loads(pickle.dumps(Bomb(trace)))
    assert trace.exists()


def test_the_real_model_passes(pack):
    assert load_agent(pack(), None).domain.intents


@pytest.mark.parametrize(("component", "name"), ARRAYS)
def test_arrays_of_objects(pack, members, trace, component, name):
    with pytest.raises(ModelError):
        load_agent(pack({of(members, component, name): objects(trace)}), None)
    assert not trace.exists()


@pytest.mark.parametrize(("component", "name"), ARRAYS)
def test_a_pickle_in_the_place_of_arrays(pack, members, trace, component, name):
    with pytest.raises(ModelError):
        load_agent(pack({of(members, component, name): pickle.dumps(Bomb(trace))}), None)
    assert not trace.exists()


@pytest.mark.parametrize("name", ["model.pkl", "vectorizers.joblib", "evil.py", "evil.so"])
def test_files_that_no_model_of_ours_has(pack, members, trace, name):
    file = of(members, "TurnReader", name)
    with pytest.raises(ModelError, match=name):
        load_agent(pack({file: pickle.dumps(Bomb(trace))}), None)
    assert not trace.exists()


@pytest.mark.parametrize(
    "content",
    [
        {"py/object": "os.mkdir"},
        {"py/reduce": [{"py/function": "os.mkdir"}, {"py/tuple": ["{trace}"]}]},
        {"type": "MaxHistoryTrackerFeaturizer", "state_featurizer": {"type": "os.mkdir"}},
    ],
)
def test_objects_in_json(pack, trace, content):
    text = json.dumps(content).replace("{trace}", str(trace))
    with contextlib.suppress(ModelError):  # Refused or ignored.
        load_agent(pack({FEATURIZER: text.encode()}), None)
    assert not trace.exists()


@pytest.mark.parametrize("name", ["../executed", "components/../../executed", "/{trace}"])
def test_files_outside_the_archives_folder(pack, trace, name):
    with pytest.raises(ModelError):
        load_agent(pack({name.replace("/{trace}", str(trace)): b"x"}), None)
    assert not trace.exists()


@pytest.mark.parametrize(
    "links",
    [
        [link("components/etc", "/etc")],
        [link("components/etc", "../../..")],
        [link("components/passwd.json", "/etc/passwd", tarfile.LNKTYPE)],
        # Read as text this stays inside; as a file system reads it, it leads out.
        [link("p", "."), link("out", "p/..")],
    ],
    ids=["absolute", "upwards", "hard", "through another"],
)
def test_links(pack, trace, links):
    with pytest.raises(ModelError, match=links[0].name):
        load_agent(pack({"out/executed": b"x"}, *links), None)
    assert not trace.exists()


def test_devices(pack):
    with pytest.raises(ModelError, match="pipe"):
        load_agent(pack(None, link("pipe", "", tarfile.FIFOTYPE)), None)


def test_an_archive_that_grows_without_end(pack):
    with pytest.raises(ModelError, match="big"):
        load_agent(pack({"components/big.json": b" " * (300 * 1024 * 1024)}), None)


@pytest.mark.parametrize("uses", ["subprocess.Popen", "antigravity.X", "bot.evil.X", "sys.X"])
def test_a_component_that_is_none(pack, members, uses):
    def change(metadata):
        nodes = metadata["predict_schema"]["nodes"]
        next(iter(nodes.values()))["uses"] = uses

    with pytest.raises(ModelError, match=f"{uses}.load är ingen"):
        load_agent(pack({METADATA: changed(members, change)}), None)


def test_a_method_that_is_no_constructor(pack, members):
    def change(metadata):
        nodes = metadata["predict_schema"]["nodes"]
        next(iter(nodes.values()))["constructor_name"] = "__subclasses__"

    with pytest.raises(ModelError, match="__subclasses__ är ingen"):
        load_agent(pack({METADATA: changed(members, change)}), None)


def test_a_slot_whose_type_is_a_class_from_elsewhere(pack, members):
    def change(metadata):
        metadata["domain"]["slots"]["x"] = {"type": "subprocess.Popen", "args": ["true"]}

    with pytest.raises(ModelError, match="subprocess"):
        load_agent(pack({METADATA: changed(members, change)}), None)
