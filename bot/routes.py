"""What clients may ask of the bot: an answer, to keep a vote, to delete a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as json_response

from bot import metrics
from bot.channel import (
    Refused,
    as_message_id,
    check_origin,
    parse,
    parse_sender,
    parse_vote,
    reply_response,
)
from bot.engine import AnotherMessageError, BotAgent
from bot.errors import StoreError, log_failure
from bot.facts import current
from bot.phrases import phrase
from bot.redis_link import RedisLink
from bot.settings import Settings
from bot.throttle import Throttle, TooManyError, client_address, is_within

_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "7200",
}
RETRY_SECONDS: Final = 5
_Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class RestRoutes:
    """The three routes of the channel, and who may use them how often."""

    def __init__(self, agent: BotAgent, settings: Settings, redis: RedisLink | None = None) -> None:
        """Take who answers, the limits, and where they are counted, if not here."""
        self._agent = agent
        self._settings = settings
        self._throttle = Throttle(settings.rate_limit, settings.rate_limit_address, redis)
        self._under_way: set[asyncio.Task[HTTPResponse]] = set()
        self._apology = phrase("utter_error")
        self._unstored = phrase("utter_unstored")

    def blueprint(self) -> Blueprint:
        """Return the routes under /webhooks/rest."""
        blueprint = Blueprint("rest", url_prefix="/webhooks/rest")
        for name, handler in (
            ("webhook", self._webhook),
            ("feedback", self._feedback),
            ("delete", self._delete),
        ):
            blueprint.add_route(self._guarded(handler), f"/{name}", methods=["POST"], name=name)
            blueprint.add_route(_preflight, f"/{name}", methods=["OPTIONS"], name=f"{name}_options")
        return blueprint

    def _guarded(self, handler: _Handler) -> _Handler:
        """Refuse foreign pages and floods before a request is looked at."""

        async def guarded(request: Request) -> HTTPResponse:
            try:
                origin, allowed = request.headers.get("origin"), self._settings.allowed_origins
                check_origin(origin, request.host, allowed)
                await self._throttle.count_address(self._address(request))
                return await self._to_the_end(handler(request))
            except TooManyError as error:
                metrics.count_refusal(error.kind)
                again = f"Försök igen om {error.seconds} sekunder."
                refused = Refused(429, f"Det kommer för många meddelanden. {again}", error.seconds)
                return refused.response()
            except Refused as refused:
                return refused.response()
            except StoreError as error:
                error_id = log_failure(error)
                return Refused(503, self._unstored, RETRY_SECONDS, error_id).response()

        return guarded

    async def _to_the_end(self, work: Coroutine[Any, Any, HTTPResponse]) -> HTTPResponse:
        """Finish what is begun though the client hangs up.

        Sanic cancels a request whose connection is lost. The turn could then be written while
        the same message, sent again, is being answered, and be taken twice.
        """
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    def _address(self, request: Request) -> str:
        forwarded = request.headers.get("x-forwarded-for")
        return client_address(request.ip, forwarded, self._settings.trusted_proxies)

    async def _webhook(self, request: Request) -> HTTPResponse:
        incoming = parse(request.body)
        await self._throttle.count_sender(incoming.sender)
        message_id = incoming.message_id or self._id_of_proxy(request)
        try:
            items = await self._agent.answer(incoming.sender, incoming.text, message_id)
        except AnotherMessageError:
            raise Refused(409, "Ett annat meddelande har redan det message_id:t.") from None
        except StoreError as error:
            metrics.count_message("", metrics.FAILED)
            said = _failure(incoming.sender, self._unstored, error)
            return reply_response([said], 503, {"Retry-After": str(RETRY_SECONDS)})
        except Exception as error:
            metrics.count_message("", metrics.FAILED)
            items = [_failure(incoming.sender, self._apology, error)]
        return reply_response(items or [_failure(incoming.sender, self._apology, None)])

    def _id_of_proxy(self, request: Request) -> str | None:
        """Return what a trusted proxy calls the request, which it may send to us twice."""
        name = request.headers.get("x-request-id")
        known = name and is_within(request.ip, self._settings.trusted_proxies)
        return as_message_id(name) if known else None

    async def _feedback(self, request: Request) -> HTTPResponse:
        vote = parse_vote(request.body)
        await self._throttle.count_sender(vote.sender)
        if vote.answer not in {*self._agent.domain.intents, *current().intents}:
            raise Refused(404, "Det finns inget svar med det id:t.")
        if not await self._agent.vote(vote):
            raise Refused(404, "Svaret finns inte i samtalet, eller så är samtalet borta.")
        return json_response({"status": "ok"})

    async def _delete(self, request: Request) -> HTTPResponse:
        sender = parse_sender(request.body)
        await self._agent.delete(sender)
        return json_response({"status": "ok"})


def _failure(sender: str, text: str, error: Exception | None) -> dict[str, Any]:
    """Return what the visitor gets; the cause is in the log, with the same id."""
    return {"recipient_id": sender, "text": text, "custom": {"error_id": log_failure(error)}}


async def _preflight(request: Request) -> HTTPResponse:
    return empty(headers=_PREFLIGHT)
