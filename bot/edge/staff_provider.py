"""Signing in at the operator's OpenID Connect provider: leaving for it, and coming back."""

from __future__ import annotations

import hmac

import structlog
from sanic import HTTPResponse, Request

from bot.edge.access import STAFF, Audience, Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.cookies import begun_sign_in, drop_sign_in, keep_session, keep_sign_in
from bot.edge.guard import address_of
from bot.edge.limits import REQUESTS
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.identity.signed import Unreachable, Untrusted
from bot.staff.members import Members, NotAdmitted
from bot.staff.provider import CALLBACK, PATIENCE_SECONDS, Provider

START = "/sign-in/start"
DESK = "/desk"

log = structlog.get_logger(__name__)


class ProviderApi:
    """The two ends of a sign-in elsewhere; a refusal ends at the desk, which says it in words."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        settings = parts.settings
        self._provider = Provider(settings, parts.redis) if settings.oidc_issuer else None
        self._members = Members(
            parts.accounts, settings.oidc_issuer, settings.oidc_role_claim, settings.oidc_roles
        )

    async def ways(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/sign-in"""
        ways: dict[str, str | None] = {"provider": None, "start": None}
        if self._provider:
            ways = {"provider": self._provider.name, "start": START}
        return json_answer(ways)

    async def start(self, request: Request) -> HTTPResponse:
        """GET /sign-in/start"""
        provider = self._known()
        try:
            url, state = await provider.begin()
        except Unreachable as error:
            log.error("provider unreachable", error=str(error))
            return _to_desk("unavailable")
        response = _redirect(url)
        keep_sign_in(response, state, PATIENCE_SECONDS)
        return response

    async def callback(self, request: Request) -> HTTPResponse:
        """GET /sign-in/callback, where the provider sends the browser back to"""
        provider = self._known()
        await self._parts.limits.address(REQUESTS, address_of(request))
        state, code = _only(request, "state"), _only(request, "code")
        begun = begun_sign_in(request)
        same = hmac.compare_digest(_bytes(state), _bytes(begun))
        if not state or not code or not same:
            return _to_desk("refused")
        try:
            claims = await provider.finish(state, code, _only(request, "iss"))
            account = await self._members.admitted(claims)
        except Unreachable as error:
            log.error("provider unreachable", error=str(error))
            return _to_desk("unavailable")
        except Untrusted as error:
            log.warning("sign-in refused", error=str(error))
            return _to_desk("refused")
        except NotAdmitted:
            return _to_desk("no-role")
        await self._parts.audit.record(account.login, "session.begin", account.login)
        session = await self._parts.sessions.begin(account)
        response = _to_desk("")
        keep_session(response, session.token)
        return response

    def _known(self) -> Provider:
        if self._provider is None:
            raise Problem(404, "", "There is nothing at this address.")
        return self._provider


def routes(parts: Parts) -> list[Route]:
    """Coming back is a navigation from the provider's pages, so it is open; its state is checked."""
    api = ProviderApi(parts)
    return [
        Route("GET", f"{STAFF}/sign-in", api.ways, Audience.OWN_PAGES, "sign_in_ways"),
        Route("GET", START, api.start, Audience.OWN_PAGES, "sign_in_start"),
        Route("GET", CALLBACK, api.callback, Audience.ANYBODY, "sign_in_callback"),
    ]


def _to_desk(refusal: str) -> HTTPResponse:
    response = _redirect(f"{DESK}?sign-in={refusal}" if refusal else DESK)
    drop_sign_in(response)
    return response


def _redirect(url: str) -> HTTPResponse:
    return HTTPResponse(status=303, headers={**NO_STORE, "Location": url})


def _only(request: Request, name: str) -> str:
    given = request.args.getlist(name) or []
    return str(given[0]) if len(given) == 1 else ""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
