"""Facts and people: what the bot may say about the unit."""

from bot.knowledge.english import in_english, is_in_english
from bot.knowledge.loader import knowledge_files, load_folder
from bot.knowledge.models import (
    FACETS,
    Aspects,
    Claim,
    Fact,
    Knowledge,
    Missing,
    Person,
    Place,
    Role,
    Unit,
    Word,
    stems_in,
)
from bot.knowledge.store import KnowledgeStore

__all__ = [
    "FACETS",
    "Aspects",
    "Claim",
    "Fact",
    "Knowledge",
    "KnowledgeStore",
    "Missing",
    "Person",
    "Place",
    "Role",
    "Unit",
    "Word",
    "in_english",
    "is_in_english",
    "knowledge_files",
    "load_folder",
    "stems_in",
]
