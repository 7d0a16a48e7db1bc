"""Facts and people: what the bot may say about the unit."""

from bot.knowledge.loader import knowledge_files, load_folder
from bot.knowledge.models import Fact, Knowledge, Missing, Person, Place, Role, Unit
from bot.knowledge.store import KnowledgeStore

__all__ = [
    "Fact",
    "Knowledge",
    "KnowledgeStore",
    "Missing",
    "Person",
    "Place",
    "Role",
    "Unit",
    "knowledge_files",
    "load_folder",
]
