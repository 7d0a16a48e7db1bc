"""The web server: the chat's channel, the demo page, and whether all is well."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from rasa.core.channels.channel import register
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, file
from sanic.response import json as json_response

from bot.channel import LARGEST_BODY, RestChannel
from bot.engine import BotAgent
from bot.phrases import phrase
from bot.settings import ROOT, Settings

_log = logging.getLogger(__name__)

_WEB: Final = ROOT / "bot" / "web"
_PAGES: Final = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/chat.css": ("chat.css", "text/css; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/chat.js": ("chat.js", "text/javascript; charset=utf-8"),
}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_REASONS: Final = {
    400: "Begäran går inte att förstå.",
    404: "Här finns ingenting. Chatten svarar på POST /webhooks/rest/webhook.",
    405: "Den här adressen tar inte emot den sortens begäran.",
    408: "Begäran tog för lång tid.",
    413: f"Meddelandet är för stort. Högst {LARGEST_BODY // 1024} kB går bra.",
}
_FAILED: Final = "Något gick fel på servern. Försök igen om en stund."


def build_app(agent: BotAgent, settings: Settings) -> Sanic:
    """Return the server around an agent that has a model."""
    app = Sanic("bot", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_BODY
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.agent = agent
    channel = RestChannel(settings.allowed_origins, phrase("utter_error"))
    register([channel], app, route="/webhooks/")
    for address, (name, kind) in _PAGES.items():
        app.add_route(_page(name, kind), address, name=f"page_{name}")
    app.add_route(_alive, "/healthz", name="healthz")
    app.add_route(_ready, "/readyz", name="readyz")
    app.exception(Exception)(_tell_error)
    app.register_middleware(_add_headers, "response")
    return app


def _page(name: str, kind: str) -> Callable[[Request], Any]:
    async def serve(request: Request) -> HTTPResponse:
        return await file(_WEB / name, mime_type=kind, headers={"Cache-Control": "no-cache"})

    return serve


async def _alive(request: Request) -> HTTPResponse:
    return json_response({"status": "ok"})


async def _ready(request: Request) -> HTTPResponse:
    ready = request.app.ctx.agent.is_ready()
    return json_response({"status": "ok" if ready else "starting"}, status=200 if ready else 503)


async def _tell_error(request: Request, error: Exception) -> HTTPResponse:
    status = error.status_code if isinstance(error, SanicException) else 500
    if status >= 500:
        _log.error("A request failed.", exc_info=error)
    reason = _FAILED if status >= 500 else _REASONS.get(status, _REASONS[400])
    return json_response({"error": reason}, status=status, ensure_ascii=False)


async def _add_headers(request: Request, response: HTTPResponse) -> None:
    response.headers.update(_HEADERS)
