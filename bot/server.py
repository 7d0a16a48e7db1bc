"""The web server: the chat's routes, the widget, a page that shows it, and health."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

import yaml
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw
from sanic.response import json as json_response

from bot import metrics
from bot.channel import LARGEST_BODY, LONGEST_MESSAGE, Refused
from bot.connection import guard
from bot.engine import BotAgent
from bot.errors import StoreError, log_failure
from bot.facts import current
from bot.phrases import phrase
from bot.redis_link import RedisLink
from bot.routes import RETRY_SECONDS, RestRoutes
from bot.settings import ROOT, Settings

_log = logging.getLogger(__name__)

_WEB: Final = ROOT / "bot" / "web"
_HTML: Final = "text/html; charset=utf-8"
_CSS: Final = "text/css; charset=utf-8"
_SCRIPT: Final = "text/javascript; charset=utf-8"
# Where the widget's script takes its styles in, so that a page loads one file.
_STYLES_HERE: Final = '"{styles}"'
_MINUTES_HERE: Final = "{minutes}"
_QUESTIONS_HERE: Final = "{questions}"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# How often conversations that have been silent for too long are looked for.
_SECONDS_BETWEEN_EXPIRIES: Final = 30.0
_SECONDS_BETWEEN_LOOKS_AT_THE_MODEL: Final = 2.0
_SECONDS_BETWEEN_LOOKS_AT_QUESTIONS: Final = 3600.0
# Before what failed is done again, which may be to fetch a model.
_SECONDS_AFTER_A_FAILURE: Final = 10.0
_REASONS: Final = {
    400: "Begäran går inte att förstå.",
    404: "Här finns ingenting. Chatten svarar på POST /webhooks/rest/webhook.",
    405: "Den här adressen tar inte emot den sortens begäran.",
    408: "Begäran tog för lång tid.",
    413: f"Meddelandet är för stort. Högst {LARGEST_BODY // 1024} kB går bra.",
}
# Sanic leaves the body of an answer to HEAD out.
_READ: Final = ("GET", "HEAD")
_LEAVES: Final = "Den här processen ska avslutas. Skicka besökarna till en annan."
_FAILED: Final = "Något gick fel på servern. Försök igen om en stund."


def build_app(agent: BotAgent, settings: Settings, redis: RedisLink | None = None) -> Sanic:
    """Return the server around an agent that has a model."""
    app = Sanic("bot", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_BODY
    app.config.FALLBACK_ERROR_FORMAT = "json"
    guard(app)
    app.ctx.agent = agent
    app.ctx.settings = settings
    app.ctx.is_ending = False
    app.ctx.tasks = []
    app.ctx.leaves = lambda: False  # Until somebody knows better.
    app.blueprint(RestRoutes(agent, settings, redis).blueprint())
    for address, content, kind in _assets(settings):
        app.add_route(_asset(content, kind), address, _READ, name=f"asset_{address}")
    app.add_route(_widget_settings, "/widget.json", _READ, name="widget_settings")
    app.add_route(_alive, "/healthz", _READ, name="healthz")
    app.add_route(_ready, "/readyz", _READ, name="readyz")
    app.add_route(_figures, "/metrics", _READ, name="metrics")
    app.exception(Exception)(_tell_error)
    app.register_middleware(_add_headers, "response")
    app.after_server_start(_look_after)
    app.before_server_stop(_end)
    return app


def keep_doing(app: Sanic, work: Coroutine[Any, Any, None]) -> None:
    """Begin what is done beside the answers until the server ends."""
    app.ctx.tasks.append(asyncio.create_task(work))


def _assets(settings: Settings) -> list[tuple[str, str, str]]:
    """Return the address, content and type of each file that is served."""

    def read(name: str) -> str:
        return (_WEB / name).read_text(encoding="utf-8")

    styles = json.dumps(read("widget.css"), ensure_ascii=False)
    privacy = settings.privacy_page.read_text(encoding="utf-8")
    privacy = privacy.replace(_MINUTES_HERE, str(settings.conversation_ttl))
    kept = "utter_questions_kept" if settings.collect_questions else "utter_questions_not_kept"
    privacy = privacy.replace(_QUESTIONS_HERE, phrase(kept))
    description = json.dumps(yaml.safe_load(read("openapi.yml")), ensure_ascii=False)
    return [
        ("/", settings.page.read_text(encoding="utf-8"), _HTML),
        ("/page.css", read("page.css"), _CSS),
        ("/icon.svg", read("icon.svg"), "image/svg+xml"),
        ("/privacy.html", privacy, _HTML),
        ("/widget.js", read("widget.js").replace(_STYLES_HERE, styles), _SCRIPT),
        ("/openapi.json", description, "application/json"),
    ]


def _asset(content: str, kind: str) -> Callable[[Request], Any]:
    """Return a route that serves a text, compressed for those who can read it."""
    plain = content.encode()
    compressed = gzip.compress(plain, mtime=0)
    tag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag, "Vary": "Accept-Encoding"}

    async def serve(request: Request) -> HTTPResponse:
        if request.headers.get("if-none-match") == tag:
            return empty(304, headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            packed = {**headers, "Content-Encoding": "gzip"}
            return raw(compressed, content_type=kind, headers=packed)
        return raw(plain, content_type=kind, headers=headers)

    return serve


async def _widget_settings(request: Request) -> HTTPResponse:
    """Return what the widget shows before the first message."""
    agent: BotAgent = request.app.ctx.agent
    settings: Settings = request.app.ctx.settings
    unit = current().unit
    greeting = agent.domain.responses["utter_greet"][0]
    return json_response(
        {
            "unit": unit.name,
            "greeting": greeting["text"],
            "starters": [button["title"] for button in greeting["buttons"]],
            "human": unit.human,
            "longest_message": LONGEST_MESSAGE,
            "silence_minutes": settings.conversation_ttl,
        },
        headers={"Cache-Control": "no-cache"},
        ensure_ascii=False,
    )


async def _end(app: Sanic) -> None:
    """End what is done beside the answers; whoever is still answered comes back elsewhere."""
    app.ctx.is_ending = True
    for task in app.ctx.tasks:
        task.cancel()
    await asyncio.gather(*app.ctx.tasks, return_exceptions=True)


async def _look_after(app: Sanic) -> None:
    """Begin what is done again and again beside the answers."""
    agent: BotAgent = app.ctx.agent
    settings: Settings = app.ctx.settings
    metrics.tell_start()

    async def tell_host() -> None:
        metrics.tell_host(settings.data_dir)

    for work, seconds in (
        (tell_host, _SECONDS_BETWEEN_EXPIRIES),
        (agent.conversations.expire, _SECONDS_BETWEEN_EXPIRIES),
        (agent.tell_figures, _SECONDS_BETWEEN_EXPIRIES),
        (agent.take_up_publication, _SECONDS_BETWEEN_LOOKS_AT_THE_MODEL),
        (agent.take_up_new_model, _SECONDS_BETWEEN_LOOKS_AT_THE_MODEL),
        (agent.forget_old_questions, _SECONDS_BETWEEN_LOOKS_AT_QUESTIONS),
    ):
        keep_doing(app, _again_and_again(work, seconds))


async def _again_and_again(work: Callable[[], Awaitable[None]], seconds: float) -> None:
    is_told = False
    while True:
        try:
            await work()
            is_told = False
        except StoreError as error:
            if not is_told:
                told = "Det som görs vid sidan av svaren (%s) görs om senare. %s"
                _log.error(told, work.__name__, error)
            is_told = True
            await asyncio.sleep(_SECONDS_AFTER_A_FAILURE)
        except Exception:
            _log.exception("What is done beside the answers failed, and is tried again.")
        await asyncio.sleep(seconds)


async def _alive(request: Request) -> HTTPResponse:
    return json_response({"status": "ok"})


async def _ready(request: Request) -> HTTPResponse:
    if request.app.ctx.leaves():
        return Refused(503, _LEAVES, RETRY_SECONDS).response()
    agent: BotAgent = request.app.ctx.agent
    try:
        await agent.check()
    except StoreError as error:
        return Refused(503, _FAILED, RETRY_SECONDS, log_failure(error)).response()
    return json_response({"status": "ok"})


async def _figures(request: Request) -> HTTPResponse:
    """Return the figures for Prometheus, to whoever has the word for them.

    No address tells who asks: to a proxy on this machine, all visitors have ours.
    """
    token = request.app.ctx.settings.metrics_token
    said = request.headers.get("authorization", "")
    expected = f"Bearer {token}".encode()
    if not token or not hmac.compare_digest(said.encode(errors="replace"), expected):
        refused = Refused(401, "Siffrorna visas för den som har BOT_METRICS_TOKEN.").response()
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    return raw(metrics.figures(), content_type=metrics.CONTENT_TYPE)


async def _tell_error(request: Request, error: Exception) -> HTTPResponse:
    status = error.status_code if isinstance(error, SanicException) else 500
    if status < 500 or request.transport.is_closing():  # Or the client has left.
        refused = Refused(status, _REASONS.get(status, _REASONS[400])).response()
        refused.headers.update(getattr(error, "headers", {}))  # Which methods a 405 allows.
        return refused
    return Refused(status, _FAILED, RETRY_SECONDS, log_failure(error)).response()


async def _add_headers(request: Request, response: HTTPResponse) -> None:
    if (request.app.ctx.is_ending or request.app.ctx.leaves()) and request.stream:
        # Else whoever keeps the connection writes on until it is cut in the middle of a message,
        # and a balancer goes on using the connections that it has.
        request.stream.keep_alive = False
    response.headers.update(_HEADERS)
    origin = request.headers.get("origin")
    if origin in request.app.ctx.settings.allowed_origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        response.headers["Vary"] = "Origin, Accept-Encoding"
