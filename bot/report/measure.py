"""Measure what the report tells: understanding, false answers, dialogues, coverage, speed."""

from __future__ import annotations

import asyncio
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from rasa.shared.core.constants import DEFAULT_INTENTS

from bot.dialogues import Verdict, hold, load_dialogues
from bot.engine.observed import ObservedAgent
from bot.evaluation import (
    ALONE,
    ASKED_BACK,
    BESIDE,
    FIRST,
    NOWHERE,
    Scores,
    Understood,
    held_out,
    helps,
    understander,
)
from bot.explanation import Explainer
from bot.knowledge import Knowledge
from bot.nlu.danger import Text, read_texts
from bot.nlu.intent_classifier import SwedishIntentClassifier
from bot.nlu.judge import OUTSIDE
from bot.nlu.linear import likeliest
from bot.nlu.name_finder import NameFinder
from bot.nlu_files import Example, nlu_files, read
from bot.report.outside import count
from bot.report.people import people
from bot.report.turns import turns
from bot.staff_files import staff_files
from bot.yaml_file import read_text

# Shows progress: takes what to go through and what to call it, yields it.
type Track[One] = Callable[[Sequence[One], str], Iterable[One]]
Results = dict[str, Any]

_DOUBTFUL: Final = 20
_WIDTHS: Final = 100


def measure(
    agent: ObservedAgent,
    unit: Path,
    knowledge: Knowledge,
    rules: Sequence[dict[str, Any]],
    outside: Path | None,
    track: Track[Any],
) -> Results:
    """Return everything that the report tells, as plain values.

    Args:
        agent: with the model.
        unit: the unit's folder.
        knowledge: the facts.
        rules: in the form of rules.yml.
        outside: a folder with texts (*.txt) about something else, if there is one.
        track: shows progress.

    """
    understand = understander(agent)
    questions = held_out(unit / "tests" / "nlu")
    understood = [understand(question.text) for question in track(questions, "Testfrågor")]
    scores = Scores()
    for question, one in zip(questions, understood, strict=True):
        scores.add(question, one)
    dialogues = load_dialogues([unit / "tests" / "dialogues"])
    verdicts = [
        verdict
        for dialogue in track(dialogues, "Dialoger")
        for verdict in asyncio.run(hold(dialogue, agent.observe))
    ]
    examples = [e for path in nlu_files(unit / "data" / "nlu") for e in read(path)]
    own = unit / "tests" / "outside"
    return {
        "examples": len(examples),
        "questions": _questions(questions, understood, scores),
        "outside": _outside(agent, questions, filter(None, (own, outside)), track),
        "danger": _danger(unit / "tests" / "danger", understand, track),
        "people": people(agent, unit / "tests" / "names", knowledge, track),
        "turns": turns(agent, unit / "tests" / "conversations", track),
        "dialogues": _dialogues(verdicts),
        "coverage": coverage(verdicts, _intents(agent), knowledge, rules),
        "doubtful": doubtful(agent, examples, track),
        "seconds": _seconds(verdicts),
    }


def _questions(
    questions: Sequence[Example], understood: Sequence[Understood], scores: Scores
) -> Results:
    total = scores.total.total()
    pairs = list(zip(questions, understood, strict=True))
    return {
        "total": total,
        "right": scores.right.total(),
        "asked_back": scores.asked_back.total(),
        "intents": [
            {
                "intent": intent,
                "total": scores.total[intent],
                "right": scores.right[intent],
                "asked_back": scores.asked_back[intent],
            }
            for intent in sorted(scores.total)
        ],
        "confused": [
            {"wanted": wanted, "got": got, "texts": texts}
            for (wanted, got), texts in sorted(
                scores.confused.items(), key=lambda item: (-len(item[1]), item[0])
            )
        ],
        "taken_for": [[question.intent, one.intents[0]] for question, one in pairs],
        "confidences": {
            name: [
                round(one.confidence, 4)
                for question, one in pairs
                if (one.intents == (question.intent,)) is is_right
            ]
            for name, is_right in (("right", True), ("wrong", False))
        },
        "wrong": [
            question.text
            for question, one in pairs
            if one.intents not in ((question.intent,), (ASKED_BACK,))
        ],
    }


