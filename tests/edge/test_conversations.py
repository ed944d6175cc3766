"""Opening a conversation, and who may use it."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable

import httpx
import pytest
from redis.asyncio import Redis

from bot.content import load_content
from bot.conversation.keys import conversation_keys
from bot.settings import ROOT
from tests.edge.conftest import HOST_PAGE, OPEN, Customer, problem


def test_opening_gives_an_unguessable_conversation_and_token(client: httpx.Client) -> None:
    first, second = (client.post(OPEN, json={}) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert set(first.json()) == {"conversation", "token", "cursor"}
    assert first.json()["cursor"] == "0-0"
    assert first.headers["cache-control"] == "no-store"
    for part, size in (("conversation", 16), ("token", 32)):
        assert first.json()[part] != second.json()[part]
        assert len(base64.urlsafe_b64decode(first.json()[part] + "==")) >= size


def test_the_conversation_begins_with_its_owner_and_a_greeting(customer: Customer) -> None:
    owner, greeting, notice = customer.events()
    brand = load_content(ROOT / "data").brand
    assert (owner["type"], owner["owner"]) == ("owner", "bot")
    assert (greeting["type"], greeting["from"]) == ("message", "bot")
    assert greeting["text"] == brand.greeting
    assert notice["from"] == "system"
    assert brand.privacy_notice in notice["text"]


async def test_only_a_hash_of_the_token_is_stored(customer: Customer, redis: Redis) -> None:
    again = Customer(customer.client, *_opened(customer.client))
    stored = dict(await redis.hgetall(conversation_keys(again.id).meta))
    assert stored[b"token"] == hashlib.sha256(again.token.encode()).hexdigest().encode()
    assert again.token not in str(stored)


def _opened(client: httpx.Client) -> tuple[str, str]:
    answer = client.post(OPEN, json={"locale": "en-GB"}).json()
    return answer["conversation"], answer["token"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 422),
        (b'"x"', 422),
        (b"null", 422),
        (b'{"surprise": 1}', 422),
        (b'{"identity": 5}', 422),
        (b'{"identity": "eyJhbGciOiJub25lIn0.e30."}', 422),
        (b'{"locale": "../../etc"}', 422),
        (b"[" * 20_000, 422),
        (b'{"locale": NaN}', 400),
        (b"{} " + b" " * 70_000, 413),
    ],
)
def test_what_does_not_fit_is_refused(client: httpx.Client, body: bytes, status: int) -> None:
    answer = client.post(OPEN, content=body, headers={"Content-Type": "application/json"})
    problem(answer, status)


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_only_json_is_taken(client: httpx.Client, media: str) -> None:
    problem(client.post(OPEN, content=b"{}", headers={"Content-Type": media}), 415)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Basic {token}", "{token}", "Bearer {token}x",
     "Bearer {other}", "Bearer \xe9\xff"],
)  # fmt: skip
def test_nobody_is_let_in_without_the_token_of_the_conversation(
    new_customer: Callable[[], Customer], header: str
) -> None:
    customer, other = new_customer(), new_customer()
    filled = header.format(token=customer.token, other=other.token)
    headers = {b"Authorization": filled.encode("latin-1")} if header else {}
    for method, what in (("POST", "messages"), ("GET", "events"), ("PATCH", "case"),
                         ("POST", "files"), ("GET", "files/" + "0" * 32)):  # fmt: skip
        answer = customer.client.request(method, f"{customer.path}/{what}", headers=headers)
        problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_guessing_does_not_help(customer: Customer) -> None:
    near = [customer.token[:-1], customer.token + "A", customer.token.swapcase(), customer.id]
    for token in [*near, *(secrets.token_urlsafe(32) for _ in range(200))]:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        answer = customer.client.get(f"{customer.path}/events", headers=headers)
        assert answer.status_code == 401


def test_a_wrong_token_and_an_unknown_conversation_look_the_same(customer: Customer) -> None:
    headers = {"Authorization": "Bearer " + "A" * 43}
    wrong = customer.client.get(f"{customer.path}/events", headers=headers)
    unknown = customer.client.get(f"{OPEN}/{'B' * 22}/events", headers=headers)
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert dict(wrong.headers) == dict(unknown.headers)


async def test_an_erased_conversation_is_unknown_at_once(customer: Customer, redis: Redis) -> None:
    opened = Customer(customer.client, *_opened(customer.client))
    assert opened.say("hello").status_code == 202
    await redis.flushall()
    problem(opened.say("hello"), 401)
    problem(opened.edit("device", "iPhone 14"), 401)


@pytest.mark.parametrize("origin", [None, HOST_PAGE])
def test_allowed_pages_may_use_the_api(client: httpx.Client, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    answer = client.post(OPEN, json={}, headers=headers)
    assert answer.status_code == 201
    assert answer.headers.get("access-control-allow-origin") == origin
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null",
     "https://shop.example:444", "https://SHOP.example", "", "*"],
)  # fmt: skip
def test_pages_of_other_origins_may_not(client: httpx.Client, origin: str) -> None:
    for method in ("POST", "OPTIONS"):
        answer = client.request(method, OPEN, headers={"Origin": origin}, json={})
        problem(answer, 403)
        assert "access-control-allow-origin" not in answer.headers


def test_our_own_pages_may_use_the_api(client: httpx.Client) -> None:
    own = str(client.base_url).rstrip("/")
    assert client.post(OPEN, json={}, headers={"Origin": own}).status_code == 201


def test_preflight_names_what_the_widget_sends(customer: Customer) -> None:
    answer = customer.client.options(
        f"{customer.path}/events",
        headers={"Origin": HOST_PAGE, "Access-Control-Request-Method": "GET"},
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == HOST_PAGE
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert {"authorization", "content-type", "last-event-id"} <= set(allowed.split(", "))


def test_refusals_can_be_read_by_allowed_pages(customer: Customer) -> None:
    answer = customer.client.get(f"{customer.path}/events", headers={"Origin": HOST_PAGE})
    problem(answer, 401)
    assert answer.headers["access-control-allow-origin"] == HOST_PAGE
