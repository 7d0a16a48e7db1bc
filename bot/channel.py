"""The REST channel: checks what comes in, hands it to the bot, returns what it says.

The form of a message and a reply is Rasa's own, so that any Rasa client works.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.language.cleaning import clean, clean_file
from bot.masking import MASK, without_personal_data
from bot.phrases import phrase
from bot.settings import settings

_log = logging.getLogger(__name__)

LONGEST_MESSAGE: Final = 1000
LARGEST_BODY: Final = 16 * 1024
_SENDER: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ANSWER_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
# What is left of mere markup, to be asked about.
_NOTHING_MEANT: Final = "?"


class Refused(Exception):
    """A request that is not answered, with the status and the reason in clear words."""

    def __init__(
        self, status: int, reason: str, retry_after: int | None = None, error_id: str | None = None
    ) -> None:
        """Keep what to tell the client.

        Args:
            status: of HTTP.
            reason: in words for whoever reads it.
            retry_after: in how many seconds the client may try again.
            error_id: under which the cause is in the log.

        """
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_after = retry_after
        self.error_id = error_id

    def response(self) -> HTTPResponse:
        """Return what the client gets."""
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after else {}
        body = {"error": self.reason, **({"error_id": self.error_id} if self.error_id else {})}
        return json_response(body, status=self.status, headers=headers, ensure_ascii=False)


@dataclass(frozen=True)
class Incoming:
    """A checked message. Whatever else the client sent is left out."""

    sender: str
    text: str
    message_id: str | None


@dataclass(frozen=True)
class Vote:
    """What a visitor thought of an answer: `answer` is its id, `vote` is up or down."""

    sender: str
    answer: str
    vote: str
    message_id: str | None


def parse(body: bytes) -> Incoming:
    """Check the body of a message, whatever its content type says.

    Raises:
        Refused: with 400 or 413 and what is wrong.

    """
    content = _object(body)
    return Incoming(_sender(content), _text(content), _message_id(content))


def parse_vote(body: bytes) -> Vote:
    """Check the body of a feedback, as `parse` does."""
    content = _object(body)
    answer, vote = content.get("id"), content.get("vote")
    if not isinstance(answer, str) or not _ANSWER_ID.fullmatch(answer):
        raise Refused(400, "Fältet id ska vara svarets id, som står i svarets custom.id.")
    if vote not in ("up", "down"):
        raise Refused(400, "Fältet vote ska vara up eller down.")
    return Vote(_sender(content), answer, vote, _message_id(content))


def parse_sender(body: bytes) -> str:
    """Check a body that only tells who sends it, as `parse` does."""
    return _sender(_object(body))


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST_BODY:
        raise Refused(413, f"Meddelandet är för stort. Högst {LARGEST_BODY // 1024} kB går bra.")
    try:
        content = json.loads(body.decode())  # Bytes might be UTF-16 or 32 too.
    except (ValueError, RecursionError):
        raise Refused(400, "Innehållet är inte giltig JSON.") from None
    if not isinstance(content, dict):
        raise Refused(400, "Skicka ett JSON-objekt med fälten sender och message.")
    return content


def _sender(content: dict[str, Any]) -> str:
    sender = content.get("sender")
    if not isinstance(sender, str) or not _SENDER.fullmatch(sender):
        raise Refused(400, "Fältet sender ska vara 16 till 64 tecken av A–Z, a–z, 0–9, _ och -.")
    return sender


def _text(content: dict[str, Any]) -> str:
    text = content.get("message")
    if not isinstance(text, str):
        raise Refused(400, "Fältet message saknas eller är inte text.")
    if len(text) > LONGEST_MESSAGE:
        raise Refused(400, f"Meddelandet är för långt. Högst {LONGEST_MESSAGE} tecken går bra.")
    if not clean_file(text).strip():  # Nothing that can be seen.
        raise Refused(400, "Fältet message är tomt.")
    return text


def readable(text: str) -> str:
    """Return what a visitor means to write, with personal data masked; never an empty text."""
    return without_personal_data(clean(text)) or _NOTHING_MEANT


def as_message_id(name: object) -> str | None:
    """Return a name if it can be a message's id."""
    return name if isinstance(name, str) and _MESSAGE_ID.fullmatch(name) else None