def _outside(
    agent: ObservedAgent,
    questions: Sequence[Example],
    folders: Iterable[Path],
    track: Track[str],
) -> list[Results]:
    """Count what replies state of the unit where something else was asked."""
    found = [("testfrågor om annat", [one.text for one in questions if one.intent == OUTSIDE])]
    for path in (path for folder in folders for path in staff_files(folder, (".txt",))):
        found.append((path.name, [one for one in read_text(path).splitlines() if one.strip()]))
    return [{"name": name, **count(agent, track(texts, name))} for name, texts in found]


def _danger(
    folder: Path, understand: Callable[[str], Understood], track: Track[Text]
) -> list[Results]:
    """Count where the answers to texts about danger, and to harmless ones, point to help."""
    found: list[Results] = []
    for path in sorted(folder.glob("*.yml")):
        texts = list(read_texts(path))
        told = [(one.label, helps(understand(one.text).intents)) for one in track(texts, path.stem)]
        counts = Counter(told)
        for label in dict.fromkeys(one.label for one in texts):
            places = {place: counts[label, place] for place in (ALONE, FIRST, BESIDE, NOWHERE)}
            found.append(
                {"file": path.stem, "label": label, "total": sum(places.values()), **places}
            )
    return found


def _dialogues(verdicts: Sequence[Verdict]) -> Results:
    return {
        "dialogues": len({verdict.dialogue for verdict in verdicts}),
        "total": len(verdicts),
        "right": sum(not verdict.missed for verdict in verdicts),
        "failed": [str(verdict) for verdict in verdicts if verdict.failed],
        "known": [
            f"{verdict.dialogue.name}: {verdict.step.user} ({verdict.step.expected_failure})"
            for verdict in verdicts
            if verdict.missed and not verdict.failed
        ],
    }


def _intents(agent: ObservedAgent) -> list[str]:
    """Return the unit's intents, without those that Rasa adds."""
    return [name for name in agent.domain.intents if name not in DEFAULT_INTENTS]


def coverage(
    verdicts: Sequence[Verdict],
    intents: Sequence[str],
    knowledge: Knowledge,
    rules: Sequence[dict[str, Any]],
) -> list[Results]:
    """Return which intents, actions, facts and rules no dialogue touches."""
    explainer = Explainer(knowledge, rules)
    steps = [step for verdict in verdicts for step in verdict.turn.steps]
    actions = {step["action"] for rule in rules for step in rule["steps"] if "action" in step}
    kinds: tuple[tuple[str, set[str], set[str | None]], ...] = (
        ("intent", {*intents}, {step.intent for step in steps}),
        ("handlingar", actions, {name for step in steps for name in step.actions}),
        ("fakta", {*knowledge.facts}, {name for step in steps for name in explainer.facts(step)}),
        ("regler", {rule["rule"] for rule in rules}, {explainer.rule(step) for step in steps}),
    )
    return [
        {"kind": kind, "total": len(known), "untouched": sorted(known - {*filter(None, touched)})}
        for kind, known, touched in kinds
    ]


def doubtful(
    agent: ObservedAgent, examples: Sequence[Example], track: Track[Example]
) -> list[Results]:
    """Return the examples that the trained model finds nearest to another intent."""
    assert agent.processor
    classifier = agent.processor.component(SwedishIntentClassifier)
    finder = agent.processor.component(NameFinder)
    found = []
    for example in track(examples, "Exempel"):
        margins = classifier.margins(example.text, finder.names(example.text))
        own = margins.pop(example.intent, None)
        if own is not None and margins:
            other = likeliest(margins)
            found.append((own - margins[other], example, other))
    found.sort(key=lambda one: one[0])
    return [
        {
            "text": example.text,
            "intent": example.intent,
            "nearest": other,
            "lead": round(lead, 3),
            "file": example.file,
            "line": example.line,
        }
        for lead, example, other in found[:_DOUBTFUL]
    ]


def _seconds(verdicts: Sequence[Verdict]) -> Results:
    """Return the median and the 95th percentile of each step of the dialogues' turns."""
    took = [verdict.turn.seconds or {} for verdict in verdicts]
    parts = dict.fromkeys(part for one in took for part in one)
    return {
        part: {
            "p50": statistics.median(one[part] for one in took if part in one),
            "p95": statistics.quantiles(
                [one[part] for one in took if part in one], n=_WIDTHS, method="inclusive"
            )[94],
        }
        for part in parts
    }
