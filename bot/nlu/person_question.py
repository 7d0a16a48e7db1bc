"""Tell a question about one of our people from a question about what they work with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.facts import current
from bot.nlu.name_finder import PERSON
from bot.nlu.name_words import WordList
from bot.nlu.parts import PART
from bot.nlu.tokens import Token, tokens

_WORDS: Final = Path(__file__).with_name("person_questions.yml")
_WORDS_APART: Final = re.compile(r"\w[ -]\w")
_FURTHER: Final = "further"
_RANKING: Final = "intent_ranking"
# A question begins with so few words before the name that it is about.
_OPENING: Final = 6
# So far from a name stands what is asked of it, in its own sentence or the next.
_NEAR: Final = 12


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class PersonQuestion(GraphComponent):
    """Gives a question that names one of our people the intent that tells of them.

    Only where the classifier took it for something else that it is about no less, such as the
    fact on courses for "Brukar Bodil hålla kurser?", or found nothing that it could be.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings that config.yml may change."""
        return {
            # What is asked of people who are named.
            "intent": "contact_person",
            # The same for a way to reach them, by the value of its entity.
            "ways": {},
            # Intents beside the facts that say less than who somebody is.
            "instead_of": [],
            # Those of them that say nothing: a whole name in a question is enough there.
            "unclear": [],
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Keep the settings."""
        self._config = {**self.get_default_config(), **config}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PersonQuestion:
        """Create the component, as Rasa asks for it."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Change the intent of questions about people."""
        for message in messages:
            parsed = {INTENT: message.get(INTENT), _RANKING: message.get(_RANKING)}
            if message.get(TEXT) and message.get(INTENT):
                text = message.get(PART) or message.get(TEXT)
                self._look_at(text, message.get(ENTITIES) or [], parsed)
                message.set(INTENT, parsed[INTENT], add_to_output=True)
                message.set(_RANKING, parsed[_RANKING], add_to_output=True)
            for question in message.get(_FURTHER) or []:
                self._look_at(question["text"], question[ENTITIES], question)
        return messages

    def _look_at(self, text: str, entities: list[dict[str, Any]], parsed: dict[str, Any]) -> None:
        """Set the intent of one question to that of a question about people, if it is one."""
        taken_for = parsed[INTENT]["name"]
        if taken_for not in self._config["instead_of"] and taken_for not in current().facts:
            return
        people = [e for e in entities if e["entity"] == PERSON and "start" in e]
        is_unclear = taken_for in self._config["unclear"] and _may_ask(text)
        is_named = is_unclear and any(
            _WORDS_APART.search(text, e["start"], e["end"]) for e in people
        )
        if people and (is_named or _asks_about(tokens(text), people)):
            ways = {e["value"] for e in entities} & self._config["ways"].keys()
            name = self._config["ways"][ways.pop()] if len(ways) == 1 else self._config["intent"]
            intent = {**parsed[INTENT], "name": name}
            others = [one for one in parsed[_RANKING] or [] if one["name"] != name]
            parsed[INTENT], parsed[_RANKING] = intent, [intent, *others]


def _may_ask(text: str) -> bool:
    """Tell whether it is a question by its mark, or by a title that is asked of somebody."""
    return "?" in text or any(token.lower in _lists()["titles"] for token in tokens(text))


def _asks_about(words: list[Token], people: list[dict[str, Any]]) -> bool:
    """Tell whether the words ask about people who are named in them."""
    places = {token.start: place for place, token in enumerate(words)}
    return any(
        _is_asked_of(words, places[person["start"]]) or _is_told_of(words, places[person["start"]])
        for person in people
        if person["start"] in places
    )


def _is_asked_of(words: list[Token], place: int) -> bool:
    """Tell whether a question asks what somebody does: "Kan Örjan …", "Vad driver Malin …"."""
    before = words[place - 1] if place else None
    if before is None or not words[place].is_spaced:
        return False
    lists = _lists()
    opening = words[max(0, place - _OPENING) : place]
    begins = [number for number, token in enumerate(opening) if token.begins]
    opening = opening[begins[-1] :] if begins else []
    if before.lower in lists["asks_openly"]:
        return True
    if opening and opening[0].lower in lists["asks_openly"]:
        return True
    is_first = before.begins or "," in before.gap or len(opening) == 2
    return before.lower in lists["asks_of"] and is_first


def _is_told_of(words: list[Token], place: int) -> bool:
    """Tell whether a word shows that a name is asked about: "söker" near it, "henne" after it."""
    near = words[max(0, place - _NEAR) : place + _NEAR]
    if any(token.lower in _lists()["tells_of"] for token in near):
        return True
    return any(token.lower in _lists()["points_back"] for token in words[place:])


@cache
def _lists() -> Mapping[str, WordList]:
    lists = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return {name: WordList.of(map(str.strip, words.split(","))) for name, words in lists.items()}
