"""Who may use the customer API: allowed origins, and the holder of a conversation's token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Collection
from ipaddress import ip_address

from sanic import HTTPResponse, Request

from bot.conversation.store import Conversations
from bot.edge.problems import Problem
from bot.errors import NotFound

TOKEN_BYTES = 32
REMEMBERED_TOKENS = 20_000
PREFLIGHT_SECONDS = 600


def new_token() -> tuple[str, str]:
    """A token of 256 random bits, and its SHA-256 as it is stored."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    """The SHA-256 of a token, as hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def from_this_machine(request: Request) -> bool:
    """Whether the request comes from this machine, by a local name, and not through a proxy.

    The name is checked because a page from elsewhere may have its own name point here (DNS
    rebinding).
    """
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    return ip_address(request.ip).is_loopback and host in ("127.0.0.1", "localhost", "[::1]")


def address_of(request: Request) -> str:
    """The caller's address, as the nearest trusted proxy says when there is one."""
    # Sanic writes a forwarded IPv6 address in brackets.
    return str(request.remote_addr or request.ip).strip("[]")


class Guard:
    """Checks origins and tokens.

    A conversation's hashes are remembered; only others are added to them, so that a token which is
    not among those remembered is looked up anew.
    """

    def __init__(
        self, own: Collection[str], allowed: Collection[str], conversations: Conversations
    ) -> None:
        self._own = frozenset(own)
        self._origins = frozenset(allowed)
        self._conversations = conversations
        self._hashes: OrderedDict[str, frozenset[str]] = OrderedDict()

    def check_origin(self, request: Request) -> None:
        """Raises `Problem` 403 for a page of an origin that is not on the list.

        A request without Origin does not come from a page's script and is let through.
        """
        origin = request.headers.get("origin")
        if origin is not None and origin not in self._origins:
            raise Problem(403, "origin", "Pages of this site may not use the support desk.")

    def check_own_origin(self, request: Request) -> None:
        """Raises `Problem` 403 for a request that comes from a page which is not ours.

        Browsers say where a request comes from in Origin, and in Sec-Fetch-Site where Origin is
        left out (Fetch Metadata Request Headers, W3C).
        """
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site", "none")
        if (origin is not None and origin not in self._own) or site not in ("none", "same-origin"):
            raise Problem(403, "origin", "Only the support desk's own pages may do this.")

    def cors_headers(self, request: Request) -> dict[str, str]:
        """The headers that let a page of an allowed origin read the answer (Fetch standard)."""
        headers = {"Vary": "Origin"}
        origin = request.headers.get("origin")
        if origin in self._origins:
            headers["Access-Control-Allow-Origin"] = str(origin)
            headers["Access-Control-Expose-Headers"] = "Retry-After"
        return headers

    def preflight(self) -> HTTPResponse:
        """The answer to a browser that asks whether it may send the real request."""
        headers = {
            "Access-Control-Allow-Methods": "GET, POST, PATCH",
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
            "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
        }
        return HTTPResponse(status=204, headers=headers)

    async def admit(self, request: Request, conversation: str) -> None:
        """Raises `Problem` 401 unless the request carries the conversation's token.

        A conversation that does not exist gets the same answer as a wrong token.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = hash_of(token.strip())
        known = self._hashes.get(conversation)
        if known is None or not _is_among(given, known):
            known = await self._look_up(conversation)
        if not _is_among(given, known) or scheme.lower() != "bearer":
            raise _unknown()

    def forget(self, conversation: str) -> Problem:
        """Drops what is remembered of a conversation that is gone; returns the answer to give."""
        self._hashes.pop(conversation, None)
        return _unknown()

    async def _look_up(self, conversation: str) -> frozenset[str]:
        try:
            known = await self._conversations.tokens_of(conversation)
        except NotFound:
            return frozenset()
        self._hashes[conversation] = known
        self._hashes.move_to_end(conversation)
        if len(self._hashes) > REMEMBERED_TOKENS:
            self._hashes.popitem(last=False)
        return known


def _is_among(given: str, known: frozenset[str]) -> bool:
    return any(hmac.compare_digest(given, one) for one in known)


def _unknown() -> Problem:
    return Problem(
        401, "unknown-conversation", "There is no conversation that this token opens.",
        {"WWW-Authenticate": "Bearer"},
    )  # fmt: skip
