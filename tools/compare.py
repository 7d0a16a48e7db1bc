#!/usr/bin/env python
"""Train the bot's classifier and its peers on the same data and print a table of both.

    .venv/bin/python tools/compare.py FOLDER [--only NAME …]

FOLDER holds outside_*.txt (texts about other things) and massive_sv_train_dev.jsonl. Each
peer gets the examples of data/nlu and answers the questions of tests/nlu; then each trains
on the train split of MASSIVE and answers its dev split. Right: the intent of the question.
False: an intent that states something about the unit, in reply to a text of outside_*.txt.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.quiet import keep_quiet  # noqa: E402

keep_quiet("ERROR")

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402

from bot.bench.peer import Peer  # noqa: E402
from bot.engine import load_agent  # noqa: E402
from bot.evaluation import held_out, states_something, understander  # noqa: E402
from bot.nlu.encoder import encode_all, load_encoder  # noqa: E402
from bot.nlu.features import mask  # noqa: E402
from bot.nlu.models import Models  # noqa: E402
from bot.nlu_files import nlu_files, read  # noqa: E402
from bot.settings import settings  # noqa: E402
from bot.training import MODEL  # noqa: E402

Labelled = tuple[Sequence[str], Sequence[str]]
Predict = Callable[[Sequence[str]], list[str]]


def tf_idf(data: Labelled) -> Predict:
    """Words weighed by TF-IDF and logistic regression."""
    model = make_pipeline(TfidfVectorizer(), LogisticRegression(C=10, max_iter=200)).fit(*data)
    return lambda texts: [str(label) for label in model.predict(texts)]


def nlp_js(data: Labelled) -> Predict:
    """nlp.js with its Swedish package, as its quick start sets it up."""
    _run_quietly("npm", "ci", "--no-audit", "--no-fund")

    def predict(texts: Sequence[str]) -> list[str]:
        with tempfile.TemporaryDirectory() as place:
            read_from, written_to = Path(place, "in.json"), Path(place, "out.json")
            examples = list(zip(*data, strict=True))
            read_from.write_text(json.dumps({"examples": examples, "texts": list(texts)}))
            _run_quietly("node", "nlpjs.js", str(read_from), str(written_to))
            return [str(label) for label in json.loads(written_to.read_text())]

    return predict


def _run_quietly(*command: str) -> None:
    nowhere = subprocess.DEVNULL
    folder = ROOT / "tools" / "peers"
    subprocess.run(command, cwd=folder, check=True, stdout=nowhere, stderr=nowhere)


def stock_rasa(data: Labelled) -> Predict:
    """The pipeline of `rasa init`."""
    peer = Peer(settings().data_dir / "bench" / "peer")
    model = peer.train_nlu(zip(*data, strict=True), Path(tempfile.mkdtemp()))
    return lambda texts: peer.intents(texts, model)


def _the_bot() -> Predict:
    """The trained bot with its thresholds; several questions are joined by a plus."""
    understand = understander(load_agent(MODEL, None))
    return lambda texts: ["+".join(understand(text).intents) for text in texts]


def _of_the_bot(data: Labelled) -> Predict:
    """The bot's models without thresholds, every example with its vector."""
    texts, labels = [mask(text, []) for text in data[0]], list(data[1])
    vectors = encode_all(texts, settings().data_dir / "compare.npz")
    models = Models.train(texts, labels, [False] * len(texts), vectors)
    encoder = load_encoder()
    assert encoder

    def predict(asked: Sequence[str]) -> list[str]:
        masked = [mask(text, []) for text in asked]
        vectors = encoder.encode(masked)
        margins = [
            models.by_meaning(*models.features(text), vector)[0]
            for text, vector in zip(masked, vectors, strict=True)
        ]
        return [models.labels[int(np.argmax(one))] for one in margins]

    return predict


PEERS = {"TF-IDF": tf_idf, "nlp.js": nlp_js, "Rasa": stock_rasa}


def _folder(name: str) -> Path:
    if not Path(name, "massive_sv_train_dev.jsonl").is_file():
        raise argparse.ArgumentTypeError(f"{name or 'ingen mapp'}: ange OUTSIDE=mapp med texterna")
    return Path(name)


def main() -> None:
    """Print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=_folder)
    options.add_argument("--only", nargs="*", default=["bot", *PEERS])
    chosen = options.parse_args()
    examples = [example for path in nlu_files(ROOT / "data/nlu") for example in read(path)]
    ours = [example.text for example in examples], [example.intent for example in examples]
    questions = held_out(ROOT / "tests" / "nlu")
    outside = {
        path.stem: [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for path in sorted(chosen.folder.glob("outside_*.txt"))
    }
    rows = (chosen.folder / "massive_sv_train_dev.jsonl").read_text(encoding="utf-8").splitlines()
    massive = [json.loads(row) for row in rows]
    split = {
        name: [(row["text"], row["intent"]) for row in massive if row["split"] == name]
        for name in ("train", "dev")
    }
    console = Console()
    table = Table("", "rätt", *(f"falskt, {name}" for name in outside), "MASSIVE", "sekunder")
    texts = [question.text for question in questions]
    everything = [*texts, *(line for lines in outside.values() for line in lines)]
    train = tuple(zip(*split["train"], strict=True))
    asked, wanted = zip(*split["dev"], strict=True)
    for name in chosen.only:
        began = time.monotonic()
        predict = _the_bot() if name == "bot" else PEERS[name](ours)
        answers = iter(predict(everything))
        right = np.mean([next(answers) == question.intent for question in questions])
        false = [
            np.mean([any(map(states_something, next(answers).split("+"))) for _ in lines])
            for lines in outside.values()
        ]
        on_massive = _of_the_bot(train) if name == "bot" else PEERS[name](train)
        accuracy = np.mean([a == b for a, b in zip(on_massive(asked), wanted, strict=True)])
        seconds = f"{time.monotonic() - began:.0f}"
        table.add_row(name, *(f"{100 * s:.1f} %" for s in (right, *false, accuracy)), seconds)
        console.print(table)


if __name__ == "__main__":
    main()
