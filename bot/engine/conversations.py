"""Keep conversations in a database: of each, what the next turn needs and no more."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS conversations (
        sender TEXT PRIMARY KEY, latest REAL NOT NULL, state TEXT NOT NULL
    )
"""
_READ: Final = "SELECT state FROM conversations WHERE sender = ?"
_WRITE: Final = """
    INSERT INTO conversations (sender, latest, state) VALUES (?, ?, ?)
    ON CONFLICT (sender) DO UPDATE SET latest = excluded.latest, state = excluded.state
"""
_SENDERS: Final = "SELECT sender FROM conversations"
# Commits last through a power cut, deleted text is unreadable, and readers need not wait.
_SETTINGS: Final = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
# How long another process may keep the file locked.
_PATIENCE_SECONDS: Final = 5.0
# Payloads of earlier buttons that may still be chosen.
_OFFERED: Final = 200


class Conversation(DialogueStateTracker):
    """A tracker of one turn, with what is remembered of the turns before it.

    Attributes:
        offered: payloads of the buttons so far, those offered last at the end.

    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with nothing offered."""
        super().__init__(*args, **kwargs)
        self.offered: list[str] = []

    def init_copy(self) -> DialogueStateTracker:
        """Return an ordinary tracker with the same slots, as Rasa copies it at each action."""
        return DialogueStateTracker(self.sender_id, self.slots.values())

    def remember(self, state: dict[str, Any]) -> None:
        """Take up a conversation where `state` left it."""
        self.offered = list(state["offered"])
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
        }


_BEGINNING: Final[dict[str, Any]] = {"slots": {}, "buttons": [], "offered": []}


class ConversationStore(TrackerStore):
    """A tracker store whose work does not grow with the conversation.

    Rasa's own keeps every event, and replays them all at each message.
    """

    def __init__(self, domain: Domain, database: Path | None) -> None:
        """Open the SQLite file, or a database in memory."""
        super().__init__(domain)
        self._writer = _open(database)
        # Readers of the file never wait for its writer.
        self._reader = _open(database) if database else self._writer
        self._thread = ThreadPoolExecutor(1, "conversations")
        self._waiting: list[tuple[tuple[str, float, str], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def retrieve(self, sender_id: str) -> Conversation:
        """Return the conversation, a new one if it is not known."""
        found = self._reader.execute(_READ, (sender_id,)).fetchone()
        conversation = Conversation(sender_id, self.domain.slots)
        conversation.remember(json.loads(found[0]) if found else _BEGINNING)
        return conversation

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation; when this returns, it is on the disk."""
        assert isinstance(tracker, Conversation)
        state = json.dumps(tracker.state())
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(((tracker.sender_id, time.time(), state), written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await written

    async def _write_all(self) -> None:
        """Write what waits, together: the disk takes as long for one as for many."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            rows = [row for row, _ in batch]
            try:
                await loop.run_in_executor(self._thread, self._write, rows)
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

    def _write(self, rows: list[tuple[str, float, str]]) -> None:
        with self._writer:
            self._writer.executemany(_WRITE, rows)

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        return [str(row[0]) for row in self._reader.execute(_SENDERS)]


def _buttons(said: BotUttered) -> list[dict[str, str]]:
    return said.data.get("buttons") or []


def _open(database: Path | None) -> sqlite3.Connection:
    if database:
        database.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        database or ":memory:", timeout=_PATIENCE_SECONDS, check_same_thread=False
    )
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    connection.execute(_SCHEMA)
    return connection
