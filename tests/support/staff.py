"""Members of staff for tests: accounts made in Redis, and their sessions at a real edge."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from redis.asyncio import Redis

from bot.edge.access import CSRF_HEADER
from bot.edge.cookies import SESSION_COOKIE
from bot.staff.accounts import Account, Accounts
from bot.staff.passwords import HASHER
from bot.staff.roles import Role

SESSION = "/api/v1/staff/session"
PASSWORD = "sunlit harbour crane"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Colleague:
    """Somebody signed in at the edge that `client` talks to."""

    client: httpx.Client
    login: str
    token: str
    csrf: str

    @property
    def headers(self) -> dict[str, str]:
        """What the browser of this colleague sends along."""
        return {"Cookie": f"{SESSION_COOKIE}={self.token}", CSRF_HEADER: self.csrf}

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = self.headers | more.pop("headers", {})
        return self.client.request(method, path, headers=headers, **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)


async def add_account(redis: Redis, *roles: Role, login: str = "", name: str = "") -> Account:
    """An account with PASSWORD; "agent-1", "Agent One" or the like unless told otherwise."""
    number = next(_NUMBERS)
    first = roles[0].value
    account = Account(
        login or f"{first}-{number}",
        name or f"{first.capitalize()} {number}",
        frozenset(roles),
        password=_hash(PASSWORD),
    )
    await Accounts(redis).add(account, "console")
    return account


def sign_in(client: httpx.Client, login: str, password: str = PASSWORD) -> Colleague:
    """Signs in as a browser does."""
    answer = client.post(SESSION, json={"login": login, "password": password})
    assert answer.status_code == 200, answer.text
    return Colleague(client, login, token_in(answer), answer.json()["csrf"])


def token_in(answer: httpx.Response) -> str:
    """The session token that the answer sets."""
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name == SESSION_COOKIE
    return str(rest.partition(";")[0])


@cache
def _hash(password: str) -> str:
    return HASHER.hash(password)
