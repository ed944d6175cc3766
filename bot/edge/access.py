"""Who may call what: every address of the edge is a `Route` with its audience, admitted here."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sanic import HTTPResponse, Request, Sanic

from bot.edge.cookies import session_token
from bot.edge.guard import Guard, address_of, from_this_machine
from bot.edge.limits import REQUESTS, Limits
from bot.edge.open_requests import OpenRequests, SessionEnded
from bot.edge.problems import Problem
from bot.staff.roles import Role, Roles
from bot.staff.sessions import Sessions

API = "/api/v1"
CONVERSATION = f"{API}/conversations/<conversation:str>"
STAFF = f"{API}/staff"
CSRF_HEADER = "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD"})
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}

Handler = Callable[..., Awaitable[HTTPResponse | None]]


class Audience(Enum):
    """Who may call a route, when that is not a set of roles."""

    ANYBODY = "anybody"  # pages, scripts, health: from anywhere
    SITES = "sites"  # the customer API before there is a conversation: pages of allowed origins
    CUSTOMER = "customer"  # as SITES, and only with the token of the conversation in the path
    OWN_PAGES = "own pages"  # our own pages only, signed in or not
    THIS_MACHINE = "this machine"  # whoever is on this machine; it does not exist for others


@dataclass(frozen=True)
class Route:
    """One address: `methods` ("GET", "GET HEAD", "POST", …), path, handler, and who may call it.

    The audience is an `Audience` or the set of roles of which staff need one. A handler for staff
    finds who is asking in `request.ctx.staff`. `name` is the handler's own unless given; it must
    be unique in the edge. Raises `ValueError` when something in it cannot be.
    """

    methods: str
    path: str
    handler: Handler
    audience: Audience | Roles
    name: str = ""

    def __post_init__(self) -> None:
        if not METHODS.issuperset(self.methods.split()):
            raise ValueError(f"{self.path}: no such method in {self.methods!r}")
        if not isinstance(self.audience, Audience) and not _are_roles(self.audience):
            raise ValueError(f"{self.path}: neither an audience nor roles")
        if (self.audience is Audience.CUSTOMER) != self.path.startswith(CONVERSATION):
            raise ValueError(f"{self.path}: a conversation is for its customer, and no other")
        if self.path.startswith(STAFF) and self.audience in _OPEN_TO_PAGES:
            raise ValueError(f"{self.path}: what is for staff is not for everybody")

    @property
    def label(self) -> str:
        """The route's name in the router and in the metrics."""
        return self.name or str(self.handler.__name__)


def _are_roles(audience: object) -> bool:
    return (
        isinstance(audience, frozenset)
        and bool(audience)
        and all(isinstance(role, Role) for role in audience)
    )


_OPEN_TO_PAGES = (Audience.ANYBODY, Audience.SITES, Audience.CUSTOMER)
# Pages of other origins ask before they call these (Fetch standard, "CORS-preflight fetch").
_CROSS_ORIGIN = (Audience.SITES, Audience.CUSTOMER)


class Access:
    """Adds routes to an app so that each call passes the checks of its audience first."""

    def __init__(
        self, guard: Guard, limits: Limits, sessions: Sessions, open_requests: OpenRequests
    ) -> None:
        self._guard = guard
        self._limits = limits
        self._sessions = sessions
        self._open = open_requests

    def register(self, app: Sanic[Any, Any], routes: Iterable[Route]) -> None:
        """Adds the routes. Nothing else adds any."""
        for route in routes:
            _add(app, route.methods, route.path, self._checked(route), route.label)
            if route.audience in _CROSS_ORIGIN:
                preflight = self._preflight(route)
                _add(app, "OPTIONS", route.path, preflight, f"pre_{route.label}")

    def _checked(self, route: Route) -> Handler:
        async def checked(request: Request, **names: Any) -> HTTPResponse | None:
            await self._admit(route, request, names)
            if isinstance(route.audience, Audience):
                return await route.handler(request, **names)
            return await self._while_signed_in(route, request, names)

        return checked

    async def _while_signed_in(
        self, route: Route, request: Request, names: dict[str, Any]
    ) -> HTTPResponse | None:
        if request.method not in SAFE:
            # No stream; and what ends the session (signing out, a new password) must be answered.
            return await self._kept_to_oneself(route, request, names)
        try:
            async with self._open.of(request.ctx.session):
                return await self._kept_to_oneself(route, request, names)
        except SessionEnded as error:
            if request.responded:
                return None  # a stream; it just ends
            raise _signed_out() from error

    async def _kept_to_oneself(
        self, route: Route, request: Request, names: dict[str, Any]
    ) -> HTTPResponse | None:
        answer = await route.handler(request, **names)
        if answer is not None:
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    def _preflight(self, route: Route) -> Handler:
        async def preflight(request: Request, **names: Any) -> HTTPResponse:
            await self._admit_site(request)
            return self._guard.preflight()

        return preflight

    async def _admit(self, route: Route, request: Request, names: dict[str, Any]) -> None:
        """Raises `Problem` unless the caller is of the route's audience."""
        match route.audience:
            case Audience.ANYBODY:
                return
            case Audience.SITES:
                await self._admit_site(request)
            case Audience.CUSTOMER:
                await self._admit_site(request)
                await self._guard.admit(request, names["conversation"])
            case Audience.OWN_PAGES:
                await self._admit_own_page(request)
            case Audience.THIS_MACHINE:
                if not from_this_machine(request):
                    raise Problem(404, "", "There is nothing at this address.")
                await self._admit_own_page(request)
            case roles:
                await self._admit_own_page(request)
                await self._admit_staff(request, roles)

    async def _admit_site(self, request: Request) -> None:
        request.ctx.cors = self._guard.cors_headers(request)
        self._guard.check_origin(request)
        await self._limits.address(REQUESTS, address_of(request))

    async def _admit_own_page(self, request: Request) -> None:
        self._guard.check_own_origin(request)
        await self._limits.address(REQUESTS, address_of(request))

    async def _admit_staff(self, request: Request, roles: Roles) -> None:
        """Sets `request.ctx.session` and `.staff`. Raises `Problem` 401 or 403."""
        session = await self._sessions.find(session_token(request))
        if session is None:
            raise _signed_out()
        if request.method not in SAFE:
            given = request.headers.get(CSRF_HEADER, "").encode("utf-8", "surrogateescape")
            if not hmac.compare_digest(given, session.csrf.encode()):
                raise Problem(403, "csrf", "This page is out of date. Please load it again.")
        if not session.staff.may(roles):
            raise Problem(403, "role", "Your account has no role that may do this.")
        request.ctx.session = session
        request.ctx.staff = session.staff


def _signed_out() -> Problem:
    return Problem(401, "signed-out", "Please sign in.")


def _add(app: Sanic[Any, Any], methods: str, path: str, handler: Handler, name: str) -> None:
    # A function of its own for each route: Sanic notes on it whether bodies are streamed.
    async def handle(request: Request, **names: Any) -> HTTPResponse | None:
        return await handler(request, **names)

    stream = not SAFE.issuperset(methods.split()) and methods != "OPTIONS"
    app.add_route(handle, path, methods=methods.split(), name=name, stream=stream)
