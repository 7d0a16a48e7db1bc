"""Keep conversations in a database: of each, what the next turn needs and no more."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import sqlite3
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.errors import StoreError
from bot.settings import OWNER_ONLY

_log = logging.getLogger(__name__)

# `answers` holds what was said to messages that the client may send again; `votes` counts
# thumbs of all visitors together.
_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS conversations (
        sender TEXT PRIMARY KEY, latest REAL NOT NULL, state TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS answers (
        sender TEXT, message_id TEXT, digest TEXT NOT NULL, items TEXT NOT NULL,
        PRIMARY KEY (sender, message_id)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS votes (
        answer TEXT, vote TEXT, count INTEGER NOT NULL, PRIMARY KEY (answer, vote)
    ) WITHOUT ROWID;
"""
_READ: Final = "SELECT state FROM conversations WHERE sender = ? AND latest >= ?"
_WRITE: Final = """
    INSERT INTO conversations (sender, latest, state) VALUES (?, ?, ?)
    ON CONFLICT (sender) DO UPDATE SET latest = excluded.latest, state = excluded.state
"""
_SENDERS: Final = "SELECT sender FROM conversations"
_READ_ANSWER: Final = "SELECT digest, items FROM answers WHERE sender = ? AND message_id = ?"
_WRITE_ANSWER: Final = """
    INSERT INTO answers (sender, message_id, digest, items) VALUES (?, ?, ?, ?)
    ON CONFLICT (sender, message_id) DO NOTHING
"""
_COUNT: Final = """
    INSERT INTO votes (answer, vote, count) VALUES (?, ?, ?)
    ON CONFLICT (answer, vote) DO UPDATE SET count = votes.count + excluded.count
"""
_DELETE: Final = (
    "DELETE FROM answers WHERE sender = ?",
    "DELETE FROM conversations WHERE sender = ?",
)
_EXPIRE: Final = (
    "DELETE FROM answers WHERE sender IN (SELECT sender FROM conversations WHERE latest < ?)",
    "DELETE FROM conversations WHERE latest < ?",
)
_ANY_EXPIRED: Final = "SELECT 1 FROM conversations WHERE latest < ? LIMIT 1"
# Deleted text leaves the log of recent writes too.
_EMPTY_LOG: Final = "PRAGMA wal_checkpoint(TRUNCATE)"
_Statement = tuple[str, Sequence[Any]]
# Commits last through a power cut, deleted text is unreadable, and readers need not wait.
_SETTINGS: Final = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
# How long another process may keep the file locked.
_PATIENCE_SECONDS: Final = 5.0
# Payloads of earlier buttons that may still be chosen.
_OFFERED: Final = 200
# Questions whose answers may still get a thumb down.
_ASKED: Final = 10


class Conversation(DialogueStateTracker):
    """A tracker of one turn, with what is remembered of the turns before it.

    Attributes:
        offered: payloads of the buttons so far, those offered last at the end.
        votes: what the visitor thought of answers, by a key of each.
        question: what the visitor writes in this turn.
        asked: the latest questions by the ids of their answers, if questions are collected.
        answer: to what message the turn answers, so that it is answered once.

    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with nothing offered."""
        super().__init__(*args, **kwargs)
        self.offered: list[str] = []
        self.votes: dict[str, str] = {}
        self.asked: dict[str, str] = {}
        self.question = ""
        self.answer: Answer | None = None

    def init_copy(self) -> DialogueStateTracker:
        """Return an ordinary tracker with the same slots, as Rasa copies it at each action."""
        return DialogueStateTracker(self.sender_id, self.slots.values())

    def remember(self, state: dict[str, Any]) -> None:
        """Take up a conversation where `state` left it."""
        self.offered = list(state["offered"])
        self.votes = dict(state.get("votes", {}))
        self.asked = dict(state.get("asked", {}))
        self.update(ActionExecuted(ACTION_SESSION_START_NAME))
        self.update(SessionStarted())
        for name, value in state["slots"].items():
            if name in self.slots:
                self.update(SlotSet(name, value))
        if state["buttons"]:
            self.update(BotUttered(data={"buttons": state["buttons"]}))
        self.update(ActionExecuted(ACTION_LISTEN_NAME))

    def state(self) -> dict[str, Any]:
        """Return what the next turn needs: plain values that JSON can hold."""
        buttons = [_buttons(event) for event in self.events if isinstance(event, BotUttered)]
        payloads = [button["payload"] for some in buttons for button in some]
        latest_first = dict.fromkeys(reversed([*self.offered, *payloads]))
        return {
            "slots": {s.name: s.value for s in self.slots.values() if s.value != s.initial_value},
            "buttons": buttons[-1] if buttons else [],
            "offered": list(latest_first)[:_OFFERED][::-1],
            "votes": dict(list(self.votes.items())[-_OFFERED:]),
            **({"asked": self.asked} if self.asked else {}),
        }

    def remember_question(self, answers: Iterable[str]) -> None:
        """Keep the turn's question as long as a thumb may come for one of its answers."""
        for answer in answers:
            self.asked.pop(answer, None)  # The latest last.
            self.asked[answer] = self.question
        self.asked = dict(list(self.asked.items())[-_ASKED:])


@dataclass
class Answer:
    """What was said to one message: its id, a digest of its text, and the items."""

    message_id: str
    digest: str
    items: list[dict[str, Any]]


_BEGINNING: Final[dict[str, Any]] = {"slots": {}, "buttons": [], "offered": []}


