"""TensorFlow is not installed: what stands in for it is enough for Rasa, and honest."""

import subprocess
import sys
from pathlib import Path

import pytest

STUBS = Path(__file__).resolve().parent.parent / "stubs"


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_tensorflow_is_the_stub():
    assert run("import tensorflow; print(tensorflow.__file__)").stdout.startswith(str(STUBS))


@pytest.mark.parametrize(
    "module",
    [
        "rasa.core.agent",
        "rasa.engine.recipes.default_components",
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.core.policies.unexpected_intent_policy",
        "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
    ],
)
def test_rasa_can_be_imported(module):
    done = run(f"import {module}")
    assert done.returncode == 0, done.stderr


def test_using_it_says_what_is_missing():
    done = run("import tensorflow as tf; tf.keras.layers.Dense(3)")
    assert "keras.layers.Dense saknas: TensorFlow ingår inte" in done.stderr


def test_a_decorated_function_is_left_as_it_is():
    code = "import tensorflow as tf\n@tf.function\ndef f(): return 1\n"
    code += "@tf.function(reduce_retracing=True)\ndef g(): return 2\nprint(f(), g())"
    assert run(code).stdout == "1 2\n"
