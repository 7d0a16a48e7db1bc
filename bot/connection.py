"""What a connection may send, and how long it may take: where Sanic trusts too much."""

from __future__ import annotations

import re
from time import monotonic
from typing import Final

from sanic import Sanic
from sanic.exceptions import BadRequest, RequestTimeout, ServiceUnavailable
from sanic.http import Http, Stage
from sanic.request import Request
from sanic.server import HttpProtocol

# From the first byte of a request to its last.
REQUEST_SECONDS: Final = 10
# From the first byte of a request to its answer; a locked database is waited for five.
RESPONSE_SECONDS: Final = 15
# Between two requests of one connection.
KEEP_ALIVE_SECONDS: Final = 15
# For what was said last to reach the client before the connection is cut.
_SECONDS_TO_LEAVE: Final = 2
_SECONDS_BETWEEN_LOOKS: Final = 1

_HEAD: Final = re.compile(
    rb"[A-Z]+ /[\x21-\x7e]* HTTP/1\.[01]"
    rb"(?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*)*"
)
_LENGTH: Final = re.compile(rb"[0-9]{1,15}")
_AT_MOST_ONCE: Final = (b"content-length", b"transfer-encoding", b"host", b"origin")


def guard(app: Sanic) -> None:
    """Refuse heads that are not plain HTTP, and set the time-outs."""
    app.config.REQUEST_TIMEOUT = REQUEST_SECONDS
    app.config.RESPONSE_TIMEOUT = RESPONSE_SECONDS
    app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE_SECONDS
    app.signal("http.lifecycle.read_head")(_check)
    app.register_middleware(_close_after_chunks, "request")


def _check(head: bytes) -> None:
    """Refuse what servers read in different ways: who does so disagrees where a request ends."""
    if not _HEAD.fullmatch(head):
        raise BadRequest("not plain HTTP")
    fields = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
    names = [name.lower() for name, _, _ in fields]
    if any(names.count(name) > 1 for name in _AT_MOST_ONCE):
        raise BadRequest("the same thing is said twice")
    values = {name: value.strip() for name, (_, _, value) in zip(names, fields, strict=True)}
    length, coding = values.get(b"content-length"), values.get(b"transfer-encoding")
    if length is not None and (coding is not None or not _LENGTH.fullmatch(length)):
        raise BadRequest("the end of the request is not certain")
    if coding not in (None, b"chunked"):
        raise BadRequest("the coding is not known")


async def _close_after_chunks(request: Request) -> None:
    """End the connection after a body in chunks: what follows may be its last part."""
    if "transfer-encoding" in request.headers:
        request.stream.keep_alive = False


class _Http(Http):
    def create_empty_request(self) -> None:
        """Answer a request that could not be read, whatever its address was."""
        self.url = None
        super().create_empty_request()


class Connection(HttpProtocol):
    """A connection whose requests must come and be answered in time.

    Sanic begins to count anew at every byte, has no time-out for a body, and waits without
    end for what is left of one.
    """

    HTTP_CLASS = _Http
    _time: float

    def data_received(self, data: bytes) -> None:
        """Take bytes; the time runs from the first of a request."""
        begun, http = self._time, getattr(self, "_http", None)
        super().data_received(data)
        if http is not None and (http.stage is not Stage.IDLE or http.request_body):
            self._time = begun

    def check_timeouts(self) -> None:
        """End the request or the connection when its time is out; look again else."""
        if not self._task:
            return
        http, problem = self._http, None
        if http.stage is Stage.IDLE:
            limit = self.keep_alive_timeout
        elif http.stage is Stage.REQUEST or http.request_bytes_left:
            limit, problem = self.request_timeout, RequestTimeout("too slow")
        else:
            limit, problem = self.response_timeout, ServiceUnavailable("no answer in time")
        if monotonic() - self._time <= limit:
            self.loop.call_later(_SECONDS_BETWEEN_LOOKS, self.check_timeouts)
            return
        http.exception, http.request_body = problem, None
        self._task.cancel()
        self.loop.call_later(_SECONDS_TO_LEAVE, self.abort)
