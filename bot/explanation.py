"""Tell in Swedish how the bot came to an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.dialogue.memory import DECISION, MEMORY, Ask, Memory
from bot.knowledge import Knowledge
from bot.nlu.judge import ASK_BACK, NONSENSE, OUTSIDE
from bot.turns import ACTING, SAVING, UNDERSTANDING, Observed, Step

_SHOWN: Final = 4
# Whom the payload of a button is about.
_ABOUT: Final = re.compile(r'\{"person": "(\w+)"\}')
# What the bot makes of a message that it cannot place, and what that means.
_NOT_UNDERSTOOD: Final = {
    ASK_BACK: "osäker, och frågar tillbaka",
    OUTSIDE: "tycks handla om något annat",
    NONSENSE: "inga ord som går att förstå",
}
_POLAR: Final = "ja eller nej"
_PARTS: Final = {UNDERSTANDING: "förstå", ACTING: "svara", SAVING: "spara"}


class Explainer:
    """Explains turns with the facts and rules that they were answered from."""

    def __init__(self, knowledge: Knowledge, rules: Sequence[Mapping[str, Any]]) -> None:
        """Take the facts, and the rules in the form of rules.yml."""
        self._knowledge = knowledge
        self._rules = {
            rule["steps"][0]["intent"]: (rule["rule"], rule["steps"][1]["action"]) for rule in rules
        }

    def rule(self, step: Step) -> str | None:
        """Return the name of the rule that answers a step; None where none decided."""
        rule, action = self._rules.get(step.intent, ("", ""))
        return rule if action in step.actions else None

    def facts(self, step: Step) -> list[str]:
        """Return the ids of the facts and roles that a step told."""
        told = [said.answer for said in step.said if said.answer in self._knowledge.places]
        return list(dict.fromkeys(filter(None, told)))

    def lines(self, turn: Observed) -> Iterator[str]:
        """Yield the explanation of a turn, a line each."""
        for number, step in enumerate(turn.steps):
            if number:
                yield f"Går vidare med: {step.text}"
            yield from self._of_step(step)
        yield from _decided(turn.after or {})
        yield from _remembered(turn.before or {}, turn.after or {})
        if turn.seconds:
            parts = ", ".join(f"{_PARTS[part]} {_ms(took)}" for part, took in turn.seconds.items())
            yield f"Tid: {_ms(sum(turn.seconds.values()))} ms ({parts})"

    def _of_step(self, step: Step) -> Iterator[str]:
        likely = ", ".join(f"{name} {_share(sure)}" for name, sure in step.ranking[:_SHOWN])
        if why := _NOT_UNDERSTOOD.get(step.intent):
            yield f"Förstod inte: {step.intent} ({why})"
            near = [one for one in step.ranking if one[0] not in _NOT_UNDERSTOOD][:_SHOWN]
            if near:
                yield "Närmast: " + ", ".join(f"{name} {_share(sure)}" for name, sure in near)
        else:
            yield f"Förstod: {likely or step.intent}"
        for entity in step.entities:
            where = step.text[entity["start"] : entity["end"]] if "start" in entity else ""
            named = f" (”{where}”)" if where else ""
            yield f"Fann: {entity['entity']} = {entity['value']}{named}"
        if rule := self.rule(step):
            yield f"Regel: {rule} → {', '.join(step.actions)}"
        elif step.actions:
            yield f"Samtalet avgjorde → {', '.join(step.actions)}"
        for name in self.facts(step):
            place = self._knowledge.places[name]
            yield f"Ur: {name} ({place.file}, rad {place.line})"
        if phrases := dict.fromkeys(said.phrase for said in step.said if said.phrase):
            yield f"Fraser: {', '.join(map(str, phrases))} (domain.yml)"

    def as_dict(self, turn: Observed) -> dict[str, Any]:
        """Return the explanation for machines."""
        return {
            "steps": [
                {
                    "text": step.text,
                    "intent": step.intent,
                    "understood": step.intent not in _NOT_UNDERSTOOD,
                    "ranking": [
                        {"name": name, "confidence": round(sure, 4)} for name, sure in step.ranking
                    ],
                    "entities": list(step.entities),
                    "rule": self.rule(step),
                    "actions": list(step.actions),
                    "facts": [
                        {"id": name, "file": place.file, "line": place.line}
                        for name, place in (
                            (name, self._knowledge.places[name]) for name in self.facts(step)
                        )
                    ],
                    "phrases": [said.phrase for said in step.said if said.phrase],
                }
                for step in turn.steps
            ],
            "slots": {"before": turn.before, "after": turn.after},
            "seconds": {part: round(took, 6) for part, took in (turn.seconds or {}).items()},
        }


def _decided(slots: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was decided on the message, and what the conversation is about."""
    decision = slots.get(DECISION) or {}
    for asked in decision.get("asks", ()):
        ask = Ask.of_slot(asked)
        parts = [ask.act, ", ".join(ask.topics), ask.facet, _POLAR if ask.polar else None]
        yield f"Avgjort: {' · '.join(filter(None, parts))}"
    if claim := decision.get("claim"):
        yield f"Påstående: {claim} ({decision.get('truth')})"
    if topics := Memory.of_slot(slots.get(MEMORY)).topics:
        yield f"Samtalet handlar om: {', '.join(topics)}"


def _remembered(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*before, *after} - {DECISION, MEMORY}):
        was, now = before.get(name), after.get(name)
        if was == now:
            yield f"Minns: {name} = {_value(now)}"
        else:
            yield f"Minns: {name} = {_value(now)} (förut {_value(was)})"


def _value(value: Any) -> str:
    """Return a slot's value, of a long list the first ones."""
    if value in (None, []):
        return "inget"
    if not isinstance(value, list):
        return str(value)
    shown = ", ".join(_ABOUT.sub(r" \1", str(one)) for one in value[:_SHOWN])
    return shown if len(value) <= _SHOWN else f"{shown} … ({len(value)})"


def _share(sure: float) -> str:
    return f"{sure:.2f}".replace(".", ",")


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f}".replace(".", ",")
