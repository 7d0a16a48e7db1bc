"""Find danger, distress and worry in a message, before anything else is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.cleaning import clean
from bot.nlu.danger import (
    DANGER,
    DISTRESS,
    HARMLESS,
    TUNED,
    WORRY,
    DangerModel,
    Finding,
    Text,
    read_texts,
)
from bot.nlu.encoder import encode_all, load_encoder, shared_encoder
from bot.nlu.features import mask
from bot.nlu.judge import spread, within, without_names
from bot.nlu.parts import clauses, sentences
from bot.nlu.tuned import tuned_encoder
from bot.settings import settings

# The key under which a message's danger is passed on: label, is_certain, is_english.
DANGER_FOUND: Final = "danger"
# What the model learns from beside the examples of the unit.
TEXTS: Final = Path(__file__).with_name("danger_texts")
_SWEDISH: Final = "sv"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class DangerFinder(GraphComponent):
    """Scores the whole message and each sentence of it; the highest score counts.

    Words and characters tell which of them the encoder is asked about: few of those that
    visitors write.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings and what they are when config.yml says nothing."""
        return {
            # Logarithms of odds. From the first on, the encoder is asked.
            "ask_meaning": -3.0,
            # From here on, help is offered beside the answer.
            "possible": 0.4,
            # From here on, help comes first: for danger sooner than for what can wait a line.
            "certain": {DANGER: 1.0, DISTRESS: 2.5, WORRY: 2.5},
            # By how much a sentence, and a clause, must be worse than a whole message.
            "sentence_discount": 2.0,
            "clause_discount": 4.0,
            # How many examples of an intent are taken for harmless ones.
            "harmless_per_intent": 250,
            "harmless_outside": 2000,
            # Intents that lie outside what the bot can answer.
            "outside": ["oos", "nonsense", "foreign"],
            # Whether to use the encoder at all.
            "encoder": True,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: DangerModel | None = None,
    ) -> None:
        """Keep the model, which an untrained component lacks."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._encoder = shared_encoder() if model and model.by_meaning else None
        self._tuned = tuned_encoder(TUNED) if self._encoder else None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerFinder:
        """Create an untrained component, as Rasa asks for it."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DangerFinder:
        """Load what `train` kept."""
        with model_storage.read_from(resource) as folder:
            model = DangerModel.load(folder)
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the texts about danger, the examples of all intents being harmless."""
        texts = [
            *(
                replace(one, text=mask(clean(one.text), []))
                for path in sorted(TEXTS.glob("*.yml"))
                for one in read_texts(path)
            ),
            *self._harmless(training_data),
        ]
        vectors = {}
        if self._config["encoder"] and load_encoder() is not None:
            cache = settings().data_dir / "vectors.npz"
            vectors = encode_all([one.text for one in texts], cache)
            tuned_encoder(TUNED)  # Its file is written now, for a container may only read it.
        with self._storage.write_to(self._resource) as folder:
            DangerModel.train(texts, vectors).save(Path(folder))
        return self._resource

    def _harmless(self, training_data: TrainingData) -> Iterator[Text]:
        of_intent: dict[str, list[str]] = {}
        for example in training_data.intent_examples:
            text = without_names(example.get(TEXT), example.get(ENTITIES) or [])
            of_intent.setdefault(str(example.get(INTENT)), []).append(text)
        for intent, texts in of_intent.items():
            is_outside = intent in self._config["outside"]
            most = self._config["harmless_outside" if is_outside else "harmless_per_intent"]
            for text in spread(texts, most):
                yield Text(text, HARMLESS, _SWEDISH)

    def process(self, messages: list[Message]) -> list[Message]:
        """Tell what each message speaks of, if it is not harmless."""
        for message in messages:
            text, entities = message.get(TEXT), message.get(ENTITIES) or []
            if text and not text.startswith("/"):
                message.set(DANGER_FOUND, self.look(text, entities), add_to_output=True)
        return messages

    def look(self, text: str, entities: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
        """Return what a text speaks of, and in which language; None if it is harmless."""
        assert self._model, "the danger finder has not been trained"
        worst = max(self._findings(text, entities), key=lambda finding: finding.score)
        if worst.score < self._config["possible"]:
            return None
        return {
            "label": worst.label,
            "score": worst.score,
            "is_certain": worst.score >= self._config["certain"][worst.label],
            "is_english": self._model.is_english(without_names(text, entities)),
        }

    def _findings(self, text: str, entities: Sequence[dict[str, Any]]) -> Iterator[Finding]:
        yield self._found(text, entities, 0, len(text))
        whole_sentences = sentences(text)
        for kind, places in (("sentence", whole_sentences), ("clause", clauses(text))):
            discount: float = self._config[f"{kind}_discount"]
            for start, end in places:
                if kind == "sentence" or (start, end) not in whole_sentences:
                    finding = self._found(text, entities, start, end)
                    yield Finding(finding.score - discount, finding.label)

    def _found(
        self, text: str, entities: Sequence[dict[str, Any]], start: int, end: int
    ) -> Finding:
        assert self._model
        masked = without_names(text[start:end], within(entities, start, end))
        by_words = self._model.found_by_words(masked)
        if not self._encoder or by_words.score < self._config["ask_meaning"]:
            return by_words
        vector = self._encoder.encode(masked)
        tuned = self._tuned.encode(masked) if self._tuned else None
        return by_words if vector is None else self._model.found_by_meaning(masked, vector, tuned)
