"""The cookies of staff: the session's, for our own pages alone.

`__Host-` has the browser refuse one that is not Secure, has a Domain or another Path (RFC 6265bis,
section 4.1.3). Browsers count http://127.0.0.1 and http://localhost as secure.
"""

from __future__ import annotations

from sanic import HTTPResponse, Request

from bot.staff.sessions import LONGEST_SECONDS

SESSION_COOKIE = "__Host-firstline"


def session_token(request: Request) -> str:
    """The session token that the request carries; empty when it carries none."""
    return str(request.cookies.get(SESSION_COOKIE) or "")


def keep_session(response: HTTPResponse, token: str) -> None:
    """Has the browser keep the session's token."""
    _set(response, token, LONGEST_SECONDS)


def drop_session(response: HTTPResponse) -> None:
    """Has the browser forget the session's token."""
    _set(response, "", 0)


def _set(response: HTTPResponse, value: str, seconds: int) -> None:
    response.headers.add(
        "Set-Cookie",
        f"{SESSION_COOKIE}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict",
    )
