"""Messages that ended a process are not taken again.

Each process notes in shared memory which message it is at work on, at every step of it. When
the process dies, whoever looks after the processes reads what it was.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Coroutine, Generator
from contextvars import ContextVar
from typing import Any, Final

_DIGEST_BYTES: Final = 16
# A message, and which time it was sent: the same text may be right to send twice.
_WORK_BYTES: Final = 2 * _DIGEST_BYTES
_NOTHING: Final = bytes(_WORK_BYTES)
# The event loop is at work on one message, and the encoder's thread maybe on another.
_LOOP: Final = 0
_ENCODER: Final = 1
_SLOTS: Final = 2
# Deaths after which a message is refused, where somebody may just have killed the process.
_SUSPECTED: Final = 2
# Messages that are remembered; the oldest is forgotten.
_MOST_REFUSED: Final = 256

_at_work_on: ContextVar[bytes] = ContextVar("at_work_on", default=_NOTHING)


def digest(sender: str, text: str) -> bytes:
    """Return what a visitor's message is known by, which tells nothing of it."""
    # What ends a process may depend on the conversation, so other visitors may write the same.
    return hashlib.blake2b(
        text.encode(errors="replace"), digest_size=_DIGEST_BYTES, key=sender.encode()[:64]
    ).digest()


class Quarantine:
    """What processes of one machine are at work on, and what has ended one of them."""

    def __init__(self, places: int = 1) -> None:
        """Make the memory, before the processes are started that share it."""
        # No locks: a process that is killed would keep one. Each place has one writer, and only
        # the master writes what is refused.
        self._work = multiprocessing.Array("c", places * _SLOTS * _WORK_BYTES, lock=False)
        self._refused = multiprocessing.Array("c", _MOST_REFUSED * _DIGEST_BYTES, lock=False)
        self._deaths: dict[bytes, int] = {}
        self._count = 0

    def holds(self, message: bytes) -> bool:
        """Tell whether a message is refused."""
        return message in bytes(self._refused)

    def note(self, place: int, slot: int, message: bytes) -> None:
        """Note what a process is at work on."""
        start = (place * _SLOTS + slot) * _WORK_BYTES
        self._work[start : start + _WORK_BYTES] = message.ljust(_WORK_BYTES, b"\0")

    def take_over(self, place: int, is_certain: bool) -> int:
        """Refuse what a process that has died was at work on; return how many messages that is.

        Args:
            place: of the process.
            is_certain: whether the work itself ended it; a kill may have come from anywhere.

        """
        start = place * _SLOTS * _WORK_BYTES
        work = bytes(self._work[start : start + _SLOTS * _WORK_BYTES])
        looped, encoded = work[:_WORK_BYTES], work[_WORK_BYTES:]
        for slot in range(_SLOTS):
            self.note(place, slot, _NOTHING)
        # What the encoder was at is seldom what froze or broke the loop at the same moment.
        is_alone = looped in (_NOTHING, encoded)
        suspects = {encoded: is_certain and is_alone, looped: is_certain}
        return sum(self._refuse(one, sure) for one, sure in suspects.items() if one != _NOTHING)

    def _refuse(self, work: bytes, is_certain: bool) -> bool:
        deaths = self._deaths[work] = self._deaths.pop(work, 0) + 1
        if len(self._deaths) > _MOST_REFUSED:
            self._deaths.pop(next(iter(self._deaths)))
        if not is_certain and deaths < _SUSPECTED:
            return False
        start = self._count % _MOST_REFUSED * _DIGEST_BYTES
        self._refused[start : start + _DIGEST_BYTES] = work[:_DIGEST_BYTES]
        self._count += 1
        return True


class Watch:
    """Notes what one process is at work on."""

    def __init__(self, quarantine: Quarantine, place: int = 0) -> None:
        """Take the memory and the place of this process in it."""
        self._quarantine = quarantine
        self._place = place

    def refuses(self, message: bytes) -> bool:
        """Tell whether a message has ended a process before."""
        return self._quarantine.holds(message)

    async def over[Result](
        self, message: bytes, work: Coroutine[Any, Any, Result], sent: bytes = b""
    ) -> Result:
        """Do the work on a message, which is noted whenever the event loop runs it.

        Args:
            message: the digest of the message.
            work: what answers it.
            sent: a digest of which time it was sent, if that is known.

        """
        at_work = message + sent
        token = _at_work_on.set(at_work)
        try:
            result: Result = await _Stepwise(work, lambda at: self._note(_LOOP, at), at_work)
            return result
        finally:
            _at_work_on.reset(token)

    def encoding[Result](self, work: Callable[[str], Result]) -> Callable[[str], Result]:
        """Return the work of the encoder's thread for the message of this context."""
        message = _at_work_on.get()

        def noted(text: str) -> Result:
            self._note(_ENCODER, message)
            try:
                return work(text)
            finally:
                self._note(_ENCODER, _NOTHING)

        return noted

    def _note(self, slot: int, message: bytes) -> None:
        self._quarantine.note(self._place, slot, message)


class _Stepwise:
    """A coroutine that tells before each of its steps that it runs, and after it that it waits."""

    def __init__(
        self, work: Coroutine[Any, Any, Any], note: Callable[[bytes], None], message: bytes
    ) -> None:
        self._work = work
        self._note = note
        self._message = message

    def __await__(self) -> Generator[Any, Any, Any]:
        sent: Any = None
        thrown: BaseException | None = None
        while True:
            self._note(self._message)
            try:
                awaited = self._work.throw(thrown) if thrown else self._work.send(sent)
            except StopIteration as done:
                return done.value
            finally:
                self._note(_NOTHING)
            sent, thrown = None, None
            try:
                sent = yield awaited
            except BaseException as error:
                thrown = error
