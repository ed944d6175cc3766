"""The session of staff in a real browser: on http://127.0.0.1 too, by password and by a provider."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from redis.asyncio import Redis

from bot.edge.cookies import SESSION_COOKIE
from bot.staff.roles import Role
from tests.browser.conftest import NewContext
from tests.edge.servers import start_edge
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.support.staff import PASSWORD, SESSION, add_account

pytestmark = [pytest.mark.browser]

SIGN_IN = """async ([path, login, password]) => {
  const answer = await fetch(path, { method: "POST", body: JSON.stringify({ login, password }),
    headers: { "Content-Type": "application/json" } });
  return [answer.status, await answer.json()];
}"""
WHO = "path => fetch(path).then(async (it) => [it.status, await it.json()])"
SIGN_OUT = """([path, csrf]) => fetch(path, { method: "DELETE", headers: { "X-CSRF-Token": csrf } })
  .then((it) => it.status)"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def edge_url(
    provider: Provider, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    server, url = start_edge(
        tmp_path_factory.mktemp("edge"), redis_url, FIRSTLINE_OIDC_ISSUER=provider.url,
        FIRSTLINE_OIDC_CLIENT_ID=CLIENT_ID, FIRSTLINE_OIDC_CLIENT_SECRET=CLIENT_SECRET,
    )  # fmt: skip
    yield url
    assert server.stop() == 0, "".join(server.output)


@pytest.fixture
def login(redis_url: str) -> str:
    """The login of a new agent."""

    async def add() -> str:
        async with Redis.from_url(redis_url) as redis:
            return (await add_account(redis, Role.AGENT)).login

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(add())).result()


def kept(context: BrowserContext) -> list[Any]:
    return [it for it in context.cookies() if it.get("name") == SESSION_COOKIE]


def signed_in(page: Page, url: str, login: str) -> str:
    """Signs in on a page of the edge; returns the CSRF token."""
    page.goto(f"{url}/desk")
    status, body = page.evaluate(SIGN_IN, [SESSION, login, PASSWORD])
    assert status == 200, body
    return str(body["csrf"])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_browser_keeps_and_sends_the_cookie(
    new_context: NewContext, edge_url: str, login: str, host: str
) -> None:
    context = new_context()
    page = context.new_page()
    url = edge_url.replace("127.0.0.1", host)
    csrf = signed_in(page, url, login)
    (cookie,) = kept(context)
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
    assert page.evaluate("document.cookie") == ""
    page.reload()
    status, body = page.evaluate(WHO, SESSION)
    assert (status, body["staff"]["id"], body["csrf"]) == (200, login, csrf)
    assert page.evaluate(SIGN_OUT, [SESSION, csrf]) == 204
    assert kept(context) == []
    assert page.evaluate(WHO, SESSION)[0] == 401


def test_another_site_gets_nothing_with_the_cookie(
    new_context: NewContext, edge_url: str, login: str, provider: Provider
) -> None:
    """A page of another site may make the browser ask, but neither with the cookie nor to read."""
    context = new_context()
    page = context.new_page()
    signed_in(page, edge_url, login)
    page.goto(provider.url.replace("127.0.0.1", "localhost") + "/keys")
    tried = """async (url) => {
      const read = await fetch(url, { credentials: "include" }).then((it) => it.status, () => "no");
      const sent = await fetch(url, { method: "DELETE", credentials: "include" })
        .then((it) => it.status, () => "no");
      return [read, sent];
    }"""
    assert page.evaluate(tried, edge_url + SESSION) == ["no", "no"]
    page.goto(f"{edge_url}/desk")
    assert page.evaluate(WHO, SESSION)[0] == 200


def test_signing_in_at_a_provider(
    new_context: NewContext, edge_url: str, provider: Provider
) -> None:
    context = new_context()
    page = context.new_page()
    page.goto(f"{edge_url}/desk")
    page.evaluate("location.assign('/sign-in/start')")
    expect(page).to_have_url(f"{edge_url}/desk")
    status, body = page.evaluate(WHO, SESSION)
    assert (status, body["staff"]["id"]) == (200, "sso:person-1")
    assert [it.get("name") for it in context.cookies()] == [SESSION_COOKIE]
