"""Tell what a visitor asks for, and when to admit that it is unclear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
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

from bot.language.languages import LANGUAGE, UNDERSTOOD, language_of
from bot.nlu.danger import DANGER
from bot.nlu.danger_finder import DANGER_FOUND
from bot.nlu.encoder import encode_all, load_encoder, shared_encoder
from bot.nlu.judge import (
    FOREIGN,
    NONSENSE,
    OUTSIDE,
    Judge,
    Question,
    spread,
    within,
    without_names,
)
from bot.nlu.models import Models
from bot.nlu.name_finder import OTHER_PERSON, PERSON
from bot.nlu.parts import ASKED, PART, Part, after_opening, sentences
from bot.settings import settings

_ENGLISH: Final = "english"
_ASKS: Final = "?"
_NAMES: Final = (PERSON, OTHER_PERSON, "role")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SwedishIntentClassifier(GraphComponent, IntentClassifier):
    """Linear models over words, characters and meaning, names masked.

    Words and characters answer when they are sure; otherwise the meaning of the sentence
    counts too. The intent is `nlu_fallback` when the message seems to be about the unit but
    no intent is near enough, and `oos` when it seems to be about something else; the
    ranking keeps what it would have been. Of a message that asks several things, `part` is the
    text of the first, to which intent and entities belong; the others are in `further`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings and what they are when config.yml says nothing."""
        return {
            # Margins of words and characters from which the encoder is not asked: of the
            # best intent, of its lead over the second, and of inside against outside.
            "sure_margin": -0.55,
            "sure_lead": 0.06,
            "sure_inside": 0.0,
            # Lowest margins, of the best intent and of inside, for an answer. A higher
            # one is asked of meaning that words and characters do not agree with.
            "answer_margin": -0.4,
            "alone_margin": -0.2,
            "answer_inside": 0.1,
            # From this margin on, less than being inside for certain is enough.
            "clear_margin": 0.5,
            # Lowest margins for asking back.
            "ask_margin": -0.5,
            # The same where what lies outside is nearer still.
            "ask_instead_margin": -0.2,
            "ask_inside": -0.3,
            # Lowest margin of a sentence that tells by itself what a message asks.
            "part_margin": 0.0,
            # Lowest margin of an intent of `not_lightly`; below it, the message lies outside.
            "light_margin": -0.3,
            # Unless it leads what lies outside by this much.
            "light_lead": 0.3,
            # Intents that lie outside what the bot can answer.
            "outside": [OUTSIDE, NONSENSE, FOREIGN],
            # The intents that stand for what a message speaks of beside what it asks; where the
            # message is English, with _english after them.
            "care": {},
            # The intent of a line of help after the answer, where that is not certain.
            "line_of_help": "",
            # Intents that state no fact about the unit: no harm if they are wrong.
            "harmless": [],
            # Those of them that would puzzle in reply to something else.
            "not_lightly": [],
            # Intents that are set aside when another part of the message asks something.
            "aside": [],
            # Those of them that are never one of several questions.
            "openers": [],
            # How many examples of an intent get a vector, evenly spread.
            "vectors_per_intent": 250,
            "vectors_outside": 2000,
            # Intents that are no matter of the page's, beside those that lie outside, and whose.
            "no_page": {},
            # From this margin on, what asks nothing is overruled by what surely asks alone:
            # "tack för att ni finns" thanks.
            "aside_margin": 0.6,
            # Whether to use the encoder at all.
            "encoder": True,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        models: Models | None = None,
    ) -> None:
        """Keep the models, which an untrained component lacks."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._judge: Judge | None = None
        if models:
            encoder = shared_encoder() if models.knows_meaning else None
            self._judge = Judge(models, encoder, self._config)

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
            models, learned = Models.load(folder), cls.learned(folder)
        return cls(config, model_storage, resource, models, **learned)

    @classmethod
    def learned(cls, folder: Path) -> dict[str, Any]:
        """Return what else was learned, as arguments; nothing here."""
        return {}

    def parts(self, text: str) -> list[Part]:
        """Return where the parts are that each ask something, if that was learned."""
        return []

    def train(self, training_data: TrainingData) -> Resource:
        """Train the models on the examples."""
        examples = training_data.intent_examples
        masked = [
            without_names(message.get(TEXT), message.get(ENTITIES) or []) for message in examples
        ]
        labels = [str(message.get(INTENT)) for message in examples]
        outside = [label in self._config["outside"] for label in labels]
        models = Models.train(masked, labels, outside, self._vectors(masked, labels))
        with self._storage.write_to(self._resource) as folder:
            self.save(models, training_data, Path(folder))
        return self._resource

    def save(self, models: Models, training_data: TrainingData, folder: Path) -> None:
        """Write what was learned of the examples."""
        models.save(folder)

    def details(self, masked: str, question: Question) -> dict[str, Any]:
        """Return what else of a question is passed on; nothing here."""
        return {}

    def _vectors(
        self, masked: Sequence[str], labels: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of some examples of each intent, none without an encoder."""
        if not self._config["encoder"] or load_encoder() is None:
            return {}
        of_label: dict[str, list[str]] = {label: [] for label in labels}
        for text, label in zip(masked, labels, strict=True):
            of_label[label].append(text)
        chosen = [
            text for label, texts in of_label.items() for text in spread(texts, self._most(label))
        ]
        return encode_all(chosen, settings().data_dir / "vectors.npz")

    def _most(self, label: str) -> int:
        is_outside = label in self._config["outside"]
        return int(self._config["vectors_outside" if is_outside else "vectors_per_intent"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent, its confidence, the ranking and further questions."""
        for message in messages:
            if message.get(TEXT) is not None and not message.get(INTENT):
                self._classify(message)
        return messages

    def margins(self, text: str, entities: list[dict[str, Any]]) -> dict[str, float]:
        """Return how far inside each intent a text lies, by words and characters alone."""
        assert self._judge, "the classifier has not been trained"
        return self._judge.margins(without_names(text, entities))

    def _classify(self, message: Message) -> None:
        text, entities = message.get(TEXT), message.get(ENTITIES) or []
        language = language_of(text)
        message.set(LANGUAGE, language, add_to_output=True)
        parts = _with_names(_long_enough(text, self.parts(text)), entities)
        first, *further = self._questions(text, entities, parts, message.get(DANGER_FOUND))
        if further:
            own = within(entities, first.start, first.end)
            message.set(ENTITIES, own, add_to_output=True)
            message.set(PART, text[first.start : first.end], add_to_output=True)
        elif len(parts) == 1:
            message.set(ASKED, text[parts[0].start : parts[0].end], add_to_output=True)
        for name, value in self._parsed(text, entities, first).items():
            message.set(name, value, add_to_output=True)
        further_questions = [
            {**self._further(text, entities, one), LANGUAGE: language} for one in further
        ]
        if first.intent in self._config["care"].values():
            further_questions = [{**one, "beside_care": True} for one in further_questions]
        message.set("further", further_questions, True)

    def _questions(
        self,
        text: str,
        entities: list[dict[str, Any]],
        parts: list[Part],
        danger: dict[str, Any] | None,
    ) -> list[Question]:
        """Return what the text asks, in order: always at least one question.

        Danger is answered alone; distress and worry come before what else is asked; what is
        not certain gets a line of help after the answer.
        """
        assert self._judge, "the classifier has not been trained"
        if danger and danger["is_certain"]:
            care = self._care(text, self._config["care"][danger["label"]], danger)
            if danger["label"] == DANGER:
                return [care]
            asked = self._asked(text, entities, parts)
            return [care, *(q for q in asked if q.intent not in self._config["aside"])]
        asked = self._asked(text, entities, parts)
        if not danger or not self._config["line_of_help"]:
            return asked
        return [*asked, self._care(text, self._config["line_of_help"], danger)]

    def _care(self, text: str, intent: str, danger: dict[str, Any]) -> Question:
        name = f"{intent}_{_ENGLISH}" if danger["is_english"] else intent
        return Question(0, len(text), name, danger["score"], ((name, 1.0),))

    def _asked(
        self, text: str, entities: list[dict[str, Any]], parts: list[Part]
    ) -> list[Question]:
        """Return what the text asks beside any danger, if its language is understood."""
        assert self._judge
        whole = self._judge(text, entities, 0, len(text))
        if language_of(text) not in (None, *UNDERSTOOD):
            return [replace(whole, intent=FOREIGN)]
        judged = [(one, self._judge(text, entities, one.start, one.end)) for one in parts]
        asking = [question for part, question in judged if self._is_asked(part, question)]
        if len(asking) > 1:
            return asking
        is_aside = whole.intent in self._config["aside"]
        is_sure = is_aside and whole.margin >= self._config["aside_margin"]
        places = [(one.start, one.end) for one in parts if one.is_sure or not is_sure]
        if not is_sure:
            rest = after_opening(text) if is_aside else None
            places += [*sentences(text), *([rest] if rest else [])]
        sentences_alone = [self._judge(text, entities, *one) for one in dict.fromkeys(places)]
        said = [q for q in sentences_alone if q.intent not in self._config["aside"]]
        clear = [q for q in said if q.margin >= self._config["part_margin"]]
        if not (clear or is_sure):
            clear = said[:1]
        asked = clear if is_aside and clear else [whole, *clear]
        return [max(asked, key=lambda question: question.margin)]

    def _is_asked(self, part: Part, question: Question) -> bool:
        """Tell whether a part is one of several questions; what is only told is often unclear."""
        if question.intent in self._config["openers"]:
            return False
        beside = (*self._config["aside"], *self._config["no_page"])
        return part.is_sure or question.intent not in beside

    def _parsed(
        self, text: str, entities: list[dict[str, Any]], question: Question
    ) -> dict[str, Any]:
        ranking = [{"name": name, "confidence": share} for name, share in question.ranking]
        chosen = next((entry for entry in ranking if entry["name"] == question.intent), None)
        if chosen is None:
            chosen = {"name": question.intent, "confidence": 1.0 - question.ranking[0][1]}
            ranking.insert(0, chosen)
        start, end = question.start, question.end
        masked = without_names(text[start:end], within(entities, start, end))
        return {INTENT: chosen, "intent_ranking": ranking, **self.details(masked, question)}

    def _further(
        self, text: str, entities: list[dict[str, Any]], question: Question
    ) -> dict[str, Any]:
        return {
            TEXT: text[question.start : question.end],
            ENTITIES: within(entities, question.start, question.end),
            **self._parsed(text, entities, question),
            "is_part": True,
        }


def _long_enough(text: str, parts: list[Part]) -> list[Part]:
    """Return the parts of more than a word, or of one that asks: "numret? mejlen?"."""
    return [
        one
        for one in parts
        if len(text[one.start : one.end].split()) > 1 or _ASKS in text[one.start : one.end]
    ]


def _with_names(parts: list[Part], entities: list[dict[str, Any]]) -> list[Part]:
    """Return the parts, the first from whoever is named before it: "Anna, vad gör hon?"."""
    if not parts:
        return parts
    (start, end, is_sure), *others = parts
    named = (e["start"] for e in entities if e["entity"] in _NAMES and e["end"] <= start)
    return [Part(min(named, default=start), end, is_sure), *others]
