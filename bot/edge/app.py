"""The edge put together: which address does what, and what every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import structlog
from sanic import HTTPResponse, Request, Sanic
from sanic.response import BaseHTTPResponse

from bot.content import load_content
from bot.conversation.store import Conversations
from bot.conversation.work import WorkQueue
from bot.edge import problems
from bot.edge.answers import json_answer
from bot.edge.conversations import ConversationsApi
from bot.edge.events_api import EventsApi
from bot.edge.files_api import FilesApi
from bot.edge.guard import Guard
from bot.edge.health import HealthApi
from bot.edge.limits import REQUESTS, Limits
from bot.edge.mailbox import MailboxApi
from bot.edge.metrics import Metrics, MetricsApi
from bot.edge.openapi import describe
from bot.edge.redis_link import connect
from bot.edge.static import PAGES, StaticApi
from bot.edge.status import StatusApi
from bot.edge.tail import Tail
from bot.logs import READY
from bot.settings import ROOT, Settings

API = "/api/v1"
CONVERSATION = f"{API}/conversations/<conversation:str>"
# A refused upload is read to its end and thrown away, else the client would see a broken
# connection instead of the reason. Beyond this size the connection is cut.
DISCARD_UP_TO = 32 * 1024 * 1024

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[..., Awaitable[HTTPResponse | None]]

log = structlog.get_logger(__name__)


def make_app(
    settings: Settings, data: Path = ROOT / "data", web: Path = ROOT / "web" / "dist"
) -> Sanic[Any, Any]:
    """The edge for these settings, with operator content from `data` and pages from `web`.

    Raises `ContentError`. Nothing is opened or connected before the app runs.
    """
    app: Sanic[Any, Any] = Sanic("firstline-edge", configure_logging=False)
    _configure(app)
    Edge(settings, data, web).register(app)
    return app


class Edge:
    """The parts of one edge process."""

    def __init__(self, settings: Settings, data: Path, web: Path) -> None:
        content = load_content(data)
        self._settings = settings
        self._redis = connect(settings.redis_url)
        self._tail = Tail(self._redis)
        self._metrics = Metrics()
        self._limits = Limits(self._redis)
        conversations = Conversations(self._redis)
        self._guard = Guard(settings.origins, conversations)
        self._conversations = ConversationsApi(conversations, self._guard, self._limits, content)
        self._events = EventsApi(conversations, self._guard, self._tail, self._metrics)
        files = settings.state_dir / "files"
        self._files = FilesApi(files, conversations, self._guard, self._limits)
        self._status = StatusApi(content, data / "incidents.yml")
        self._health = HealthApi(self._redis)
        self._static = StaticApi(web)
        # Depths are only counted, so these queues need no lease.
        queues = {name: WorkQueue(self._redis, name, lease=0) for name in ("ready", "outbox")}
        self._metrics_api = MetricsApi(self._metrics, queues)
        self._openapi = describe(settings.base_url)
        self._tasks: list[asyncio.Task[None]] = []

    def register(self, app: Sanic[Any, Any]) -> None:
        """Adds every address and listener to `app`."""
        self._api(app)
        self._pages(app)
        if self._settings.mailbox_port:
            self._mailbox(app)
        app.exception(Exception)(problems.answer_to)
        app.register_middleware(self._finish, "response")
        app.before_server_start(self._start)
        app.after_server_start(self._ready)
        app.before_server_stop(self._stop)
        app.after_server_stop(self._close)

    def _api(self, app: Sanic[Any, Any]) -> None:
        calls: list[tuple[str, str, Handler]] = [
            ("POST", f"{API}/conversations", self._conversations.open),
            ("POST", f"{CONVERSATION}/messages", self._conversations.say),
            ("PATCH", f"{CONVERSATION}/case", self._conversations.edit_case),
            ("GET", f"{CONVERSATION}/events", self._events.events),
            ("POST", f"{CONVERSATION}/files", self._files.upload),
            ("GET", f"{CONVERSATION}/files/<file:str>", self._files.download),
            ("GET", f"{API}/status", self._status.status),
        ]
        for method, path, handler in calls:
            _add(app, method, path, self._guarded(handler), handler.__name__)
            _add(
                app,
                "OPTIONS",
                path,
                self._guarded(self._guard.preflight),
                f"pre_{handler.__name__}",
            )

    def _pages(self, app: Sanic[Any, Any]) -> None:
        async def openapi(request: Request) -> HTTPResponse:
            return json_answer(self._openapi, headers={"Access-Control-Allow-Origin": "*"})

        open_to_all: list[tuple[str, Handler]] = [
            ("/healthz", self._health.healthz),
            ("/readyz", self._health.readyz),
            ("/metrics", self._metrics_api.metrics),
            ("/openapi.json", openapi),
            ("/widget.js", self._static.launcher),
            ("/assets/<name:path>", self._static.asset),
        ]
        for path, handler in open_to_all:
            _add(app, "GET HEAD", path, handler, handler.__name__)
        hidden = () if self._settings.mailbox_port else ("/mailbox",)
        for path in set(PAGES).difference(hidden):
            name = "page_" + (path.strip("/").replace("/", "_") or "shop")
            _add(app, "GET HEAD", path, self._static.page, name)

    def _mailbox(self, app: Sanic[Any, Any]) -> None:
        box = MailboxApi(self._settings.state_dir / "mailbox")
        one = "/mailbox/messages/<id:str>"
        _add(app, "GET", "/mailbox/messages", self._guarded(box.messages), "mails")
        _add(app, "GET", one, self._guarded(box.message), "mail")
        _add(app, "GET", f"{one}/raw", self._guarded(box.raw), "mail_raw")
        _add(
            app,
            "GET",
            f"{one}/attachments/<number:int>",
            self._guarded(box.attachment),
            "mail_part",
        )

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request, **names: Any) -> HTTPResponse | None:
            request.ctx.cors = self._guard.cors_headers(request)
            self._guard.check_origin(request)
            await self._limits.address(REQUESTS, request.ip)
            return await handler(request, **names)

        return guarded

    async def _finish(self, request: Request, response: BaseHTTPResponse) -> None:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        for name, value in getattr(request.ctx, "cors", {}).items():
            response.headers[name] = value
        self._metrics.count(request, response)

    async def _start(self, app: Sanic[Any, Any]) -> None:
        self._tasks = [asyncio.create_task(it) for it in (self._tail.run(), self._status.follow())]

    async def _ready(self, app: Sanic[Any, Any]) -> None:
        log.info(READY, port=self._settings.port)

    async def _stop(self, app: Sanic[Any, Any]) -> None:
        self._tail.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _close(self, app: Sanic[Any, Any]) -> None:
        await self._redis.aclose()


def _configure(app: Sanic[Any, Any]) -> None:
    app.config.update({
        "REQUEST_MAX_SIZE": DISCARD_UP_TO,
        "REQUEST_TIMEOUT": 30,
        "RESPONSE_TIMEOUT": 60,
        "KEEP_ALIVE_TIMEOUT": 75,
        "GRACEFUL_SHUTDOWN_TIMEOUT": 2.0,
        "GRACEFUL_TCP_CLOSE_TIMEOUT": 1.0,
        "AUTO_EXTEND": False,
    })  # fmt: skip


def _add(app: Sanic[Any, Any], methods: str, path: str, handler: Handler, name: str) -> None:
    # A function of its own for each route: Sanic notes on it whether bodies are streamed.
    async def handle(request: Request, **names: Any) -> HTTPResponse | None:
        return await handler(request, **names)

    stream = methods in ("POST", "PATCH")
    app.add_route(handle, path, methods=methods.split(), name=name, stream=stream)
