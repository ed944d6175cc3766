"""The cookies of staff: the session's, for our own pages alone.

`__Host-` has the browser refuse one that is not Secure, has a Domain or another Path (RFC 6265bis,
section 4.1.3). Browsers count http://127.0.0.1 and http://localhost as secure.
"""

from __future__ import annotations

from sanic import HTTPResponse, Request

from bot.staff.sessions import LONGEST_SECONDS

SESSION_COOKIE = "__Host-firstline"
# Comes back with a navigation from another site, so it is Lax.
SIGN_IN_COOKIE = "__Host-firstline-sign-in"


def session_token(request: Request) -> str:
    """The session token that the request carries; empty when it carries none."""
    return str(request.cookies.get(SESSION_COOKIE) or "")


def keep_session(response: HTTPResponse, token: str) -> None:
    """Has the browser keep the session's token."""
    _set(response, SESSION_COOKIE, token, LONGEST_SECONDS, "Strict")


def drop_session(response: HTTPResponse) -> None:
    """Has the browser forget the session's token."""
    _set(response, SESSION_COOKIE, "", 0, "Strict")


def begun_sign_in(request: Request) -> str:
    """The state of the sign-in that this browser has begun; empty when there is none."""
    return str(request.cookies.get(SIGN_IN_COOKIE) or "")


def keep_sign_in(response: HTTPResponse, state: str, seconds: int) -> None:
    """Has the browser keep the state of a sign-in elsewhere, so that nobody else can end it."""
    _set(response, SIGN_IN_COOKIE, state, seconds, "Lax")


def drop_sign_in(response: HTTPResponse) -> None:
    """Has the browser forget the sign-in it has begun."""
    _set(response, SIGN_IN_COOKIE, "", 0, "Lax")


def _set(response: HTTPResponse, name: str, value: str, seconds: int, same_site: str) -> None:
    response.headers.add(
        "Set-Cookie",
        f"{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite={same_site}",
    )
