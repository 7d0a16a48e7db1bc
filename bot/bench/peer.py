"""The peer: stock Rasa on the same examples, rules and actions, in an environment of its own."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_writer.yaml_story_writer import YAMLStoryWriter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter

from bot.bench.install import install
from bot.errors import BotError
from bot.importer import KnowledgeImporter
from bot.nlu_files import nlu_files
from bot.settings import ROOT, environment

EPOCHS: Final = 20
# What `rasa init` suggests, in Swedish. It says 100 epochs, which take hours here.
_PIPELINE: Final = f"""
recipe: default.v1
assistant_id: peer
language: sv
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- {{name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}}
- {{name: DIETClassifier, epochs: {EPOCHS}}}
- name: EntitySynonymMapper
- {{name: ResponseSelector, epochs: {EPOCHS}}}
- {{name: FallbackClassifier, threshold: 0.3, ambiguity_threshold: 0.1}}
"""
_POLICIES: Final = f"""
policies:
- name: MemoizationPolicy
- {{name: TEDPolicy, max_history: 5, epochs: {EPOCHS}}}
- name: RulePolicy
"""
_COPIED: Final = ("actions", "bot", "data")
_LOCK: Final = ROOT / "tools" / "peers" / "rasa.lock"
# The newest that stock Rasa runs on.
_PYTHON: Final = "3.10"


@dataclass(frozen=True)
class Peer:
    """A folder with stock Rasa, its project and its model."""

    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter of the peer's environment."""
        return self.folder / ".venv" / "bin" / "python"

    @property
    def model(self) -> Path:
        """The trained model."""
        return self.folder / "models" / "peer.tar.gz"

    @property
    def project(self) -> Path:
        """The actions and facts of the time when it was trained, which its model knows."""
        return self.folder / "project"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that its processes run with."""
        return environment(
            RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=str(self.project)
        )

    def training_seconds(self) -> float | None:
        """Return how long its training took, None before it has been trained."""
        noted = self.folder / "trained.json"
        return float(json.loads(noted.read_text())["seconds"]) if noted.exists() else None

    def is_current(self) -> bool:
        """Tell whether it was trained on the examples and rules as they are now."""
        noted = self.folder / "trained.json"
        return noted.exists() and json.loads(noted.read_text())["made_of"] == _digest()

    def intents(self, questions: Sequence[str], model: Path | None = None) -> list[str]:
        """Return the intent that the peer, or another model, takes each question for."""
        answers = self.folder / "intents.json"
        subprocess.run(
            [
                str(self.python),
                str(ROOT / "bot" / "bench" / "intents.py"),
                str(model or self.model),
                answers,
            ],
            input=json.dumps(list(questions)),
            text=True,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return [str(intent) for intent in json.loads(answers.read_text())]

    def answers(self, questions: Sequence[str]) -> list[str]:
        """Return the same, worked out once for a model and questions."""
        key = json.dumps([self.training_seconds(), *questions])
        known = self.folder / f"intents-{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"
        if not known.exists():
            known.write_text(json.dumps(self.intents(questions)))
        return [str(intent) for intent in json.loads(known.read_text())]

    def train_nlu(self, examples: Iterable[tuple[str, str]], folder: Path) -> Path:
        """Train its pipeline alone on texts with their intents; return the model."""
        self.install()
        by_intent: dict[str, list[str]] = {}
        for text, intent in examples:
            # Brackets would mark an entity.
            by_intent.setdefault(intent, []).append(text.replace("[", "(").replace("]", ")"))
        nlu = [
            {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
            for intent, texts in by_intent.items()
        ]
        content = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True)
        (folder / "nlu.yml").write_text(content, encoding="utf-8")
        (folder / "config.yml").write_text(_PIPELINE, encoding="utf-8")
        self._rasa(folder, "train", "nlu", "--nlu", "nlu.yml", "--fixed-model-name", "nlu")
        return folder / "models" / "nlu.tar.gz"

    def prepare(self) -> None:
        """Make the environment, the project and the model, unless they are there.

        Training takes an hour, so that later changes do not repeat it: `is_current` tells.
        """
        self.install()
        if self.training_seconds() is None:
            _write_project(self.folder)
            for name in _COPIED:
                shutil.copytree(ROOT / name, self.project / name, dirs_exist_ok=True)
            self._train()

    def install(self) -> None:
        """Make the environment, unless it is there."""
        installed = self.folder / ".venv" / _LOCK.name
        if installed.exists() and installed.read_bytes() == _LOCK.read_bytes():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        install(_LOCK, self.folder / ".venv", _PYTHON)
        shutil.copy(_LOCK, installed)

    def _train(self) -> None:
        made_of, began = _digest(), time.monotonic()
        self._rasa(self.folder, "train", "--fixed-model-name", "peer")
        noted = {"seconds": time.monotonic() - began, "made_of": made_of}
        (self.folder / "trained.json").write_text(json.dumps(noted))

    def _rasa(self, folder: Path, *arguments: str) -> None:
        log = self.folder / "rasa.log"
        with log.open("w") as written:
            done = subprocess.run(
                [str(self.python), "-m", "rasa", *arguments],
                cwd=folder,
                env=self.environment,
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            raise BotError(f"rasa {arguments[0]} misslyckades för jämförelsen. Se {log}.")


def _write_project(folder: Path) -> None:
    """Write the project's examples, rules and domain as files that stock Rasa reads."""
    importer = KnowledgeImporter(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "config.yml").write_text(_PIPELINE + _POLICIES, encoding="utf-8")
    domain: Domain = importer.get_domain()
    domain.persist(folder / "domain.yml")
    RasaYAMLWriter().dump(folder / "data" / "nlu.yml", importer.get_nlu_data("sv"))
    steps = importer.get_stories().story_steps
    YAMLStoryWriter().dump(folder / "data" / "rules.yml", steps)
    (folder / "credentials.yml").write_text("rest:\n")
    database = {"type": "SQL", "dialect": "sqlite", "db": str(folder / "conversations.sqlite")}
    endpoints = {
        "action_endpoint": {"url": "http://127.0.0.1:5055/webhook"},
        "tracker_store": database,
    }
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints))


def _digest() -> str:
    digest = hashlib.sha256()
    for path in (ROOT / "data" / "rules.yml", *nlu_files(ROOT / "data" / "nlu")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
