"""The bot's own phrases, for the places that answer without a model."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.settings import settings


def phrase(name: str, domain: Path | None = None) -> str:
    """Return the text of one utterance of the unit's domain.yml."""
    domain = domain or settings().unit_dir / "domain.yml"
    with domain.open(encoding="utf-8") as file:
        responses = yaml.safe_load(file)["responses"]
    return str(responses[name][0]["text"])
