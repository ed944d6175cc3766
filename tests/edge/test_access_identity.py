"""A conversation opened with an identity token of the host site."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from redis.asyncio import Redis

from bot.case.model import Case, Field, State
from bot.conversation.store import Conversations
from bot.edge.introduction import CUSTOMER_ID, CUSTOMER_NAME
from tests.edge.conftest import OPEN, Customer, problem
from tests.edge.servers import start_edge

SECRET = "0123456789abcdef0123456789abcdef"
KNOWN = {
    "sub": "c-1",
    "name": "Customer One",
    "email": "one@mail.example",
    "phone_number": "+44 7700 900123",
    "account_number": "12 3456 7890",
}


@pytest.fixture(scope="module")
def desk(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """An edge that takes tokens of a host site."""
    server, url = start_edge(
        tmp_path_factory.mktemp("edge"), redis_url,
        FIRSTLINE_IDENTITY_KEY=SECRET, FIRSTLINE_IDENTITY_AUDIENCE="firstline",
    )  # fmt: skip
    with httpx.Client(base_url=url, timeout=35) as client:
        yield client
    assert server.stop() == 0, "".join(server.output)


def signed(**claims: Any) -> str:
    whole = {"aud": "firstline", "exp": int(time.time()) + 300} | claims
    return jwt.encode({"alg": "HS256"}, whole, OctKey.import_key(SECRET))


def opened(desk: httpx.Client, token: str) -> Customer:
    answer = desk.post(OPEN, json={"identity": token})
    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"conversation", "token", "cursor"}
    return Customer(desk, answer.json()["conversation"], answer.json()["token"])


async def test_what_the_host_site_knows_is_in_the_case_from_the_start(
    desk: httpx.Client, redis: Redis
) -> None:
    customer = opened(desk, signed(**KNOWN))
    (event,) = [it for it in customer.events() if it["type"] == "case"]
    fields = event["case"]["fields"]
    for name, value in (
        ("account_number", "1234567890"),
        ("contact_email", "one@mail.example"),
        ("contact_phone", "+44 7700 900123"),
    ):
        assert (fields[name]["value"], fields[name]["state"]) == (value, "verified")
    stored = await Conversations(redis).read(customer.id)
    assert stored.case.field("account_number").state is State.VERIFIED
    assert not stored.case.begun
    assert (stored.meta[CUSTOMER_ID], stored.meta[CUSTOMER_NAME]) == ("c-1", "Customer One")


async def test_what_cannot_be_a_value_is_left_out(desk: httpx.Client, redis: Redis) -> None:
    wrong = {"account_number": "12", "email": "not an address", "phone_number": "call me"}
    customer = opened(desk, signed(**(KNOWN | wrong)))
    stored = await Conversations(redis).read(customer.id)
    assert stored.case.fields == {}
    assert stored.meta[CUSTOMER_NAME] == "Customer One"


def test_the_customer_may_still_correct_it(desk: httpx.Client, redis: Redis) -> None:
    customer = opened(desk, signed(**KNOWN))
    field = customer.edit("account_number", "87654321").json()["fields"]["account_number"]
    assert (field["value"], field["state"]) == ("87654321", "corrected")


@pytest.mark.parametrize(
    "token",
    ["x", "eyJhbGciOiJub25lIn0.e30.", signed(sub="c-1", aud="another"), signed(sub=""),
     signed(sub="c-1", exp=1), signed(sub="c-1")[:-4] + "AAAA"],
)  # fmt: skip
async def test_a_token_that_does_not_hold_opens_nothing(
    desk: httpx.Client, redis: Redis, token: str
) -> None:
    body = problem(desk.post(OPEN, json={"identity": token}), 422)
    assert body["type"] == "urn:firstline:identity"
    assert await redis.keys("*:conversation:*") == []


def test_without_a_token_a_customer_is_somebody_unknown(desk: httpx.Client, redis: Redis) -> None:
    answer = desk.post(OPEN, json={})
    customer = Customer(desk, answer.json()["conversation"], answer.json()["token"])
    assert [it["type"] for it in customer.events()] == ["owner", "message", "message"]


def test_the_demo_page_has_its_tokens_signed_in_development_only(
    desk: httpx.Client, client: httpx.Client
) -> None:
    token = client.post("/demo/identity").json()["token"]
    customer = opened(client, token)
    (event,) = [it for it in customer.events() if it["type"] == "case"]
    assert event["case"]["fields"]["account_number"]["state"] == "verified"
    problem(desk.post("/demo/identity"), 404)
    problem(desk.post(OPEN, json={"identity": token}), 422)
    problem(client.post("/demo/identity", headers={"X-Forwarded-For": "192.0.2.1"}), 404)


def test_starting_over_keeps_what_the_host_site_vouches_for() -> None:
    vouched = Field("1234567890", State.VERIFIED)
    case = Case(locale="de").with_field("account_number", vouched)
    told = case.with_field("device", Field("iPhone 14", State.STATED))
    assert told.begun
    assert told.anew() == Case(locale="de", fields={"account_number": vouched})
    assert not told.anew().begun
