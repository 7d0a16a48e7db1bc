"""Find staff, and names of strangers, in a message."""

from __future__ import annotations

import re
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
from bot.nlu.names import WORD, NameIndex, is_first_name

PERSON: Final = "person"
OTHER_PERSON: Final = "other_person"
# Key of a stranger's entity: ids of our people with the same first or last name.
NAMESAKES: Final = "namesakes"
_FILE: Final = "ordinary_words.txt"
_CAPITALISED_BEFORE: Final = re.compile(r"[A-ZÅÄÖ][^\W\d_]+ $")
# Whoever follows is the visitor.
_INTRODUCES: Final = re.compile(
    r"\b(?:jag heter|mitt namn är|mvh|hälsningar|hälsar)\W+$", re.IGNORECASE
)
_GAP_IN_A_NAME: Final = re.compile(r"[ \-‐‑–]")


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
        for message in training_data.nlu_examples:
            self._ordinary |= _ordinary_words(message)
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
        """Return the people that a text names, as entities."""
        knowledge = current()
        if knowledge is not self._indexed:
            self._index = knowledge.names.beside(self._ordinary)
            self._indexed = knowledge
        mentions = [
            mention
            for mention in self._index.find(text)
            if not _INTRODUCES.search(text[: mention.start])
        ]
        people = [
            _entity(PERSON, person, mention.start, mention.end)
            for mention in mentions
            for person in mention.people
        ]
        taken = [(mention.start, mention.end) for mention in mentions]
        strangers = [
            {
                **_entity(OTHER_PERSON, text[start:end], start, end),
                NAMESAKES: self._index.sharing_a_name(text[start:end]),
            }
            for start, end in self._strangers(text, taken)
        ]
        return people + strangers

    def _strangers(self, text: str, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return where two or more unknown words, or a capitalised one, look like a name."""
        spans: list[list[int]] = []
        for found in WORD.finditer(text):
            start, end = found.span()
            if any(a <= start < b for a, b in taken):
                continue
            goes_on = bool(spans) and bool(_GAP_IN_A_NAME.fullmatch(text[spans[-1][1] : start]))
            word, inside = found.group(), bool(WORD.search(text[:start]))
            is_name = is_first_name(word, inside) or (
                goes_on and (word.istitle() or self._index.is_exact(word))
            )
            if self._is_ordinary(word) and not is_name:
                continue
            if goes_on:
                spans[-1][1] = end
            else:
                spans.append([start, end])
        ends = [0, *(end for _, end in taken)]
        whole = [
            (_with_first_name(text, start, max(e for e in ends if e <= start)), end)
            for start, end in spans
        ]
        return [
            (start, end)
            for start, end in whole
            if _looks_like_a_name(text, start, end) and not _INTRODUCES.search(text[:start])
        ]

    def _is_ordinary(self, word: str) -> bool:
        lower = word.casefold()
        return lower in self._ordinary or lower.rstrip("s") in self._ordinary


def _ordinary_words(message: Message) -> set[str]:
    """The words outside of marked names, where a capital only begins a sentence."""
    text: str = message.get(TEXT) or ""
    for entity in sorted(message.get(ENTITIES) or [], key=lambda e: -e["start"]):
        if entity["entity"] in (PERSON, OTHER_PERSON):
            text = text[: entity["start"]] + " " + text[entity["end"] :]
    words = WORD.findall(text)
    return {word.casefold() for word in words[:1]} | {w for w in words if w == w.casefold()}


def _with_first_name(text: str, start: int, free: int) -> int:
    """Return where a name begins that is known from its surname: "Peter" in "Peter Ek".

    What comes before `free` is another's.
    """
    before = _CAPITALISED_BEFORE.search(text[:start], free)
    capitalised = text[start : start + 1].isupper()
    return before.start() if before and before.start() and capitalised else start


def _looks_like_a_name(text: str, start: int, end: int) -> bool:
    words = WORD.findall(text[start:end])
    inside = bool(WORD.search(text[:start]))
    return len(words) > 1 or (inside and words[0].istitle())


def _entity(kind: str, value: str, start: int, end: int) -> dict[str, Any]:
    return {"entity": kind, "value": value, "start": start, "end": end, "confidence": 1.0}
