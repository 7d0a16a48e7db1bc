"""The bot's own phrases, for the places that answer without a model."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.settings import ROOT


def phrase(name: str, domain: Path = ROOT / "domain.yml") -> str:
    """Return the text of one utterance of domain.yml."""
    with domain.open(encoding="utf-8") as file:
        responses = yaml.safe_load(file)["responses"]
    return str(responses[name][0]["text"])
