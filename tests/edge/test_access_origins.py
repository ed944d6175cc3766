"""Origins by the hundred, and callers behind a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from redis.asyncio import Redis

from bot.staff import lockout
from bot.staff.roles import Role
from tests.edge.conftest import HOST_PAGE, OPEN, open_conversation
from tests.edge.servers import start_edge
from tests.support.staff import PASSWORD, SESSION, add_account, sign_in

FREE = lockout.ADDRESS[0]


def strange_origins(own: str) -> Iterator[str]:
    """A hundred origins that resemble ours or the host page's, and others that are none."""
    for good in (own, HOST_PAGE):
        host = urlsplit(good).netloc
        yield from (
            f"https://{host}.evil.example", f"https://evil.example/{host}", f"{good}.", f"{good}/",
            f"{good}@evil.example", f"https://evil.example#{host}", f"https://a.{host}",
            f"ftp://{host}", f"file://{host}", f"{good}:1", f"{good} ", f" {good}", good.upper(),
            f"{good}, {good}", f"{good}%00.evil.example", f"{good}\\.evil.example", f"//{host}",
            f"javascript:{good}", f"{good}?", f"{good}#", good[:-1], good + "x", f"blob:{good}",
            f"data:{good}", f"view-source:{good}", f"https://{host[::-1]}", f"[{good}]",
            good.replace("://", ":"), good.replace("://", ":/"), good.replace("://", ":///"),
        )  # fmt: skip
    yield from (
        "null",
        "",
        "*",
        "undefined",
        "http://127.0.0.1",
        "http://localhost",
        "https://",
        ":",
    )
    yield from (f"https://shop-{n}.example" for n in range(32))


async def test_no_strange_origin_may_use_any_of_it(client: httpx.Client, redis: Redis) -> None:
    customer = open_conversation(client)
    agent = sign_in(client, (await add_account(redis, *Role)).login)
    origins = list(strange_origins(str(client.base_url).rstrip("/")))
    assert len(set(origins)) >= 100
    let_in = []
    for origin in origins:
        # HTTP drops white space around a header's value (RFC 9110, section 5.5).
        if origin.strip() in (HOST_PAGE, str(client.base_url).rstrip("/")):
            continue
        headers = {"Origin": origin}
        answers = [
            client.post(OPEN, json={}, headers=headers),
            client.get(f"{customer.path}/events", headers=customer.auth | headers),
            client.post(
                SESSION, json={"login": agent.login, "password": PASSWORD}, headers=headers
            ),
            agent.get(SESSION, headers=headers),
            agent.request("DELETE", SESSION, headers=headers),
        ]
        let_in += [
            (origin, answer.status_code)
            for answer in answers
            if answer.status_code != 403 or "access-control-allow-origin" in answer.headers
        ]
    assert let_in == []
    assert agent.get(SESSION).status_code == 200


@pytest.fixture(scope="module")
def behind_proxy(
    redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of an edge that believes one reverse proxy."""
    server, url = start_edge(tmp_path_factory.mktemp("edge"), redis_url, FIRSTLINE_PROXIES="1")
    with httpx.Client(base_url=url, timeout=35) as client:
        yield client
    assert server.stop() == 0, "".join(server.output)


def guess(client: httpx.Client, forwarded_for: str, n: int) -> int:
    return client.post(
        SESSION, json={"login": f"login-{n}", "password": "wrong"},
        headers={"X-Forwarded-For": forwarded_for},
    ).status_code  # fmt: skip


def test_behind_a_proxy_each_caller_is_counted(behind_proxy: httpx.Client, redis: Redis) -> None:
    """What the caller itself puts in front of the proxy's entry counts for nothing."""
    answers = [guess(behind_proxy, f"10.0.0.{n}, 192.0.2.1", n) for n in range(FREE + 2)]
    assert answers[-1] == 429
    assert guess(behind_proxy, "192.0.2.2", 0) == 401


def test_an_ipv6_network_is_one_caller(behind_proxy: httpx.Client, redis: Redis) -> None:
    answers = [guess(behind_proxy, f"2001:db8::{n:x}", n) for n in range(FREE + 2)]
    assert answers[-1] == 429
    assert guess(behind_proxy, "2001:db8:0:1::1", 0) == 401


def test_without_a_proxy_nobody_is_believed(client: httpx.Client, redis: Redis) -> None:
    answers = [guess(client, f"192.0.2.{n}", n) for n in range(FREE + 2)]
    assert answers[-1] == 429


@pytest.mark.parametrize("address", ["unknown", "_hidden", "x" * 300, "192.0.2.1:80", "[::1]", ","])
def test_odd_addresses_are_counted_as_they_are(
    behind_proxy: httpx.Client, redis: Redis, address: str
) -> None:
    assert guess(behind_proxy, address, 0) == 401
