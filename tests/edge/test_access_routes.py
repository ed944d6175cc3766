"""Every route of the edge, as its table has it, tried by everybody who may not call it."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from sanic import Sanic

from bot.edge.access import API, CONVERSATION, CSRF_HEADER, SAFE, STAFF, Audience, Route
from bot.edge.app import Edge as EdgeProcess
from bot.edge.app import make_app
from bot.edge.cookies import SESSION_COOKIE
from bot.settings import ROOT, Settings
from bot.staff.accounts import Accounts
from bot.staff.roles import Role
from tests.edge.conftest import HOST_PAGE, Customer, open_conversation
from tests.support.staff import SESSION, add_account, sign_in

Headers = dict[str, str]
# A long run makes it 10,000.
GUESSES = int(os.environ.get("FIRSTLINE_TEST_GUESSES", "200"))
FILLERS = {"str": "abc", "int": "1", "path": "a/b.js", "strorempty": "a"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with every kind of route switched on, as the running edge has them."""
    return Settings(
        redis_url="redis://127.0.0.1:1", state_dir=tmp_path_factory.mktemp("state"), mailbox_port=1
    )


@pytest.fixture(scope="module")
def table(settings: Settings) -> list[Route]:
    return EdgeProcess(settings, ROOT / "data", ROOT / "web" / "dist").routes


def for_staff(table: list[Route]) -> list[Route]:
    return [route for route in table if not isinstance(route.audience, Audience)]


def of(table: list[Route], *audiences: Audience) -> list[Route]:
    return [route for route in table if route.audience in audiences]


def address(route: Route, conversation: str = "c" * 22) -> str:
    """The route's path with something in its places that fits."""
    path = route.path.replace("<conversation:str>", conversation)
    return re.sub(r"<\w+:(\w+)>", lambda place: FILLERS[place[1]], path)


def calls(routes: list[Route], conversation: str = "c" * 22) -> Iterator[tuple[str, str]]:
    """Each method of each route with an address."""
    for route in routes:
        for method in route.methods.split():
            yield method, address(route, conversation)


def test_the_table_names_every_route_of_the_app(settings: Settings, table: list[Route]) -> None:
    app = make_app(settings)
    router = app.router
    try:
        there = {
            ("/" + str(route.path).lstrip("/"), method)
            for groups in (router.static_routes, router.dynamic_routes, router.regex_routes)
            for group in groups.values()
            for route in group.routes
            for method in route.methods
        }
    finally:
        Sanic.unregister_app(app)
    named = {(route.path, method) for route in table for method in route.methods.split()}
    asked_first = {(it.path, "OPTIONS") for it in of(table, Audience.SITES, Audience.CUSTOMER)}
    assert there == named | asked_first


def test_what_is_open_without_a_session_is_this_and_no_more(table: list[Route]) -> None:
    """Whoever opens another address to everybody has to write it down here."""
    open_to_all = {it.path for it in of(table, Audience.ANYBODY)}
    assert {path for path in open_to_all if path.startswith(API)} == set()
    assert {it.path for it in of(table, Audience.SITES)} == {
        f"{API}/conversations",
        f"{API}/resume",
        f"{API}/resume/open",
        f"{API}/status",
    }
    assert {it.path for it in of(table, Audience.OWN_PAGES)} == {
        f"{STAFF}/session",
        f"{STAFF}/sign-in",
        "/sign-in/start",
        "/survey/<token:str>",
    }


@dataclass(frozen=True)
class Wrong:
    """A route that must not be possible."""

    path: str
    audience: Any
    methods: str = "GET"


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong("/x", None),
        Wrong("/x", "staff"),
        Wrong("/x", frozenset()),
        Wrong("/x", frozenset({"root"})),
        Wrong("/x", frozenset({Role.AGENT}), "GET TRACE"),
        Wrong(f"{STAFF}/x", Audience.ANYBODY),
        Wrong(f"{STAFF}/x", Audience.SITES),
        Wrong(f"{CONVERSATION}/x", Audience.SITES),
        Wrong(f"{CONVERSATION}/x", frozenset({Role.AGENT})),
        Wrong("/x", Audience.CUSTOMER),
    ],
)
def test_a_route_that_is_open_by_mistake_cannot_be_made(wrong: Wrong) -> None:
    async def handler() -> None: ...

    with pytest.raises(ValueError, match=wrong.path):
        Route(wrong.methods, wrong.path, handler, wrong.audience)


async def outsiders(client: httpx.Client, redis: Redis) -> dict[str, Headers]:
    """Everybody who is not signed in as staff, by what they are, with all they can send."""
    customer = open_conversation(client)
    roles = tuple(Role)
    out, off, idle = [sign_in(client, (await add_account(redis, *roles)).login) for _ in range(3)]
    assert out.request("DELETE", SESSION).status_code == 204
    await Accounts(redis).disable(off.login, "console")
    for key in await redis.keys("{staff}:session:*"):
        if idle.login in str(await redis.get(key)):
            await redis.pexpire(key, 1)
            while await redis.exists(key):
                time.sleep(0.001)
    good = sign_in(client, (await add_account(redis, *roles)).login)
    forged = {
        "a random cookie": secrets.token_urlsafe(32),
        "a shortened cookie": good.token[:-1],
        "a lengthened cookie": good.token + "A",
        "a hash as cookie": good.csrf,
        "a login as cookie": good.login,
        "an empty cookie": "",
    }
    return {
        "nobody": {},
        "a customer": customer.auth,
        "a customer with the token as cookie": cookie(customer.token, customer.token),
        "a session as bearer": {"Authorization": f"Bearer {good.token}", CSRF_HEADER: good.csrf},
        "signed out": out.headers,
        "disabled": off.headers,
        "idle for too long": idle.headers,
        **{name: cookie(token, good.csrf) for name, token in forged.items()},
        "another cookie's name": {"Cookie": f"firstline={good.token}", CSRF_HEADER: good.csrf},
    }


