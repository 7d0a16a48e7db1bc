"""Find staff, and names of strangers, in a message."""

from __future__ import annotations

from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.facts import current
from bot.knowledge import Knowledge
from bot.language.languages import SWEDISH, language_of
from bot.nlu.names import Mention, NameIndex
from bot.nlu.tokens import WORD

PERSON: Final = "person"
OTHER_PERSON: Final = "other_person"
# Key of a stranger's entity: ids of our people with the same first or last name.
NAMESAKES: Final = "namesakes"
# Key of the same: whether the name is one of ours, of somebody who works elsewhere.
ELSEWHERE: Final = "elsewhere"
_FILE: Final = "ordinary_words.txt"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NameFinder(GraphComponent, EntityExtractorMixin):
    """Marks people of the unit as `person` (value: id) and others as `other_person`.

    Who works here is read from the knowledge files of the moment, so a new colleague
    is found without training. Training only learns which words are everyday language:
    those of the examples that are not marked as names.
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource, ordinary: set[str]) -> None:
        """Keep the everyday words; the knowledge brings the index of names."""
        self._storage = model_storage
        self._resource = resource
        self._ordinary = ordinary
        self._indexed: Knowledge | None = None
        self._index = NameIndex({})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NameFinder:
        """Create an untrained component, as Rasa asks for it."""
        return cls(model_storage, resource, set())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NameFinder:
        """Load what `train` kept."""
        with model_storage.read_from(resource) as folder:
            words = (folder / _FILE).read_text(encoding="utf-8").split("\n")
        return cls(model_storage, resource, set(words))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the everyday words of the examples."""
        self._ordinary |= ordinary_words(training_data)
        with self._storage.write_to(self._resource) as folder:
            text = "\n".join(sorted(self._ordinary))
            (folder / _FILE).write_text(text, encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the people that each message names to its entities."""
        for message in messages:
            text = message.get(TEXT)
            if text and not message.get(ENTITIES):
                found = self.add_extractor_name(self.names(text))
                message.set(ENTITIES, found, add_to_output=True)
        return messages

    def names(self, text: str) -> list[dict[str, Any]]:
        """Return the people that a text names, as entities: ours, then strangers."""
        knowledge = current()
        if knowledge is not self._indexed:
            self._index = knowledge.names.beside(self._ordinary)
            self._indexed = knowledge
        return names_in(text, self._index)


def names_in(text: str, index: NameIndex) -> list[dict[str, Any]]:
    """Return the people of an index that a text names, as entities: ours, then strangers."""
    mentions = index.everybody(text)
    people = [_entity(PERSON, person, mention) for mention in mentions for person in mention.people]
    strangers = [_stranger(text, one, index) for one in mentions if not one.people]
    if language_of(text) in (None, SWEDISH):
        return people + strangers
    # Words of another language are as unknown as names: a namesake tells, or two capitals.
    return people + [one for one in strangers if one[NAMESAKES] or _has_two_capitals(one["value"])]


def _has_two_capitals(name: str) -> bool:
    words = name.split()
    return len(words) > 1 and all(word[:1].isupper() for word in words)


def _stranger(text: str, mention: Mention, index: NameIndex) -> dict[str, Any]:
    name = text[mention.start : mention.end]
    return {
        **_entity(OTHER_PERSON, name, mention),
        NAMESAKES: index.sharing_a_name(name),
        ELSEWHERE: mention.elsewhere,
    }


def ordinary_words(training_data: TrainingData) -> set[str]:
    """Return which words of the examples are everyday language, not names."""
    return {word for message in training_data.nlu_examples for word in _ordinary_words(message)}


def _ordinary_words(message: Message) -> set[str]:
    """The words outside of marked names, where a capital only begins a sentence."""
    text: str = message.get(TEXT) or ""
    for entity in sorted(message.get(ENTITIES) or [], key=lambda e: -e["start"]):
        if entity["entity"] in (PERSON, OTHER_PERSON):
            text = text[: entity["start"]] + " " + text[entity["end"] :]
    words = WORD.findall(text)
    return {word.casefold() for word in words[:1]} | {w for w in words if w == w.casefold()}


def _entity(kind: str, value: str, mention: Mention) -> dict[str, Any]:
    return {
        "entity": kind,
        "value": value,
        "start": mention.start,
        "end": mention.end,
        "confidence": 1.0,
    }
