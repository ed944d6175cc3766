"""The edge put together: its parts, the tables of its routes, and what every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from sanic import Request, Sanic
from sanic.response import BaseHTTPResponse

from bot.content import load_content
from bot.content.incidents import Incidents
from bot.conversation.store import Conversations
from bot.edge import (
    customer_api,
    desk_api,
    introduction,
    pages,
    problems,
    resume_api,
    staff_audit,
    staff_openapi,
    staff_provider,
    staff_session,
    survey,
    training_api,
)
from bot.edge.access import Access, Route
from bot.edge.guard import Guard
from bot.edge.limits import Limits
from bot.edge.metrics import Metrics
from bot.edge.open_requests import OpenRequests
from bot.edge.parts import Parts
from bot.edge.tail import Tail
from bot.identity.customer import Identities
from bot.logs import READY
from bot.mail.destinations import load_destinations
from bot.redis_link import connect
from bot.settings import ROOT, Settings
from bot.staff.accounts import Accounts
from bot.staff.audit import Audit
from bot.staff.sessions import Sessions

# Every route of the edge comes from one of these, each a module with `routes(parts)`; but for the
# description of those for staff.
TABLES: tuple[Callable[[Parts], list[Route]], ...] = (
    customer_api.routes,
    resume_api.routes,
    introduction.routes,
    survey.routes,
    pages.routes,
    staff_session.routes,
    staff_provider.routes,
    staff_audit.routes,
    desk_api.routes,
    training_api.routes,
)

# A refused upload is read to its end and thrown away, else the client would see a broken
# connection instead of the reason. Beyond this size the connection is cut.
DISCARD_UP_TO = 32 * 1024 * 1024

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}

log = structlog.get_logger(__name__)


def make_app(
    settings: Settings, data: Path = ROOT / "data", web: Path = ROOT / "web" / "dist"
) -> Sanic[Any, Any]:
    """The edge for these settings, with operator content from `data` and pages from `web`.

    Raises `ContentError` or `SettingError`. Nothing is opened or connected before the app runs.
    """
    app: Sanic[Any, Any] = Sanic("firstline-edge", configure_logging=False)
    _configure(app, settings.proxies)
    Edge(settings, data, web).register(app)
    return app


class Edge:
    """One edge process: its parts and its routes."""

    def __init__(self, settings: Settings, data: Path, web: Path) -> None:
        self.parts = make_parts(settings, data, web)
        routes = [route for table in TABLES for route in table(self.parts)]
        self.routes = [*routes, *staff_openapi.routes(routes, settings.base_url)]
        self._tasks: list[asyncio.Task[None]] = []

    def register(self, app: Sanic[Any, Any]) -> None:
        """Adds every address and listener to `app`."""
        parts = self.parts
        open_requests = OpenRequests(parts.redis, parts.sessions)
        parts.background.append(open_requests.run)
        access = Access(parts.guard, parts.limits, parts.sessions, open_requests)
        access.register(app, self.routes)
        app.exception(Exception)(problems.answer_to)
        app.register_middleware(self._finish, "response")
        app.before_server_start(self._start)
        app.after_server_start(self._ready)
        app.before_server_stop(self._stop)
        app.after_server_stop(self._close)

    async def _finish(self, request: Request, response: BaseHTTPResponse) -> None:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        for name, value in getattr(request.ctx, "cors", {}).items():
            response.headers[name] = value
        self.parts.metrics.count(request, response)

    async def _start(self, app: Sanic[Any, Any]) -> None:
        self._tasks = [asyncio.create_task(it()) for it in self.parts.background]

    async def _ready(self, app: Sanic[Any, Any]) -> None:
        log.info(READY, port=self.parts.settings.port)

    async def _stop(self, app: Sanic[Any, Any]) -> None:
        self.parts.tail.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _close(self, app: Sanic[Any, Any]) -> None:
        await self.parts.redis.aclose()


def make_parts(settings: Settings, data: Path, web: Path) -> Parts:
    """The parts of an edge with these settings. Raises `ContentError` or `SettingError`."""
    redis = connect(settings.redis_url)
    conversations = Conversations(redis)
    accounts = Accounts(redis)
    tail = Tail(redis)
    content = load_content(data)
    incidents = Incidents(data / "incidents.yml")
    incidents.look()
    return Parts(
        settings=settings,
        data=data,
        web=web,
        content=content,
        destinations=load_destinations(data / "destinations.yml", settings.case_mailbox),
        incidents=incidents,
        redis=redis,
        conversations=conversations,
        tail=tail,
        metrics=Metrics(),
        limits=Limits(redis),
        guard=Guard(settings.own_origins, settings.origins, conversations),
        identities=Identities(settings),
        accounts=accounts,
        audit=Audit(redis),
        sessions=Sessions(redis, accounts),
        background=[tail.run],
    )


def _configure(app: Sanic[Any, Any], proxies: int) -> None:
    app.config.update({
        "REQUEST_MAX_SIZE": DISCARD_UP_TO,
        "REQUEST_TIMEOUT": 30,
        "RESPONSE_TIMEOUT": 60,
        "KEEP_ALIVE_TIMEOUT": 75,
        "GRACEFUL_SHUTDOWN_TIMEOUT": 2.0,
        "GRACEFUL_TCP_CLOSE_TIMEOUT": 1.0,
        "AUTO_EXTEND": False,
        "PROXIES_COUNT": proxies or None,
    })  # fmt: skip
