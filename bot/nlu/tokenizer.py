"""Split messages into words by spaCy's rules for Swedish."""

from __future__ import annotations

import functools
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SwedishTokenizer(Tokenizer):
    """spaCy's tokenizer for Swedish, which knows abbreviations, dates and smileys.

    It needs no trained spaCy model: the rules ship with spaCy.
    """

    # `rasa test nlu` compares entities by words; no answer depends on them.
    only_evaluated = True

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings and what they are when config.yml says nothing."""
        return {
            # Rasa's own settings of every tokenizer; intents here are never compound.
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Keep the settings."""
        super().__init__(config)

    @functools.cached_property
    def _split(self) -> Any:
        """Split by the rules of spaCy for Swedish.

        They take a second, and spaCy is 200 MB: requirements/dev.in has it for `rasa test nlu`.
        """
        import spacy

        return spacy.blank("sv").tokenizer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SwedishTokenizer:
        """Create the component, as Rasa asks for it."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples as they are: nothing learns from their words."""
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the words of one attribute of the message, with their places."""
        words = self._split(message.get(attribute))
        return [Token(word.text, word.idx) for word in words if not word.is_space]
