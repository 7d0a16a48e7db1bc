"""Hand facts and a model to all hosts through PostgreSQL: each takes up both at one moment."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.database import Database, Statement
from bot.errors import StoreError
from bot.knowledge import knowledge_files, load_folder
from bot.knowledge.store import version_of
from bot.staff_files import content_of

# A model is content of its own: most publications only change facts.
SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS models (digest TEXT PRIMARY KEY, content BYTEA NOT NULL);
    CREATE TABLE IF NOT EXISTS publications (
        id {number}, published DOUBLE PRECISION NOT NULL, facts TEXT NOT NULL,
        model TEXT NOT NULL REFERENCES models (digest)
    );
"""
_LATEST: Final = "SELECT id, model, published FROM publications ORDER BY id DESC LIMIT 1"
_FACTS: Final = "SELECT facts FROM publications WHERE id = ?"
_MODEL: Final = "SELECT content FROM models WHERE digest = ?"
_HAS_MODEL: Final = "SELECT 1 FROM models WHERE digest = ?"
_ADD_MODEL: Final = "INSERT INTO models (digest, content) VALUES (?, ?) ON CONFLICT DO NOTHING"
# Later than the one before, whatever the clock of a host says.
_ADD: Final = """
    INSERT INTO publications (published, facts, model)
    SELECT greatest(?, (SELECT max(published) + 0.001 FROM publications)), ?, ?
"""
# What nobody takes up any more.
_OLD: Final = "DELETE FROM publications WHERE id <= (SELECT max(id) FROM publications) - ?"
_UNUSED: Final = "DELETE FROM models WHERE digest NOT IN (SELECT model FROM publications)"
_KEPT: Final = 10
_KEPT_HERE: Final = 5
_HALF: Final = "new-"
_SECONDS_TO_COPY: Final = 3600.0
_MICROSECONDS: Final = 1_000_000
_FACTS_FOLDER: Final = "knowledge"
_MODEL_FILE: Final = "bot.tar.gz"


@dataclass(frozen=True)
class Publication:
    """Facts and a model that belong together, as files of this host.

    Its number is when it was published, which a database that is made anew does not repeat.
    """

    number: int
    knowledge: Path
    model: Path


class Publisher:
    """What has been published, and where this host keeps its copies."""

    def __init__(self, database: Database, folder: Path) -> None:
        """Take a database with `SCHEMA`, and a folder of this host."""
        self._database = database
        self._folder = folder

    async def publish(self, knowledge: Path, model: Path) -> str:
        """Publish facts and model; return what they are known by.

        Raises:
            KnowledgeError: the facts are not whole; nothing is published.
            StoreError: the database does not answer.

        """
        load_folder(knowledge)
        facts = {path.name: content_of(path).decode() for path in knowledge_files(knowledge)}
        content = model.read_bytes()
        digest = version_of(content)
        statements = [Statement(_ADD, (time.time(), json.dumps(facts), digest))]
        if not await self._database.row(_HAS_MODEL, digest):
            statements.insert(0, Statement(_ADD_MODEL, (digest, content)))
        statements += [Statement(_OLD, (_KEPT,)), Statement(_UNUSED)]
        await self._database.commit(*statements)
        texts = (facts[name].encode() for name in sorted(facts))
        return f"fakta {version_of(*texts)}, modell {digest}"

    async def latest(self) -> Publication | None:
        """Return what was published last, copied to this host; None if nothing was.

        Raises:
            StoreError: the database does not answer.

        """
        found = await self._database.row(_LATEST)
        if not found:
            return None
        number, digest, published = found
        here = self._at(int(_MICROSECONDS * published))
        if not here.model.exists():
            await self._fetch(number, digest, here)
        return here

    def here(self) -> Publication | None:
        """Return the latest of which this host has a copy."""
        numbers = self._numbers()
        return self._at(numbers[-1]) if numbers else None

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()

    def _at(self, number: int) -> Publication:
        folder = self._folder / str(number)
        return Publication(number, folder / _FACTS_FOLDER, folder / _MODEL_FILE)

    def _numbers(self) -> list[int]:
        folders = self._folder.iterdir() if self._folder.is_dir() else ()
        return sorted(int(folder.name) for folder in folders if folder.name.isdecimal())

    async def _fetch(self, number: int, digest: str, here: Publication) -> None:
        """Copy a publication here, whole or not at all; other processes may do the same."""
        ((facts,),) = await self._database.rows(_FACTS, number)
        ((content,),) = await self._database.rows(_MODEL, digest)
        try:
            self._keep(json.loads(facts), content, here)
        except OSError as error:
            told = f"Det publicerade går inte att spara i {self._folder} ({error.strerror}). "
            raise StoreError(told + "Se BOT_DATA_DIR.") from error
        self._tidy(here)

    def _keep(self, facts: dict[str, str], content: bytes, here: Publication) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_HALF, dir=self._folder) as half:
            made = Path(half) / str(here.number)
            (made / _FACTS_FOLDER).mkdir(parents=True)
            for name, text in facts.items():
                (made / _FACTS_FOLDER / Path(name).name).write_text(text, encoding="utf-8")
            (made / _MODEL_FILE).write_bytes(content)
            with contextlib.suppress(OSError):  # Another process was first.
                made.rename(self._folder / made.name)

    def _tidy(self, here: Publication) -> None:
        """Delete the copies of before, and what a process that was killed has left."""
        old = [self._folder / str(number) for number in self._numbers()[:-_KEPT_HERE]]
        kept = here.knowledge.parent
        left = [one for one in self._folder.glob(f"{_HALF}*") if _age(one) > _SECONDS_TO_COPY]
        for folder in [*old, *left]:
            if folder != kept:
                shutil.rmtree(folder, ignore_errors=True)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
