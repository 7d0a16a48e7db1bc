"""Keep conversations in a database: of each, what the next turn needs and no more."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import secrets
import time
from collections.abc import Iterable
from typing import Any, Final

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.database import Database, Statement
from bot.engine.conversation import Answer, Conversation

__all__ = ["SCHEMA", "Answer", "Conversation", "ConversationStore"]

_log = logging.getLogger(__name__)

# `answers` holds what was said to messages that the client may send again; `votes` counts
# thumbs of all visitors together.
SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS conversations (
        sender TEXT PRIMARY KEY, latest DOUBLE PRECISION NOT NULL, state TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS answers (
        sender TEXT, message_id TEXT, digest TEXT NOT NULL, items TEXT NOT NULL,
        PRIMARY KEY (sender, message_id)
    ) {without_rowid};
    CREATE TABLE IF NOT EXISTS votes (
        answer TEXT, vote TEXT, count INTEGER NOT NULL, PRIMARY KEY (answer, vote)
    ) {without_rowid};
"""
_READ: Final = "SELECT state, latest FROM conversations WHERE sender = ?"
_BEGIN: Final = """
    INSERT INTO conversations (sender, latest, state) VALUES (?, ?, ?)
    ON CONFLICT (sender) DO NOTHING
"""
_GO_ON: Final = "UPDATE conversations SET latest = ?, state = ? WHERE sender = ? AND latest = ?"
_COUNT_ALL: Final = "SELECT count(*) FROM conversations"
_SENDERS: Final = "SELECT sender FROM conversations"
# A conversation and an answer of it in one journey, whether there are such or not.
_READ_BOTH: Final = """
    SELECT conversations.state, conversations.latest, answers.digest, answers.items
    FROM (SELECT 1) AS one
    LEFT JOIN conversations ON conversations.sender = ?
    LEFT JOIN answers ON answers.sender = ? AND answers.message_id = ?
"""
_WRITE_ANSWER: Final = """
    INSERT INTO answers (sender, message_id, digest, items) VALUES (?, ?, ?, ?)
    ON CONFLICT (sender, message_id) DO NOTHING
"""
_READ_ITEMS: Final = "SELECT items FROM answers WHERE sender = ? AND message_id = ?"
_COUNT: Final = """
    INSERT INTO votes (answer, vote, count) VALUES (?, ?, ?)
    ON CONFLICT (answer, vote) DO UPDATE SET count = votes.count + excluded.count
"""
# The conversation first: that waits for a turn that is being written, whose answer goes then.
_DELETE: Final = (
    "DELETE FROM conversations WHERE sender = ?",
    "DELETE FROM answers WHERE sender = ?",
)
_EXPIRE: Final = "DELETE FROM conversations WHERE latest < ?"
_ALONE: Final = """
    DELETE FROM answers WHERE NOT EXISTS (
        SELECT 1 FROM conversations WHERE conversations.sender = answers.sender
    )
"""
_ANY_KEPT: Final = "SELECT 1 FROM conversations LIMIT 1"
# What a turn may need. It is no visitor's: they have no "/".
_TRIED: Final = "/{}"
_TRIED_STATE: Final = "x" * 16 * 1024
# Whoever asks whether a turn could be written makes the disk work no more often.
_SECONDS_BETWEEN_TRIES: Final = 5.0
# Of a clock.
_MUCH_SECONDS: Final = 30.0
_ANY_EXPIRED: Final = "SELECT 1 FROM conversations WHERE latest < ? LIMIT 1"
# Votes of one conversation: more are not remembered, and what is not remembered counts twice.
_MOST_VOTES: Final = 200


_BEGINNING: Final[dict[str, Any]] = {"slots": {}, "buttons": [], "offered": []}


