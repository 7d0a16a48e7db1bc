"""Measure how well questions are understood that the bot was never trained on."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rasa.core.channels.channel import UserMessage

from bot.engine import BotAgent
from bot.facts import current
from bot.nlu_files import Example, nlu_files, read

ASKED_BACK = "nlu_fallback"
_CHOICES = 3
# Where an answer points to help: nothing else is said, before or after what else is, or not.
ALONE = "alone"
FIRST = "first"
BESIDE = "beside"
NOWHERE = "nowhere"
_EMERGENCY = "emergency"
_LINE_OF_HELP = "care"
_CARING = (_EMERGENCY, "unwell", "worried", _LINE_OF_HELP)
_ENGLISH = "_english"
# Answers that state something about the unit beside facts and roles.
_CONTACTS = ("contact_all", "contact_email", "contact_person", "contact_phone", "contact_topic")


@dataclass(frozen=True)
class Understood:
    """What a text was taken for.

    Attributes:
        intents: in the order of the text's questions.
        ranking: the questions that it resembles, nearest first.
        confidence: of the first intent, 0 to 1.

    """

    intents: tuple[str, ...]
    ranking: tuple[str, ...]
    confidence: float


@dataclass
class Scores:
    """How many questions of each intent were answered right, asked back or wrong."""

    right: Counter[str] = field(default_factory=Counter)
    asked_back: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    confused: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, question: Example, understood: Understood) -> None:
        """Count one question."""
        self.total[question.intent] += 1
        if understood.intents == (question.intent,):
            self.right[question.intent] += 1
        elif understood.intents == (ASKED_BACK,) and question.intent in understood.ranking:
            self.asked_back[question.intent] += 1
        else:
            got = " + ".join(understood.intents)
            self.confused[question.intent, got].append(question.text)


def understander(agent: BotAgent) -> Callable[[str], Understood]:
    """Return a function that tells what the agent takes a text for."""
    askable = current().questions
    assert agent.processor
    parse = agent.processor.parse_message

    def understand(text: str) -> Understood:
        data = asyncio.run(parse(UserMessage(text)))
        intents = [data["intent"]["name"], *(f["intent"]["name"] for f in data.get("further", []))]
        ranking = [entry["name"] for entry in data["intent_ranking"] if entry["name"] in askable]
        return Understood(
            tuple(intents), tuple(ranking[:_CHOICES]), float(data["intent"]["confidence"])
        )

    return understand


def score(questions: Iterable[Example], understand: Callable[[str], Understood]) -> Scores:
    """Score questions whose intent is known."""
    scores = Scores()
    for question in questions:
        scores.add(question, understand(question.text))
    return scores


def held_out(folder: Path) -> list[Example]:
    """Read the test questions."""
    return [example for path in nlu_files(folder) for example in read(path)]


def helps(intents: Sequence[str]) -> str:
    """Return where the answers to a message point to help: alone, first, beside or nowhere."""
    care = {name.removesuffix(_ENGLISH) for name in intents} & set(_CARING)
    if _EMERGENCY in care:
        return ALONE
    if care == {_LINE_OF_HELP}:
        return BESIDE
    return FIRST if care else NOWHERE


def states_something(intent: str) -> bool:
    """Tell whether the answer to an intent states something about the unit."""
    return intent in current().intents or intent in _CONTACTS
