"""Signing in and out, and changing one's password."""

from __future__ import annotations

import math
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sanic import HTTPResponse, Request

from bot.edge.access import STAFF, Audience, Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.cookies import drop_session, keep_session
from bot.edge.guard import address_of
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.edge.schemas import Body, read_json
from bot.errors import NotFound
from bot.staff.accounts import Account
from bot.staff.lockout import Lockout
from bot.staff.passwords import LONGEST, Passwords, fault_in_password
from bot.staff.roles import ANY_ROLE
from bot.staff.sessions import Session


class SignIn(Body, frozen=True):
    """A login and its password."""

    login: Annotated[str, Meta(min_length=1, max_length=64)]
    password: Annotated[str, Meta(min_length=1, max_length=LONGEST)]


class NewPassword(Body, frozen=True):
    """The password so far, and the one to use from now on."""

    password: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    new: Annotated[str, Meta(min_length=1, max_length=LONGEST)]


class SessionApi:
    """The session of whoever is asking."""

    def __init__(self, parts: Parts) -> None:
        self._accounts = parts.accounts
        self._sessions = parts.sessions
        self._audit = parts.audit
        self._lockout = Lockout(parts.redis)
        self._passwords = Passwords()
        self._brand = (*parts.content.brand.name.split(), "firstline")

    async def sign_in(self, request: Request) -> HTTPResponse:
        """POST /api/v1/staff/session"""
        body = await read_json(request, SignIn)
        login = body.login.strip().casefold()
        address = address_of(request)
        await self._may_try(login, address)
        account = await self._account(login)
        hash = account.password if account and not account.disabled else ""
        if not await self._passwords.fits(body.password, hash) or account is None:
            # Noted for a login that does not exist too, lest the time taken tell which do; what was
            # typed is not, for it may be a password.
            known = account.login if account else ""
            await self._audit.record(known, "session.refuse", known)
            raise Problem(401, "sign-in", "This login and password do not belong together.")
        await self._lockout.succeeded(login, address)
        return await self._begun(account)

    async def _may_try(self, login: str, address: str) -> None:
        wait = math.ceil(await self._lockout.attempt(login, address))
        if wait:
            raise Problem(
                429, "too-many", f"Too many attempts. Please wait {wait} seconds.",
                {"Retry-After": str(wait)},
            )  # fmt: skip

    async def _account(self, login: str) -> Account | None:
        try:
            return await self._accounts.read(login)
        except NotFound:
            return None

    async def _begun(self, account: Account) -> HTTPResponse:
        await self._audit.record(account.login, "session.begin", account.login)
        session = await self._sessions.begin(account)
        response = json_answer(_shown(session), headers=NO_STORE)
        keep_session(response, session.token)
        return response

    async def session(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/session"""
        return json_answer(_shown(request.ctx.session), headers=NO_STORE)

    async def sign_out(self, request: Request) -> HTTPResponse:
        """DELETE /api/v1/staff/session"""
        await self._sessions.end(request.ctx.session)
        await self._audit.record(request.ctx.staff.id, "session.end", request.ctx.staff.id)
        return _signed_out()

    async def sign_out_everywhere(self, request: Request) -> HTTPResponse:
        """DELETE /api/v1/staff/sessions"""
        await self._accounts.end_sessions(request.ctx.staff.id, request.ctx.staff.id)
        return _signed_out()

    async def change_password(self, request: Request) -> HTTPResponse:
        """PUT /api/v1/staff/password"""
        body = await read_json(request, NewPassword)
        staff, address = request.ctx.staff, address_of(request)
        await self._may_try(staff.id, address)
        account = await self._accounts.read(staff.id)
        if not await self._passwords.fits(body.password, account.password):
            raise Problem(422, "password", "This is not your password so far.")
        await self._lockout.succeeded(staff.id, address)
        if fault := fault_in_password(body.new, (staff.id, staff.name, *self._brand)):
            raise Problem(422, "new-password", f"{fault[:1].upper()}{fault[1:].rstrip('.')}.")
        hash = await self._passwords.hashed(body.new)
        return await self._begun(await self._accounts.set_password(staff.id, staff.id, hash))


def routes(parts: Parts) -> list[Route]:
    """Signing in is for our own pages; the rest for whoever is signed in."""
    api = SessionApi(parts)
    return [
        Route("POST", f"{STAFF}/session", api.sign_in, Audience.OWN_PAGES),
        Route("GET", f"{STAFF}/session", api.session, ANY_ROLE),
        Route("DELETE", f"{STAFF}/session", api.sign_out, ANY_ROLE),
        Route("DELETE", f"{STAFF}/sessions", api.sign_out_everywhere, ANY_ROLE),
        Route("PUT", f"{STAFF}/password", api.change_password, ANY_ROLE),
    ]


def _shown(session: Session) -> dict[str, Any]:
    return {"staff": msgspec.to_builtins(session.staff), "csrf": session.csrf}


def _signed_out() -> HTTPResponse:
    response = HTTPResponse(status=204, headers={**NO_STORE, "Clear-Site-Data": '"cache"'})
    drop_session(response)
    return response
