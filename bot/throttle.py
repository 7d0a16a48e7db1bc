"""Limit how often one sender and one address may write."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final, cast

from limits import RateLimitItem, parse_many
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter as SharedRateLimiter
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from bot.redis_link import RedisLink

# Whoever has one address of the sixth version has a whole net of them.
_NET_BITS: Final = 64
# So much may two looks at two clocks differ though nobody has set one.
_SET_SECONDS: Final = 1.0


class TooManyError(Exception):
    """Somebody writes too often; `seconds` tells when to try again, `kind` who is counted."""

    def __init__(self, seconds: int, kind: str) -> None:
        """Keep how long to wait, and which limit was reached."""
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds
        self.kind = kind


class Throttle:
    """Counts messages of senders and addresses, in windows that begin with their first.

    All processes count together in Redis; without one, each counts for itself.
    """

    def __init__(self, per_sender: str, per_address: str, link: RedisLink | None = None) -> None:
        """Take rates such as "30/minute", several with a semicolon; an empty one is no limit."""
        # Its storage never forgets who was counted in a moving window.
        self._here = FixedWindowRateLimiter(MemoryStorage())
        self._ahead = _ahead()
        self._link = link
        self._together = link and SharedRateLimiter(
            RedisStorage(
                f"async+{link.url}", implementation="redispy", connection_pool=cast(Any, link.pool)
            )
        )
        self._per_sender = parse_many(per_sender) if per_sender else []
        self._per_address = parse_many(per_address) if per_address else []

    async def count_address(self, address: str) -> None:
        """Count a request of an address.

        Raises:
            TooManyError: it has made too many.

        """
        await self._count(self._per_address, "address", _net(address))

    async def count_sender(self, sender: str) -> None:
        """Count a message of a sender.

        Raises:
            TooManyError: it has sent too many.

        """
        await self._count(self._per_sender, "sender", sender)

    async def _count(self, rates: Sequence[RateLimitItem], kind: str, who: str) -> None:
        for rate in rates:
            again = await self._hit(rate, kind, who)
            if again is not None:
                seconds = math.ceil(again - time.time())
                raise TooManyError(min(max(1, seconds), rate.get_expiry()), kind)

    async def _hit(self, rate: RateLimitItem, kind: str, who: str) -> float | None:
        """Count once; return when to try again if that was once too often."""
        if self._link and self._together and self._link.is_up:
            try:
                if await self._together.hit(rate, kind, who):
                    return None
                return (await self._together.get_window_stats(rate, kind, who)).reset_time
            except RedisError as error:
                self._link.lose(error)
        self._see_the_time()
        if self._here.hit(rate, kind, who):
            return None
        return self._here.get_window_stats(rate, kind, who).reset_time

    def _see_the_time(self) -> None:
        """Begin anew when the clock, by which windows end, has been set back."""
        before, self._ahead = self._ahead, _ahead()
        if self._ahead < before - _SET_SECONDS:
            self._here.storage.reset()


def _ahead() -> float:
    """Return how far the clock on the wall is ahead of one that cannot be set."""
    return time.time() - time.monotonic()


def client_address(peer: str, forwarded: str | None, trusted: Iterable[str]) -> str:
    """Return the address of the visitor.

    Args:
        peer: who is connected.
        forwarded: the header X-Forwarded-For, each proxy's addition last.
        trusted: nets of proxies whose word counts.

    """
    nets = [ip_network(net) for net in trusted]
    address = peer
    for hop in reversed((forwarded or "").split(",")):
        known, said = _parsed(address), _parsed(hop.strip())
        if known is None or said is None or not any(known in net for net in nets):
            break
        address = str(said)
    return address


def is_within(address: str, nets: Iterable[str]) -> bool:
    """Tell whether an address is in one of the nets."""
    known = _parsed(address)
    return known is not None and any(known in ip_network(net) for net in nets)


def _net(address: str) -> str:
    known = _parsed(address)
    if isinstance(known, IPv6Address):
        return str(ip_network(f"{known}/{_NET_BITS}", strict=False))
    return str(known) if known else address


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        known = ip_address(address)
    except ValueError:
        return None
    # One of the fourth version, as a server that listens to both writes it.
    return getattr(known, "ipv4_mapped", None) or known