def _message_id(content: dict[str, Any]) -> str | None:
    message_id = content.get("message_id")
    if message_id is not None and as_message_id(message_id) is None:
        raise Refused(400, "Fältet message_id ska vara 1 till 64 tecken av A–Z, a–z, 0–9, _ och -.")
    return as_message_id(message_id)


def check_origin(origin: str | None, host: str, allowed: tuple[str, ...]) -> None:
    """Refuse a web page of another site that is not allowed to embed the chat.

    Raises:
        Refused: with 403.

    """
    if origin is None or origin in allowed:
        return
    scheme, _, site = origin.partition("://")
    if scheme not in ("http", "https") or site != host:
        raise Refused(403, "Den här webbplatsen får inte använda chatten.")


class Reply(OutputChannel):
    """Collects what the bot says in a turn, one item an answer.

    Utterances that belong together become one text; an item ends with its buttons.
    """

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.items: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "rest"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one utterance of the bot."""
        text, custom = message.get("text"), message.get("custom") or {}
        last = self.items[-1] if self.items else None
        if last and "buttons" not in last and _language(last) == custom.get("lang"):
            last["text"] = "\n".join(part for part in (last.get("text"), text) if part)
            _join_custom(last, custom)
        else:
            last = {"recipient_id": recipient_id, "text": text or ""}
            _join_custom(last, custom)
            self.items.append(last)
        if message.get("buttons"):
            last["buttons"] = message["buttons"]


def _language(item: dict[str, Any]) -> str | None:
    language: str | None = item.get("custom", {}).get("lang")
    return language


def _join_custom(item: dict[str, Any], custom: dict[str, Any]) -> None:
    if not custom:
        return
    before = item.get("custom", {})
    contacts = [*before.get("contacts", []), *custom.get("contacts", [])]
    item["custom"] = {**custom, **before, **({"contacts": contacts} if contacts else {})}


def reply_response(
    items: list[dict[str, Any]], status: int = 200, headers: dict[str, str] | None = None
) -> HTTPResponse:
    """Return a reply as the client gets it."""
    return json_response(items, status, headers, ensure_ascii=False, escape_forward_slashes=False)


class RestChannel(InputChannel):
    """The channel for `rasa run`: Rasa's own, except that it checks its input and answers.

    `make run` has more routes (`bot/routes.py`).
    """

    def __init__(self, allowed_origins: tuple[str, ...], apology: str) -> None:
        """Take who may embed the chat, and what to say when something fails."""
        self._allowed_origins = allowed_origins
        self._apology = apology

    @classmethod
    def name(cls) -> str:
        """Return the name in the address: /webhooks/rest/webhook."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestChannel:
        """Create the channel for `rasa run`, which knows no settings of ours."""
        return cls(settings().allowed_origins, phrase("utter_error"))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the one route of the channel."""
        blueprint = Blueprint("rest_channel")

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                check_origin(request.headers.get("origin"), request.host, self._allowed_origins)
                incoming = parse(request.body)
            except Refused as refused:
                return refused.response()
            return reply_response(await self._answer(incoming, on_new_message))

        return blueprint

    async def _answer(
        self, incoming: Incoming, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> list[dict[str, Any]]:
        reply = Reply()
        kept = readable(incoming.text)
        if kept.count(MASK) > incoming.text.count(MASK):
            await reply.send_response(incoming.sender, {"text": phrase("utter_personal_data")})
        message = UserMessage(
            kept,
            reply,
            incoming.sender,
            input_channel=self.name(),
            message_id=incoming.message_id,
        )
        try:
            await on_new_message(message)
        except Exception:
            _log.exception("A message could not be answered.")
        if not reply.items:
            reply.items.append({"recipient_id": incoming.sender, "text": self._apology})
        return reply.items
