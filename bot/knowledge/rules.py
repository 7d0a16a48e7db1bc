"""The rules that say when a fact or role is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.models import Knowledge


def all_rules(unit: Path, knowledge: Knowledge) -> list[dict[str, Any]]:
    """Return the rules of the unit's rules.yml and those that follow from the knowledge."""
    text = (unit / "data" / "rules.yml").read_text(encoding="utf-8")
    return [*yaml.safe_load(text)["rules"], *rules(knowledge)]


def rules(knowledge: Knowledge) -> list[dict[str, Any]]:
    """Return the rules that follow from the knowledge, in the form of rules.yml."""
    return [
        {
            "rule": f"Svara på {intent} ur kunskapsfilerna",
            "steps": [{"intent": intent}, {"action": "action_facet"}],
        }
        for intent in knowledge.intents
    ]
