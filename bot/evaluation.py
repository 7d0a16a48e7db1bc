"""Measure how well questions are understood that the bot was never trained on."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rasa.core.channels.channel import UserMessage
from rich.console import Console
from rich.table import Table

from bot.check import Example, read
from bot.engine import BotAgent
from bot.facts import current

ASKED_BACK = "nlu_fallback"
_CHOICES = 3
# Answers that state something about the unit beside facts and roles.
_CONTACTS = ("contact_all", "contact_email", "contact_person", "contact_phone", "contact_topic")


@dataclass(frozen=True)
class Understood:
    """What a text was taken for: the intents in order of their questions, and the ranking."""

    intents: tuple[str, ...]
    ranking: tuple[str, ...]


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
        return Understood(tuple(intents), tuple(ranking[:_CHOICES]))

    return understand


def score(questions: Iterable[Example], understand: Callable[[str], Understood]) -> Scores:
    """Score questions whose intent is known."""
    scores = Scores()
    for question in questions:
        scores.add(question, understand(question.text))
    return scores


def held_out(folder: Path) -> list[Example]:
    """Read the test questions."""
    return [example for path in sorted(folder.glob("*.yml")) for example in read(path)]


def false_answers(texts: Iterable[str], understand: Callable[[str], Understood]) -> Iterator[str]:
    """Yield the texts, none about the unit, to which the bot states something about it."""
    return (text for text in texts if any(map(states_something, understand(text).intents)))


def states_something(intent: str) -> bool:
    """Tell whether the answer to an intent states something about the unit."""
    return intent in current().intents or intent in _CONTACTS


def print_scores(scores: Scores, console: Console) -> None:
    """Print right answers by intent, then what is confused with what."""
    table = Table("intent", "rätt", "frågade tillbaka", "fel", "av")
    for intent in sorted(scores.total):
        total, right, back = scores.total[intent], scores.right[intent], scores.asked_back[intent]
        table.add_row(
            intent, str(right), str(back or ""), str(total - right - back or ""), str(total)
        )
    console.print(table)
    for (wanted, got), texts in sorted(scores.confused.items(), key=lambda item: -len(item[1])):
        console.print(f"[bold]{wanted} → {got}[/]")
        for text in texts:
            console.print(f"    {text}", markup=False, highlight=False)
    total = scores.total.total()
    console.print(
        f"Rätt: {scores.right.total() / total:.1%} av {total} frågor. "
        f"Frågade tillbaka med rätt svar bland knapparna: {scores.asked_back.total() / total:.1%}."
    )


def print_false_answers(
    folder: Path, understand: Callable[[str], Understood], console: Console
) -> None:
    """Print the share of false answers to the texts of each .txt file of a folder."""
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        texts = [line for line in lines if line.strip()]
        wrong = list(false_answers(texts, understand))
        console.print(f"Falska svar, {path.name}: {len(wrong) / len(texts):.1%} av {len(texts)}")