class ConversationStore(TrackerStore):
    """A tracker store whose work does not grow with the conversation.

    Rasa's own keeps every event, and replays them all at each message.
    """

    def __init__(
        self, domain: Domain, database: Path | None, silence_minutes: float = math.inf
    ) -> None:
        """Open the SQLite file, or a database in memory.

        Args:
            domain: whose slots are kept.
            database: the file; None for memory.
            silence_minutes: after so long a silence, a conversation is gone.

        """
        super().__init__(domain)
        self._database = database
        self._open()
        self._silence_seconds = 60 * silence_minutes
        self._thread = ThreadPoolExecutor(1, "conversations")
        self._waiting: list[tuple[list[_Statement], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def retrieve(self, sender_id: str) -> Conversation:
        """Return the conversation, a new one if it is not known."""
        return self.find(sender_id) or self._restored(sender_id, _BEGINNING)

    def find(self, sender_id: str) -> Conversation | None:
        """Return the conversation; None if it is not known, or was silent for too long."""
        found = self._read(_READ, sender_id, self._oldest())
        return self._restored(sender_id, json.loads(found[0])) if found else None

    def find_answer(self, sender_id: str, message_id: str) -> Answer | None:
        """Return what was said to a message before; None if it is new."""
        found = self._read(_READ_ANSWER, sender_id, message_id)
        return Answer(message_id, found[0], json.loads(found[1])) if found else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation and its answer; when this returns, they are on the disk."""
        assert isinstance(tracker, Conversation)
        statements = [_saving(tracker)]
        if answer := tracker.answer:
            items = json.dumps(answer.items, ensure_ascii=False)
            values = (tracker.sender_id, answer.message_id, answer.digest, items)
            statements.append((_WRITE_ANSWER, values))
        await self._commit(statements)

    async def vote(self, conversation: Conversation, key: str, answer: str, vote: str) -> None:
        """Count a vote for an answer; a later one of the same key replaces it."""
        before = conversation.votes.get(key)
        if before == vote:
            return
        conversation.votes[key] = vote
        counts: list[_Statement] = [(_COUNT, (answer, vote, 1))]
        if before:
            counts.append((_COUNT, (answer, before, -1)))
        await self._commit([_saving(conversation), *counts])

    async def delete(self, sender_id: str) -> None:
        """Delete a conversation; when this returns, its text is in no file of the database."""
        await self._commit([(statement, (sender_id,)) for statement in _DELETE])
        await self._empty_log()

    async def expire(self) -> None:
        """Delete the conversations that have been silent for too long."""
        oldest = self._oldest()
        if await self._beside(_ANY_EXPIRED, oldest):
            await self._commit([(statement, (oldest,)) for statement in _EXPIRE])
            await self._empty_log()

    def _open(self) -> None:
        self._writer = _opened(self._database, _PATIENCE_SECONDS)
        # Readers of the file never wait for its writer.
        self._reader = _opened(self._database, 0.0) if self._database else self._writer
        self._file = _identity(self._database)

    def _read(self, query: str, *values: object) -> tuple[Any, ...] | None:
        try:
            found: tuple[Any, ...] | None = self._reader.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"{self._database}: {error}") from error
        return found

    def _restored(self, sender_id: str, state: dict[str, Any]) -> Conversation:
        conversation = Conversation(sender_id, self.domain.slots)
        conversation.remember(state)
        return conversation

    def _oldest(self) -> float:
        return time.time() - self._silence_seconds

    async def _commit(self, statements: list[_Statement]) -> None:
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((statements, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await written

    async def _write_all(self) -> None:
        """Write what waits, together: the disk takes as long for one as for many."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            statements = [statement for some, _ in batch for statement in some]
            try:
                await loop.run_in_executor(self._thread, self._write, statements)
            except Exception as error:  # Whatever it is, nobody may wait for ever.
                problem: Exception | None = error
            else:
                problem = None
            for _, written in batch:
                if written.done():  # Whoever waited has left.
                    continue
                if problem:
                    written.set_exception(problem)
                else:
                    written.set_result(None)

    def _write(self, statements: list[_Statement]) -> None:
        try:
            if self._file != _identity(self._database):
                # Somebody took the file away; what is written to it would be lost.
                _log.error("%s is another file than before, and is opened anew.", self._database)
                self._open()
            with self._writer:
                for statement, values in statements:
                    self._writer.execute(statement, values)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self._database}: {error}") from error

    async def _empty_log(self) -> None:
        await self._beside(_EMPTY_LOG)

    async def _beside(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement that takes its time, beside other visitors' turns."""

        def rows() -> list[tuple[Any, ...]]:
            # To the last row: a statement that is still open keeps others from committing.
            return self._writer.execute(statement, values).fetchall()

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, rows)
        except sqlite3.Error as error:
            raise StoreError(f"{self._database}: {error}") from error

    def check(self) -> None:
        """See whether conversations can be read.

        Raises:
            StoreError: they cannot.

        """
        self._read(_READ, "", math.inf)

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        return [str(row[0]) for row in self._reader.execute(_SENDERS)]


def _saving(conversation: Conversation) -> _Statement:
    state = json.dumps(conversation.state())
    return _WRITE, (conversation.sender_id, time.time(), state)


def _buttons(said: BotUttered) -> list[dict[str, str]]:
    return said.data.get("buttons") or []


def _opened(database: Path | None, patience_seconds: float) -> sqlite3.Connection:
    try:
        if database:
            database.parent.mkdir(parents=True, exist_ok=True)
            # Its log and index get the same permissions.
            database.touch(mode=OWNER_ONLY)
        connection = sqlite3.connect(
            database or ":memory:", timeout=patience_seconds, check_same_thread=False
        )
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        connection.executescript(_SCHEMA)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"Samtalen kan inte sparas i {database}: {error}") from error
    return connection


def _identity(database: Path | None) -> tuple[int, int] | None:
    """Return what tells one file from another that has taken its name."""
    if not database:
        return None
    try:
        stat = database.stat()
    except FileNotFoundError:
        return None
    return stat.st_dev, stat.st_ino
