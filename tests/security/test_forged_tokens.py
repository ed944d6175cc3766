"""Tokens that were once good ones, altered, expired or of somebody else: nobody is admitted."""

from __future__ import annotations

import base64
import json
import os
import random
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from redis.asyncio import Redis

from bot.edge.cookies import SESSION_COOKIE
from bot.staff.roles import Role
from tests.edge.conftest import OPEN, Customer, open_conversation
from tests.edge.servers import start_edge
from tests.edge.test_access_identity import SECRET, signed
from tests.support.staff import SESSION, add_account, sign_in

# Of each kind; a long run makes it 10,000 together with those that are merely guessed.
FORGED = int(os.environ.get("FIRSTLINE_TEST_GUESSES", "240")) // 4
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def altered(token: str, count: int) -> Iterator[str]:
    """So many tokens that are nearly this one, none of them the same."""
    chance = random.Random(token)
    for number in range(count):
        at = chance.randrange(len(token))
        other = chance.choice([it for it in LETTERS if it != token[at]])
        forged = (
            token[:at] + other + token[at + 1 :],
            token[:at] + token[at + 1 :],
            token[:at] + other + token[at:],
            token.swapcase(),
            token[::-1],
            token + "=" * chance.randint(1, 3),
            token[: chance.randrange(len(token))],
            f'"{token}',
        )[number % 8]
        if forged and forged != token:
            yield forged


def test_altered_tokens_open_no_conversation(
    client: httpx.Client, new_customer: Callable[[], Customer]
) -> None:
    mine, other = new_customer(), new_customer()
    path = f"{mine.path}/events"
    accept = {"Accept": "application/json"}
    for token in (
        *altered(mine.token, FORGED),
        *altered(other.token, FORGED),
        other.token,
        mine.id,
    ):
        answer = client.get(path, headers=accept | {"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, token
    for scheme in ("Basic", "Token", "bearer:", ""):
        headers = accept | {"Authorization": f"{scheme} {mine.token}".strip()}
        assert client.get(path, headers=headers).status_code == 401
    assert mine.read().status_code == 200


async def test_altered_cookies_open_no_session(client: httpx.Client, redis: Redis) -> None:
    colleague = sign_in(client, (await add_account(redis, *Role)).login)
    for token in altered(colleague.token, FORGED):
        answer = client.get(SESSION, headers={"Cookie": f"{SESSION_COOKIE}={token}"})
        assert answer.status_code == 401, token
    assert colleague.get(SESSION).status_code == 200


@pytest.fixture(scope="module")
def desk(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """An edge that takes identity tokens."""
    server, url = start_edge(
        tmp_path_factory.mktemp("edge"), redis_url,
        FIRSTLINE_IDENTITY_KEY=SECRET, FIRSTLINE_IDENTITY_AUDIENCE="firstline",
    )  # fmt: skip
    with httpx.Client(base_url=url, timeout=35) as client:
        yield client
    assert server.stop() == 0, "".join(server.output)


def resigned(number: int) -> str:
    """A token with claims that somebody would like to have, under an old signature or another key."""
    head, _, signature = signed(sub="c-1").split(".")
    claims = {"sub": f"c-{number}", "aud": "firstline", "exp": int(time.time()) + 300}
    heads: tuple[object, ...] = (
        {"alg": "none"}, {"alg": "HS256", "jwk": {"kty": "oct", "k": "AA"}}, {"alg": "RS256"},
        {"alg": "HS256", "kid": "../../dev/null"}, {"alg": "hs256"}, {"alg": ["HS256"]}, None,
    )  # fmt: skip
    head = _part(heads[number % len(heads)]) if number % 2 else head
    return f"{head}.{_part(claims)}.{signature if number % 3 else ''}"


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def test_altered_identities_open_nothing(desk: httpx.Client, redis: Redis) -> None:
    good = signed(sub="c-1")
    expired = (signed(sub="c-1", exp=int(time.time()) - n) for n in range(120, 180))
    foreign = (signed(sub="c-1", aud=f"shop-{n}") for n in range(20))
    forged = (resigned(n) for n in range(FORGED // 2))
    for token in (*altered(good, FORGED // 2), *expired, *foreign, *forged):
        if token.rstrip("=") == good:
            continue
        answer = desk.post(OPEN, json={"identity": token})
        assert answer.status_code == 422, token
    assert await redis.keys("*:conversation:*") == []
    assert desk.post(OPEN, json={"identity": good}).status_code == 201
    assert open_conversation(desk).read().status_code == 200
