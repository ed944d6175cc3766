"""Signing in and out, and what a session is good for."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from bot.edge.access import CSRF_HEADER
from bot.edge.cookies import SESSION_COOKIE
from bot.staff import sessions
from bot.staff.accounts import Accounts
from bot.staff.audit import Audit
from bot.staff.keys import session_key
from bot.staff.passwords import Passwords
from bot.staff.roles import Role
from tests.edge.conftest import HOST_PAGE, problem
from tests.support.staff import PASSWORD, SESSION, Colleague, add_account, sign_in, token_in

SESSIONS = "/api/v1/staff/sessions"


@pytest.fixture
async def agent(client: httpx.Client, redis: Redis) -> Colleague:
    return sign_in(client, (await add_account(redis, Role.AGENT)).login)


async def test_signing_in_gives_a_cookie_that_only_our_pages_send(
    client: httpx.Client, redis: Redis
) -> None:
    account = await add_account(redis, Role.AGENT, Role.TRAINER)
    answer = client.post(SESSION, json={"login": account.login, "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    staff = answer.json()["staff"]
    assert (staff["id"], staff["name"]) == (account.login, account.name)
    assert set(staff["roles"]) == {"agent", "trainer"}
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "domain" not in cookie.lower()
    assert len(token_in(answer)) >= 43


async def test_only_a_hash_of_the_session_token_is_stored(agent: Colleague, redis: Redis) -> None:
    key = session_key(hashlib.sha256(agent.token.encode()).hexdigest())
    assert await redis.exists(key)
    kept: list[Any] = await redis.keys("*")
    kept += [await redis.dump(name) or b"" for name in kept]
    assert not any(
        secret in it for it in kept for secret in (agent.token.encode(), PASSWORD.encode())
    )


def test_the_session_is_shown_to_its_holder(agent: Colleague) -> None:
    answer = agent.get(SESSION)
    assert answer.json()["staff"]["id"] == agent.login
    assert answer.json()["csrf"] == agent.csrf


def test_each_signing_in_is_a_session_of_its_own(agent: Colleague) -> None:
    again = sign_in(agent.client, agent.login)
    assert again.token != agent.token
    assert again.csrf != agent.csrf


def test_logins_are_not_told_apart_by_case(agent: Colleague) -> None:
    assert sign_in(agent.client, f" {agent.login.upper()} ").get(SESSION).status_code == 200


def test_signing_out_ends_this_session_and_no_other(agent: Colleague) -> None:
    other = sign_in(agent.client, agent.login)
    answer = agent.request("DELETE", SESSION)
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    problem(agent.get(SESSION), 401)
    assert other.get(SESSION).status_code == 200


def test_signing_out_everywhere_ends_all_of_them(agent: Colleague) -> None:
    other = sign_in(agent.client, agent.login)
    assert agent.request("DELETE", SESSIONS).status_code == 204
    problem(agent.get(SESSION), 401)
    problem(other.get(SESSION), 401)
    assert sign_in(agent.client, agent.login).get(SESSION).status_code == 200


async def test_disabling_ends_sessions_and_lets_nobody_in(agent: Colleague, redis: Redis) -> None:
    accounts = Accounts(redis)
    await accounts.disable(agent.login, "console")
    problem(agent.get(SESSION), 401)
    credentials = {"login": agent.login, "password": PASSWORD}
    disabled = agent.client.post(SESSION, json=credentials)
    unknown = agent.client.post(SESSION, json=credentials | {"login": "nobody"})
    problem(disabled, 401)
    assert (disabled.content, dict(disabled.headers)) == (unknown.content, dict(unknown.headers))
    await accounts.enable(agent.login, "console")
    problem(agent.get(SESSION), 401)
    assert sign_in(agent.client, agent.login).get(SESSION).status_code == 200


async def test_another_password_ends_sessions(agent: Colleague, redis: Redis) -> None:
    new = "quiet orchard lantern"
    await Accounts(redis).set_password(agent.login, "console", await Passwords().hashed(new))
    problem(agent.get(SESSION), 401)
    problem(agent.client.post(SESSION, json={"login": agent.login, "password": PASSWORD}), 401)
    assert sign_in(agent.client, agent.login, new).get(SESSION).status_code == 200


async def test_roles_hold_from_the_next_request(agent: Colleague, redis: Redis) -> None:
    await Accounts(redis).set_roles(agent.login, "console", frozenset({Role.MANAGER}))
    assert agent.get(SESSION).json()["staff"]["roles"] == ["manager"]


async def test_a_session_ends_when_idle_and_in_the_end(agent: Colleague, redis: Redis) -> None:
    key = session_key(hashlib.sha256(agent.token.encode()).hexdigest())
    assert 0 < await redis.ttl(key) <= sessions.IDLE_SECONDS
    await redis.expire(key, sessions.IDLE_SECONDS - 10 * sessions.REFRESH_SECONDS)
    assert agent.get(SESSION).status_code == 200
    assert await redis.ttl(key) > sessions.IDLE_SECONDS - sessions.REFRESH_SECONDS
    stored = json.loads(await redis.get(key) or b"")
    await redis.set(key, json.dumps(stored | {"ends": stored["ends"] - sessions.LONGEST_SECONDS}))
    problem(agent.get(SESSION), 401)


@pytest.mark.parametrize("csrf", [None, "", "x", "{other}", "{token}", "\xe9"])
def test_unsafe_calls_need_the_csrf_token(agent: Colleague, csrf: str | None) -> None:
    other = sign_in(agent.client, agent.login)
    headers = {b"Cookie": f"{SESSION_COOKIE}={agent.token}".encode()}
    if csrf is not None:
        filled = csrf.format(other=other.csrf, token=agent.token)
        headers[CSRF_HEADER.encode()] = filled.encode("latin-1")
    for path in (SESSION, SESSIONS):
        body = problem(agent.client.request("DELETE", path, headers=headers), 403)
        assert body["type"] == "urn:firstline:csrf"
    assert agent.get(SESSION).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": HOST_PAGE}, {"Origin": "null"}, {"Origin": "https://evil.example"},
     {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
def test_other_pages_may_not_use_the_staff_api(agent: Colleague, headers: dict[str, str]) -> None:
    """Not even those that may embed the widget."""
    credentials = {"login": agent.login, "password": PASSWORD}
    for answer in (
        agent.get(SESSION, headers=headers),
        agent.client.post(SESSION, json=credentials, headers=headers),
    ):
        assert problem(answer, 403)["type"] == "urn:firstline:origin"
        assert "access-control-allow-origin" not in answer.headers
    assert agent.client.options(SESSION, headers=headers).status_code == 405


def test_signing_in_takes_json_only(client: httpx.Client) -> None:
    """A form of another site can send anything but JSON without asking (login CSRF)."""
    problem(client.post(SESSION, data={"login": "a", "password": "b"}), 415)


NEW = "quiet orchard lantern"
CHANGE = "/api/v1/staff/password"


async def test_one_changes_ones_own_password(agent: Colleague, redis: Redis) -> None:
    other = sign_in(agent.client, agent.login)
    answer = agent.request("PUT", CHANGE, json={"password": PASSWORD, "new": NEW})
    assert answer.status_code == 200, answer.text
    here = Colleague(agent.client, agent.login, token_in(answer), answer.json()["csrf"])
    assert here.get(SESSION).status_code == 200
    for ended in (agent, other):
        problem(ended.get(SESSION), 401)
    credentials = {"login": agent.login, "password": PASSWORD}
    problem(agent.client.post(SESSION, json=credentials), 401)
    sign_in(agent.client, agent.login, NEW)
    changed = [it.staff for it in await Audit(redis).page() if it.what == "account.password"]
    assert changed == [agent.login]


@pytest.mark.parametrize(
    ("password", "new", "kind"),
    [("wrong", NEW, "password"), (PASSWORD, "short", "new-password"),
     (PASSWORD, "password1234", "new-password"), (PASSWORD, "x" * 129, "invalid"),
     (PASSWORD, "meadowmeadow", "new-password")],
)  # fmt: skip
def test_a_password_is_not_changed_by_others_nor_to_a_bad_one(
    agent: Colleague, password: str, new: str, kind: str
) -> None:
    body = {"password": password, "new": new}
    refusal = problem(agent.request("PUT", CHANGE, json=body), 422)
    assert refusal["type"] == f"urn:firstline:{kind}"
    assert refusal["detail"].endswith(".")
    assert not refusal["detail"].endswith("..")
    assert agent.get(SESSION).status_code == 200
    sign_in(agent.client, agent.login)


async def test_a_stolen_session_is_no_place_to_guess_passwords(agent: Colleague) -> None:
    body = {"password": "wrong", "new": NEW}
    answers = [agent.request("PUT", CHANGE, json=body).status_code for _ in range(10)]
    assert answers[0] == 422
    assert answers[-1] == 429


async def test_what_happens_with_sessions_is_in_the_audit_log(
    agent: Colleague, redis: Redis
) -> None:
    agent.client.post(SESSION, json={"login": agent.login, "password": "wrong"})
    agent.client.post(SESSION, json={"login": "a secret typed here", "password": "wrong"})
    agent.request("DELETE", SESSION)
    written = [(it.staff, it.what, it.about) for it in await Audit(redis).page()]
    assert written == [
        (agent.login, "session.end", agent.login),
        ("", "session.refuse", ""),
        (agent.login, "session.refuse", agent.login),
        (agent.login, "session.begin", agent.login),
        ("console", "account.add", agent.login),
    ]
