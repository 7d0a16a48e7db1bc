"""Clean the text of every message and example before other components look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.cleaning import clean


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TextCleaner(GraphComponent):
    """Applies `bot.language.cleaning.clean`, to messages as to what the model learns from.

    The server has cleaned what visitors write already, since personal data is looked for
    before anything else; `rasa shell`, `rasa run` and `rasa test` have not.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextCleaner:
        """Create the component, as Rasa asks for it."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Clean the examples, and move the marks of their entities along."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Clean the text of each message."""
        for message in messages:
            text = message.get(TEXT)
            if text and (cleaned := clean(text)) != text:
                message.set(TEXT, cleaned, add_to_output=True)
                if entities := message.get(ENTITIES):
                    message.set(ENTITIES, list(_moved(entities, text, cleaned)))
        return messages


def _moved(entities: list[dict[str, Any]], text: str, cleaned: str) -> Iterator[dict[str, Any]]:
    """Yield the entities at the places that their words have in the cleaned text."""
    reached = 0
    for entity in sorted(entities, key=lambda one: one[ENTITY_ATTRIBUTE_START]):
        words = clean(text[entity[ENTITY_ATTRIBUTE_START] : entity[ENTITY_ATTRIBUTE_END]])
        start = cleaned.find(words, reached)
        if start >= 0 and words:
            reached = start + len(words)
            yield {**entity, ENTITY_ATTRIBUTE_START: start, ENTITY_ATTRIBUTE_END: reached}
