"""The intent classifier, which also learns what turns of a conversation mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.claim_model import ClaimModel, read_examples
from bot.dialogue.context import of_conversation, of_message
from bot.dialogue.conversations import Turn, read_turns
from bot.dialogue.matter_model import PAGE, MatterModel, read_matters
from bot.dialogue.part_model import PartModel, read_marked
from bot.dialogue.subject_model import SubjectModel
from bot.dialogue.turn_encoder import TUNED, TurnEncoder
from bot.dialogue.turn_files import claim_file, conversation_files, matter_file, parts_file
from bot.dialogue.turn_model import TurnModel
from bot.facts import current
from bot.language.cleaning import clean
from bot.nlu.encoder import encode_all
from bot.nlu.intent_classifier import SwedishIntentClassifier
from bot.nlu.judge import Judge, Question, spread, without_names
from bot.nlu.models import Models
from bot.nlu.name_finder import names_in, ordinary_words
from bot.nlu.parts import Part
from bot.nlu.tuned import whole_file
from bot.settings import settings

# The key under which a question's margins are passed on, one an intent.
MARGINS: Final = "margins"
# That of how near the intent is, with the meaning of the sentence where that was asked.
MARGIN: Final = "margin"
# Where the turn model stands among what the classifier has learned.
TURNS: Final = "turns"
# The same of the claim model.
CLAIMS: Final = "claims"
# The same of what finds the words that name what is asked about.
SUBJECTS: Final = "subjects.npz"
# The same of what tells whose matter a message is.
MATTERS: Final = "matters"
# That of what finds the parts of a message.
_PARTS: Final = "parts.npz"
# From how many words on a message that asks one thing shows what does not divide it.
_DIVISIBLE: Final = 8
_NUMERALS: Final = Path(__file__).with_name("numerals.yml")
_DIGITS: Final = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TurnReader(SwedishIntentClassifier):
    """Passes on how near every intent is, and learns turns from annotated conversations.

    What a turn means depends on the conversation, which components of the pipeline do not see:
    the policy reads the turn model that is learned here.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings; `learned_from` tells apart what was learned beside examples."""
        return {
            **SwedishIntentClassifier.get_default_config(),
            "learned_from": "",
            # So many examples of an intent show what is the page's matter, or the chat's.
            "page_per_intent": 40,
            # So many show whose matter it is else.
            "no_page_per_intent": 300,
        }

    def __init__(self, *args: Any, parts: PartModel | None = None, **kwargs: Any) -> None:
        """Keep what finds the parts of a message; without it, every message is one."""
        super().__init__(*args, **kwargs)
        self._parts = parts

    @classmethod
    def learned(cls, folder: Path) -> dict[str, Any]:
        """Return what was learned beside the intents."""
        path = folder / _PARTS
        return {"parts": PartModel.load(path)} if path.is_file() else {}

    def parts(self, text: str) -> list[Part]:
        """Return the parts of a message that each ask something."""
        return self._parts.parts(text) if self._parts else []

    def save(self, models: Models, training_data: TrainingData, folder: Path) -> None:
        """Write the models of the intents, and that of the turns if there are conversations."""
        super().save(models, training_data, folder)
        self._save_claims(training_data, folder)
        turns = list(_turns())
        if not turns:
            return
        parts = _learned_parts(turns)
        parts.save(folder / _PARTS)
        turns += [part for turn in turns for part in _in_parts(turn, parts)]
        judge = Judge(models, None, self._config)
        tables, synonyms = _tables(training_data), training_data.entity_synonyms
        texts = [clean(turn.text) for turn in turns]
        messages = _messages(texts, training_data)
        found = [list(_entities(message, tables, synonyms)) for message in messages]
        masked = [without_names(text, ents) for text, ents in zip(texts, found, strict=True)]
        contexts = [
            {**of_conversation(turn.before), **of_message(text, ents)}
            for turn, text, ents in zip(turns, texts, found, strict=True)
        ]
        margins = np.array([list(judge.margins(text).values()) for text in masked], np.float32)
        model = TurnModel.train(turns, masked, contexts, margins)
        model.save(folder / TURNS)
        self._save_matters(model, judge, training_data, folder)
        marked = [(turn.text, turn.subjects) for turn in turns if turn.subjects is not None]
        if any(subjects for _, subjects in marked):
            SubjectModel.train(marked).save(folder / SUBJECTS)
        TurnEncoder.of_this_process()  # Its file is written now, for a container may only read it.

    def _save_claims(self, training_data: TrainingData, folder: Path) -> None:
        path = claim_file()
        if path.exists():
            texts = (
                (str(one.get(TEXT)), str(one.get(INTENT))) for one in training_data.intent_examples
            )
            numerals = yaml.safe_load(_NUMERALS.read_text(encoding="utf-8"))
            examples = list(read_examples(path))
            ClaimModel.train(examples, current(), texts, numerals).save(folder / CLAIMS)

    def _save_matters(
        self, model: TurnModel, judge: Judge, training_data: TrainingData, folder: Path
    ) -> None:
        """Write what tells whose matter a message is, if there are examples."""
        path = matter_file()
        if not path.exists():
            return
        texts, matters = zip(*read_matters(path), *self._of_intents(training_data), strict=True)
        messages = _messages([clean(text) for text in texts], training_data)
        masked = [without_names(one.get(TEXT), one.get(ENTITIES)) for one in messages]
        margins = np.array([list(judge.margins(text).values()) for text in masked], np.float32)
        vectors = None
        if TurnEncoder.of_this_process():
            weights = whole_file(TUNED)
            found = encode_all(masked, settings().data_dir / f"{weights.stem}.npz", weights)
            vectors = [found[text] for text in masked]
        examples = list(zip(masked, matters, strict=True))
        MatterModel.train(model.features, examples, margins, vectors).save(folder / MATTERS)

    def _of_intents(self, training_data: TrainingData) -> Iterator[tuple[str, str]]:
        """Yield some examples of each intent with whose matter it is, if that tells it."""
        of_intent: dict[str, list[str]] = {}
        for one in training_data.intent_examples:
            of_intent.setdefault(str(one.get(INTENT)), []).append(str(one.get(TEXT)))
        for intent, texts in of_intent.items():
            whose = self._config["no_page"].get(intent)
            most = self._config["no_page_per_intent" if whose else "page_per_intent"]
            if intent not in self._config["outside"]:
                for text in spread(texts, int(most)):
                    yield text, whose or PAGE

    def details(self, masked: str, question: Question) -> dict[str, Any]:
        """Return the margins of the intents for a question, in the order of the labels."""
        assert self._judge, "the classifier has not been trained"
        margins = self._judge.margins(masked)
        return {
            MARGINS: [round(margin, _DIGITS) for margin in margins.values()],
            MARGIN: round(question.margin, _DIGITS),
        }


def _turns() -> Iterator[Turn]:
    for path in conversation_files():
        yield from read_turns(path)


def _learned_parts(turns: Sequence[Turn]) -> PartModel:
    """Learn where parts are: of what is marked, then of how many things a message asks."""
    own = [turn for turn in turns if not turn.is_alone]
    several = [(turn.text, len(turn.asking)) for turn in own if _asks_several(turn)]
    one = [(turn.text, 1) for turn in own if len(turn.asks) == len(turn.asking) == 1]
    long = [(text, count) for text, count in one if len(text.split()) >= _DIVISIBLE]
    marked: list[tuple[str, Sequence[str]]] = [
        (turn.text, turn.asked) for turn in own if turn.asked
    ]
    if (path := parts_file()).exists():
        marked += read_marked(path)
    return PartModel.train(marked, [*several, *spread(long, 4 * len(several))])


def _asks_several(turn: Turn) -> bool:
    return len(turn.asking) > 1 and not (turn.asked or turn.is_alone)


def _in_parts(turn: Turn, parts: PartModel) -> Iterator[Turn]:
    """Yield what a turn asks as turns of one thing each, where it asks several."""
    if len(turn.asked) > 1:
        yield from turn.in_parts(turn.asked)
    elif _asks_several(turn):
        text = clean(turn.text)
        yield from turn.in_parts([text[a:b] for a, b, _ in parts.parts(text, len(turn.asking))])


def _messages(texts: Sequence[str], training_data: TrainingData) -> Iterator[Message]:
    """Yield clean texts as messages with the people that they name."""
    index = current().names.beside(ordinary_words(training_data))
    for text in texts:
        yield Message({TEXT: text, ENTITIES: names_in(text, index)})


def _entities(
    message: Message, tables: Sequence[tuple[str, re.Pattern[str]]], synonyms: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield people, and words of the lookup tables as the pipeline finds them."""
    yield from message.get(ENTITIES)
    for kind, pattern in tables:
        for match in pattern.finditer(message.get(TEXT)):
            value = synonyms.get(match[0], synonyms.get(match[0].lower(), match[0]))
            yield {"entity": kind, "value": value, "start": match.start(), "end": match.end()}


def _tables(training_data: TrainingData) -> list[tuple[str, re.Pattern[str]]]:
    """Return what finds the words of each lookup table, the longest first."""
    found = []
    for table in training_data.lookup_tables:
        words = "|".join(map(re.escape, sorted(table["elements"], key=len, reverse=True)))
        found.append((str(table["name"]), re.compile(rf"\b(?:{words})\b", re.IGNORECASE)))
    return found
