import subprocess
import sys
from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.exceptions import GraphComponentException
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.runner import StraightRunner
from bot.settings import ROOT
from bot.training import MODEL


@pytest.fixture(scope="module", params=[StraightRunner, DaskGraphRunner])
def loaded(request, tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("model")
    return load_predict_graph_runner(folder, MODEL, LocalModelStorage, request.param)


def test_gives_what_rasas_own_runner_gives(loaded):
    metadata, runner = loaded
    tracker = DialogueStateTracker.from_events("visitor", [])
    inputs = {
        PLACEHOLDER_MESSAGE: [UserMessage("Vem är Daniella Pind?")],
        PLACEHOLDER_TRACKER: tracker,
    }
    (parsed,) = runner.run(inputs, targets=[metadata.nlu_target])[metadata.nlu_target]
    assert parsed.get("intent")["name"] == "contact_person"
    prediction = runner.run({PLACEHOLDER_TRACKER: tracker}, targets=[metadata.core_target])
    assert prediction[metadata.core_target].policy_name == "RulePolicy"


def test_a_component_that_fails_is_not_hidden(loaded, monkeypatch):
    metadata, runner = loaded
    with pytest.raises(GraphComponentException):
        runner.run({PLACEHOLDER_MESSAGE: [42], PLACEHOLDER_TRACKER: None}, [metadata.nlu_target])


def test_what_only_serves_evaluation_is_not_even_imported():
    code = "from bot.engine import load_agent; from bot.training import MODEL; import sys;"
    code += "load_agent(MODEL, None); print('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1:] == ["False"], done.stderr
