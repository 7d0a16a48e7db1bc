"""Which files turns, parts, claims and matters are learned from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot.facts import current
from bot.settings import settings
from bot.staff_files import content_of


def conversation_files() -> list[Path]:
    """Return the unit's annotated conversations, a file a writer."""
    return sorted((settings().unit_dir / "data" / "conversations").glob("*.jsonl"))


def claim_file() -> Path:
    """Return the unit's questions that put a claim."""
    return settings().unit_dir / "data" / "claims.jsonl"


def matter_file() -> Path:
    """Return the unit's messages with whose matter each is."""
    return settings().unit_dir / "data" / "matters.jsonl"


def parts_file() -> Path:
    """Return the unit's messages with the words that ask each thing."""
    return settings().unit_dir / "data" / "parts.jsonl"


def digest_of_turns() -> str:
    """Return what changes when there is something else to learn of turns and claims."""
    digest = hashlib.sha256()
    for path in (*conversation_files(), claim_file(), matter_file(), parts_file()):
        if path.exists():
            digest.update(content_of(path))
    for name, claim in current().claims.items():
        # Who the staff are decides what is true of them, and nothing of that is learned.
        truth = "" if claim.is_found_out else claim.truth
        digest.update(f"{name} {truth} {claim.says}".encode())
    return digest.hexdigest()