class ConversationStore(TrackerStore):
    """A tracker store whose work does not grow with the conversation.

    Rasa's own keeps every event, and replays them all at each message. Whoever read a
    conversation that another process has written since cannot save it: StaleError.
    """

    def __init__(
        self, domain: Domain, database: Database, silence_minutes: float = math.inf
    ) -> None:
        """Take a database with `SCHEMA`.

        Args:
            domain: whose slots are kept.
            database: holds the conversations.
            silence_minutes: after so long a silence, a conversation is gone.

        """
        super().__init__(domain)
        self._database = database
        self._silence_seconds = 60 * silence_minutes
        # How far the clock of this host is ahead of the database's.
        self._ahead = 0.0
        self._trying = asyncio.Lock()
        self._next_try = 0.0
        # What was read with an answer, for the turn that follows at once. Were it used later, it
        # could not be saved: StaleError.
        self._at_hand: dict[str, tuple[Any, ...] | None] = {}

    async def retrieve(self, sender_id: str) -> Conversation:
        """Return the conversation, a new one if it is not known or was silent for too long."""
        if sender_id in self._at_hand:
            state, latest = self._fresh(self._at_hand.pop(sender_id))
        else:
            state, latest = await self._read(sender_id)
        return self._restored(sender_id, state or _BEGINNING, latest)

    async def find(self, sender_id: str) -> Conversation | None:
        """Return the conversation; None if it is not known, or was silent for too long."""
        state, latest = await self._read(sender_id)
        return self._restored(sender_id, state, latest) if state else None

    async def find_answer(self, sender_id: str, message_id: str) -> Answer | None:
        """Return what was said to a message before; None if it is new.

        Then the conversation has been read too, and `retrieve` returns it.
        """
        found = await self._database.row(_READ_BOTH, sender_id, sender_id, message_id)
        assert found
        state, latest, digest, items = found
        if items is not None:
            return Answer(message_id, digest, json.loads(items))
        self._at_hand[sender_id] = (state, latest) if latest is not None else None
        return None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation and its answer; when this returns, they are on the disk.

        Raises:
            StaleError: the conversation has gone on, or been deleted, since it was read.

        """
        assert isinstance(tracker, Conversation)
        statements = [self._saving(tracker)]
        if answer := tracker.answer:
            items = json.dumps(answer.items, ensure_ascii=False)
            values = (tracker.sender_id, answer.message_id, answer.digest, items)
            statements.append(Statement(_WRITE_ANSWER, values))
        await self._database.commit(*statements)

    async def key_of(
        self, conversation: Conversation, answer: str, message_id: str | None
    ) -> str | None:
        """Return by what a vote for an answer is known; None if it was not given there.

        There is one vote for an answer to a message. Without the message's id, the vote is for
        the last that was given, and so is one for an answer to messages without ids.
        """
        given = conversation.given.get(answer)
        if message_id is not None and message_id != given:
            found = await self._database.row(_READ_ITEMS, conversation.sender_id, message_id)
            items = json.loads(found[0]) if found else []
            is_given = any(item.get("custom", {}).get("id") == answer for item in items)
            given = message_id if is_given else None
        if given is None:
            return None
        key = f"{given}:{answer}"
        is_room = key in conversation.votes or len(conversation.votes) < _MOST_VOTES
        return key if is_room else None

    async def vote(self, conversation: Conversation, key: str, answer: str, vote: str) -> None:
        """Count a vote for an answer; a later one of the same key replaces it."""
        before = conversation.votes.get(key)
        if before == vote:
            return
        conversation.votes[key] = vote
        counts = [Statement(_COUNT, (answer, vote, 1))]
        if before:
            counts.append(Statement(_COUNT, (answer, before, -1)))
            # In one order, or two who change their minds wait for each other.
            counts.sort(key=lambda count: str(count.values[1]))
        await self._database.commit(self._saving(conversation), *counts)

    async def delete(self, sender_id: str) -> None:
        """Delete a conversation."""
        await self._database.erase(*(Statement(query, (sender_id,)) for query in _DELETE))

    async def count(self) -> int:
        """Return how many conversations are kept."""
        ((number,),) = await self._database.rows(_COUNT_ALL)
        return int(number)

    async def expire(self) -> None:
        """Delete the conversations that have been silent for too long."""
        await self._see_the_time()
        oldest = self._oldest()
        if await self._database.rows(_ANY_EXPIRED, oldest):
            await self._database.erase(Statement(_EXPIRE, (oldest,)), Statement(_ALONE))

    async def check(self) -> None:
        """See whether conversations can be read and written.

        Raises:
            StoreError: they cannot.

        """
        await self._database.check()
        await self._database.rows(_ANY_KEPT)
        async with self._trying:
            if time.monotonic() >= self._next_try:
                await self._try_to_write()
                self._next_try = time.monotonic() + _SECONDS_BETWEEN_TRIES

    async def _try_to_write(self) -> None:
        """Write a conversation and delete it, in one: a full disk takes what is small for long."""
        name = _TRIED.format(secrets.token_hex(8))
        begun = Statement(_BEGIN, (name, self._now(), _TRIED_STATE), must_change=True)
        await self._database.commit(begun, Statement(_DELETE[0], (name,)))

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        return [str(row[0]) for row in await self._database.rows(_SENDERS)]

    async def _read(self, sender_id: str) -> tuple[dict[str, Any] | None, float | None]:
        """Return what is remembered, and when it was written; nothing of what is too old."""
        return self._fresh(await self._database.row(_READ, sender_id))

    def _fresh(self, found: tuple[Any, ...] | None) -> tuple[dict[str, Any] | None, float | None]:
        if not found:
            return None, None
        state, latest = found
        return (json.loads(state) if latest >= self._oldest() else None), latest

    def _restored(
        self, sender_id: str, state: dict[str, Any], latest: float | None
    ) -> Conversation:
        conversation = Conversation(sender_id, self.domain.slots)
        conversation.latest = latest
        conversation.remember(state)
        return conversation

    async def _see_the_time(self) -> None:
        """Keep to the clock of the database: a host's own may be hours off."""
        before, self._ahead = self._ahead, time.time() - await self._database.now()
        if abs(self._ahead) > _MUCH_SECONDS >= abs(before):
            told = "Klockan här går %+.0f sekunder fel mot databasens, som gäller. Ställ den rätt."
            _log.warning(told, self._ahead)

    def _now(self) -> float:
        return time.time() - self._ahead

    def _oldest(self) -> float:
        return self._now() - self._silence_seconds

    def _saving(self, conversation: Conversation) -> Statement:
        sender, before = conversation.sender_id, conversation.latest
        state, now = json.dumps(conversation.state()), self._now()
        if before is None:
            return Statement(_BEGIN, (sender, now, state), must_change=True)
        # Later than before whatever the clock says: it tells one state from the next.
        now = max(now, math.nextafter(before, math.inf))
        return Statement(_GO_ON, (now, state, sender, before), must_change=True)
