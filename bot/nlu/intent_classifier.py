"""Tell what a visitor asks for, and when to admit that it is unclear."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.features import mask
from bot.nlu.linear import LinearModel
from bot.nlu.name_finder import OTHER_PERSON, PERSON

OUTSIDE: Final = "oos"
_RANKED: Final = 10
# Margins are about -1 to 1; this makes a confidence of 0.9 out of a clear one.
_SHARPNESS: Final = 5.0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SwedishIntentClassifier(GraphComponent, IntentClassifier):
    """Linear support vector machines over words and characters, names masked.

    One machine an intent, and a second model that only tells inside from outside. When
    the best intent's margin or the inside margin is too low, the intent is `oos`; the
    ranking keeps what it would have been.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings and what they are when config.yml says nothing."""
        return {
            # Lowest margin of the best intent that still counts.
            "lowest_margin": -0.4,
            # Lowest margin of the model that tells inside from outside.
            "lowest_inside": 0.0,
            # Intents that lie outside what the bot can answer.
            "outside": [OUTSIDE, "nonsense", "foreign"],
            # Intents that are believed without asking the second model: they state no fact.
            "harmless": [],
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        intents: LinearModel | None = None,
        inside: LinearModel | None = None,
    ) -> None:
        """Keep the two models, which an untrained component lacks."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._intents = intents
        self._inside = inside

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SwedishIntentClassifier:
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
    ) -> SwedishIntentClassifier:
        """Load what `train` kept."""
        with model_storage.read_from(resource) as folder:
            intents = LinearModel.load(folder / "intents.npz")
            inside = LinearModel.load(folder / "inside.npz")
        return cls(config, model_storage, resource, intents, inside)

    def train(self, training_data: TrainingData) -> Resource:
        """Train both models on the examples."""
        examples = training_data.intent_examples
        masked = [_masked(message) for message in examples]
        labels = [str(message.get(INTENT)) for message in examples]
        self._intents = LinearModel.train(masked, labels)
        sides = ["outside" if label in self._config["outside"] else "inside" for label in labels]
        self._inside = LinearModel.train(masked, sides)
        with self._storage.write_to(self._resource) as folder:
            self._intents.save(folder / "intents.npz")
            self._inside.save(folder / "inside.npz")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent, its confidence and the ranking of each message."""
        for message in messages:
            if message.get(TEXT) is not None and not message.get(INTENT):
                self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        assert self._intents, "the classifier has not been trained"
        masked = _masked(message)
        (margins,) = self._intents.scores([masked])
        confidences = _softmax(_SHARPNESS * margins)
        order = np.argsort(-margins)
        ranking = [
            {"name": self._intents.labels[i], "confidence": float(confidences[i])}
            for i in order[:_RANKED]
        ]
        best = ranking[0]
        if not self._is_sure(best["name"], float(margins[order[0]]), masked):
            best = {"name": OUTSIDE, "confidence": 1.0 - best["confidence"]}
            ranking.insert(0, best)
        message.set(INTENT, best, add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)

    def _is_sure(self, name: str, margin: float, masked: str) -> bool:
        assert self._inside
        if name in self._config["outside"] or name in self._config["harmless"]:
            return True
        inside = self._inside.scores([masked])[0][self._inside.labels.index("inside")]
        return bool(
            margin >= self._config["lowest_margin"] and inside >= self._config["lowest_inside"]
        )


def _masked(message: Message) -> str:
    spans = [
        (entity["start"], entity["end"])
        for entity in message.get(ENTITIES) or []
        if entity["entity"] in (PERSON, OTHER_PERSON)
    ]
    return mask(message.get(TEXT), spans)


def _softmax(values: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(values - values.max())
    shares: NDArray[np.float32] = raised / raised.sum()
    return shares
