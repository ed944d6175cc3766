"""Going on with a filed case's conversation on another device."""

from __future__ import annotations

import time

import httpx
import msgspec
import pytest
from redis.asyncio import Redis

from bot.case.filing import filed
from bot.case.model import Field, State
from bot.conversation.change import Change
from bot.conversation.keys import conversation_keys, mail_key
from bot.conversation.numbers import propose_number
from bot.conversation.store import Conversations
from bot.identity.resumption import FRAGMENT, LIFE_MINUTES, MINUTE, ResumptionLinks
from bot.mail.order import MailOrder, decode_order
from tests.edge.conftest import Customer, Edge, problem

ASK, TAKE = "/api/v1/resume", "/api/v1/resume/open"
EMAIL = "ada@mail.example"


async def with_filed_case(redis: Redis, customer: Customer, email: str | None = EMAIL) -> str:
    """Files a case in the customer's conversation; returns its number."""
    conversations = Conversations(redis)
    read = await conversations.read(customer.id)
    case = read.case.with_field("description", Field("no data", State.STATED, "no data"))
    if email:
        case = case.with_field("contact_email", Field(email, State.STATED, email))
    number = propose_number(customer.id)
    case = filed(case, number, "2026-11-22T08:00:00Z")
    await conversations.change(read, Change(case=case, filed=msgspec.json.encode({})))
    return number


async def orders(redis: Redis, customer: Customer) -> list[MailOrder]:
    """The mails ordered in the customer's conversation."""
    outbox = conversation_keys(customer.id).outbox
    ids = [str(id, "ascii") for id in await redis.zrange(outbox, 0, -1)]  # type: ignore[arg-type]
    stored = [await redis.hget(mail_key(id), "mail") or b"" for id in ids]
    found = [decode_order(bytes(one)) for one in stored]  # type: ignore[arg-type]
    return [order for order in found if order.conversation == customer.id]


async def link_for(redis: Redis, customer: Customer) -> str:
    [order] = await orders(redis, customer)
    return order.facts["link"].partition(f"#{FRAGMENT}")[2]


async def test_a_link_opens_the_conversation_on_both_devices(
    redis: Redis, customer: Customer, client: httpx.Client
) -> None:
    number = await with_filed_case(redis, customer)
    assert client.post(ASK, json={"case": f" {number.lower()} "}).status_code == 202
    [order] = await orders(redis, customer)
    assert (order.to, order.number) == (EMAIL, number)
    answer = client.post(TAKE, json={"link": await link_for(redis, customer)})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    other = Customer(client, answer.json()["conversation"], answer.json()["token"])
    assert other.id == customer.id
    assert other.say("from my laptop").status_code == 202
    assert customer.say("from my phone").status_code == 202
    assert customer.said() == other.said() == ["from my laptop", "from my phone"]


async def test_every_case_number_gets_the_same_answer(
    redis: Redis, customer: Customer, client: httpx.Client
) -> None:
    without_address = await with_filed_case(redis, customer, email=None)
    answers = [client.post(ASK, json={"case": it}) for it in (without_address, "FL-000000", "?")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, "{}")}
    assert await orders(redis, customer) == []


async def test_only_a_few_links_an_hour_are_sent(
    redis: Redis, customer: Customer, client: httpx.Client
) -> None:
    number = await with_filed_case(redis, customer)
    codes = [client.post(ASK, json={"case": number}).status_code for _ in range(5)]
    assert codes == [202, 202, 202, 429, 429]
    assert len(await orders(redis, customer)) == 3


@pytest.mark.parametrize("change", ["forged", "another", "late", "nonsense"])
async def test_no_other_link_opens_anything(
    redis: Redis, customer: Customer, edge: Edge, client: httpx.Client, change: str
) -> None:
    await with_filed_case(redis, customer)
    links = ResumptionLinks("", (edge.state_dir / "secret").read_text())
    now = int(time.time() * 1000)
    good = links.link(customer.id, now).partition(FRAGMENT)[2]
    late = links.link(customer.id, now - LIFE_MINUTES * MINUTE).partition(FRAGMENT)[2]
    forged = ResumptionLinks("", "guess").link(customer.id, now).partition(FRAGMENT)[2]
    body = {"forged": forged, "another": good.replace(customer.id, "x" * 22), "late": late,
            "nonsense": "..."}  # fmt: skip
    problem(client.post(TAKE, json={"link": body[change]}), 422)
    assert client.post(TAKE, json={"link": good}).status_code == 201