def cookie(token: str, csrf: str) -> Headers:
    return {"Cookie": f"{SESSION_COOKIE}={token}", CSRF_HEADER: csrf}


async def test_nobody_but_staff_gets_in(
    client: httpx.Client, redis: Redis, table: list[Route]
) -> None:
    let_in = []
    for who, headers in (await outsiders(client, redis)).items():
        for method, path in calls(for_staff(table)):
            answer = client.request(method, path, headers=headers)
            if answer.status_code != 401 or "signed-out" not in answer.text * (method != "HEAD"):
                let_in.append((who, method, path, answer.status_code))
    assert let_in == []


async def test_staff_need_a_role_of_the_route(
    client: httpx.Client, redis: Redis, table: list[Route]
) -> None:
    by_role = {role: sign_in(client, (await add_account(redis, role)).login) for role in Role}
    wrong = []
    for role, route in product(Role, for_staff(table)):
        if role in route.audience:  # type: ignore[operator]
            continue
        for method in route.methods.split():
            answer = by_role[role].request(method, address(route))
            if answer.status_code != 403 or "role" not in answer.text:
                wrong.append((role, method, route.path, answer.status_code))
    assert wrong == []


async def test_the_right_role_is_let_in(
    client: httpx.Client, redis: Redis, table: list[Route]
) -> None:
    """Reading only: what is refused to the others is there at all, and nobody keeps a copy."""
    shut_out = []
    for role in Role:
        colleague = sign_in(client, (await add_account(redis, role)).login)
        for route in for_staff(table):
            if role not in route.audience or not SAFE.issuperset(route.methods.split()):  # type: ignore[operator]
                continue
            status, kept = answered(client, address(route), colleague.headers)
            if status in (401, 403, 405, 500) or (status == 200 and kept != "no-store"):
                shut_out.append((role, route.path, status, kept))
    assert shut_out == []


def answered(client: httpx.Client, path: str, headers: Headers) -> tuple[int, str]:
    """Status and Cache-Control of the answer, of which no more is read; 0 when there is none yet."""
    try:
        with client.stream("GET", path, headers=headers, timeout=2) as answer:
            return answer.status_code, answer.headers.get("cache-control", "")
    except httpx.ReadTimeout:
        return 0, "no-store"


async def test_unsafe_calls_of_staff_need_the_csrf_token(
    client: httpx.Client, redis: Redis, table: list[Route]
) -> None:
    login = (await add_account(redis, *Role)).login
    colleague, other = sign_in(client, login), sign_in(client, login)
    got_through = []
    for (method, path), csrf in product(calls(for_staff(table)), ("", other.csrf, colleague.token)):
        if method in SAFE:
            continue
        answer = replace(colleague, csrf=csrf).request(method, path)
        if answer.status_code != 403 or "csrf" not in answer.text:
            got_through.append((method, path, answer.status_code))
    assert got_through == []


@pytest.mark.parametrize(
    "headers",
    [{"Origin": HOST_PAGE}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_pages_of_other_origins_get_nothing_of_staff(
    client: httpx.Client, redis: Redis, table: list[Route], headers: Headers
) -> None:
    colleague = sign_in(client, (await add_account(redis, *Role)).login)
    got_through = []
    for method, path in calls(for_staff(table) + of(table, Audience.OWN_PAGES)):
        answer = colleague.request(method, path, headers=headers)
        if answer.status_code != 403 or "access-control-allow-origin" in answer.headers:
            got_through.append((method, path, answer.status_code))
        asked = client.options(path, headers=headers | {"Access-Control-Request-Method": method})
        assert asked.status_code == 405
    assert got_through == []


async def test_a_conversation_is_for_its_customer_alone(
    client: httpx.Client, redis: Redis, table: list[Route]
) -> None:
    mine, other = open_conversation(client), open_conversation(client)
    staff = sign_in(client, (await add_account(redis, *Role)).login)
    strangers: dict[str, Headers] = {
        "nobody": {},
        "another customer": other.auth,
        "staff": staff.headers,
        "staff with the session as bearer": {"Authorization": f"Bearer {staff.token}"},
        "the conversation as token": {"Authorization": f"Bearer {mine.id}"},
    }
    routes = of(table, Audience.CUSTOMER)
    assert routes
    for (who, headers), (method, path) in product(strangers.items(), calls(routes, mine.id)):
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == 401, (who, method, path)


async def test_guessed_tokens_open_nothing(client: httpx.Client, customer: Customer) -> None:
    for n in range(GUESSES):
        token = secrets.token_urlsafe(32)
        staff = client.get(SESSION, headers={"Cookie": f"{SESSION_COOKIE}={token}"})
        other = client.get(
            f"{customer.path}/events",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        )
        assert (staff.status_code, other.status_code) == (401, 401), n


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "192.0.2.1"}, {"Forwarded": "for=192.0.2.1"}, {"Host": "evil.example"}],
)
def test_what_is_for_this_machine_is_not_there_for_others(
    client: httpx.Client, table: list[Route], headers: Headers
) -> None:
    routes = of(table, Audience.THIS_MACHINE)
    assert routes
    for method, path in calls(routes):
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == 404, (method, path)


def test_pages_of_other_origins_may_not_read_what_is_for_this_machine(
    client: httpx.Client, table: list[Route]
) -> None:
    for method, path in calls(of(table, Audience.THIS_MACHINE)):
        answer = client.request(method, path, headers={"Origin": HOST_PAGE})
        assert answer.status_code == 403, (method, path)
