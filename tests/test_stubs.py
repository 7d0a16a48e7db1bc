"""Much that Rasa imports is not installed: what stands in for it is enough, and honest."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def as_rasa(code):
    """Run code as if it stood in a module of Rasa."""
    return run(f"exec({code!r}, {{'__name__': 'rasa.something'}})")


@pytest.mark.parametrize(
    "module",
    [
        "rasa.core.agent",
        "rasa.engine.recipes.default_components",
        "rasa.model_training",
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.core.policies.unexpected_intent_policy",
        "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
        "rasa.__main__",
        "bot.server",
        "bot.training",
    ],
)
def test_what_is_locked_for_serving_is_enough(module):
    script = [sys.executable, str(ROOT / "tests" / "only_what_serves.py"), module]
    done = subprocess.run(script, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["aiohttp", "matplotlib", "requests"])
def test_what_is_installed_is_the_real_one(name):
    assert "site-packages" in as_rasa(f"import {name}; print({name}.__file__)").stdout


def test_only_rasa_finds_what_is_not_there():
    done = run("import twilio")
    assert "ModuleNotFoundError: No module named 'twilio'" in done.stderr


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import tensorflow as tf; tf.keras.layers.Dense(3)", "tensorflow.keras.layers.Dense"),
        ("from twilio.rest import Client; Client('a', token='b')", "twilio.rest.Client"),
        ("import jwt; jwt.encode(payload={})", "jwt.encode"),
        ("from aiogram import Bot\nclass Ours(Bot): pass\nOurs()", "Ours"),
    ],
)
def test_using_it_says_what_is_missing(code, told):
    done = as_rasa(code)
    assert re.search(rf"{re.escape(told)} saknas: paketet \w+ ingår inte", done.stderr), done.stderr


def test_a_decorated_function_is_left_as_it_is():
    code = "import tensorflow as tf\n@tf.function\ndef f(): return 1\n"
    code += "@tf.function(reduce_retracing=True)\ndef g(): return 2\nprint(f(), g())"
    assert as_rasa(code).stdout == "1 2\n"


def test_a_graph_is_run_in_order_and_each_part_once():
    code = """
import dask
made = []
def part(name):
    return lambda *needs: made.append(name) or (name, sum(n for _, n in needs) + 1)
graph = {"d": (part("d"), "b", "c"), "b": (part("b"), "a"), "c": (part("c"), "a"), "a": ("a", 5)}
print(dask.get(graph, ["d", "a"]), sorted(made))
"""
    assert run(code).stdout == "[('d', 13), ('a', 5)] ['b', 'c', 'd']\n"


def test_a_link_through_a_link_is_not_followed_out_of_a_model(tmp_path):
    code = (
        "import io, tarfile; from tarsafe import TarSafe\n"
        "with TarSafe.open('m.tar.gz', 'w:gz') as tar:\n"
        "    for name, to in (('p', '.'), ('out', 'p/..')):\n"
        "        link = tarfile.TarInfo(name); link.type = tarfile.SYMTYPE; link.linkname = to\n"
        "        tar.addfile(link)\n"
        "    tar.addfile(tarfile.TarInfo('out/file'), io.BytesIO())\n"
        "with TarSafe.open('m.tar.gz', 'r:gz') as tar: tar.extractall('in/deeper')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert "OutsideDestinationError" in done.stderr
    assert not (tmp_path / "in" / "file").exists()


def test_serving_imports_nothing_of_scikit_learn():
    code = (
        "import sys; import bot.server, bot.nlu.intent_classifier, bot.nlu.danger_finder\n"
        "packages = {name.partition('.')[0] for name in sys.modules}\n"
        "print(packages & {'sklearn', 'spacy', 'matplotlib'})"
    )
    assert run(code).stdout == "set()\n"


def test_what_of_rasa_is_not_used_says_so_when_it_is():
    done = as_rasa("from rasa.utils.tensorflow.model_data import RasaModelData; RasaModelData()")
    assert "rasa.utils.tensorflow.model_data.RasaModelData saknas" in done.stderr
