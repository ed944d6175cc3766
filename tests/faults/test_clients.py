"""Clients that send twice, all at once, hang up before the reply, or come back all together."""

from __future__ import annotations

import asyncio
import json
import os
import uuid
from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest

from bot.mail.mailbox import FOLDER
from tests.faults.customer import PATIENCE, Customer, Ledger
from tests.faults.oracle import place, settle
from tests.support.stack import Stack

pytestmark = pytest.mark.stack

# FIRSTLINE_FAULT_SENDS: how many messages; FIRSTLINE_FAULT_STORMS: how often all reconnect.
SENDS = int(os.environ.get("FIRSTLINE_FAULT_SENDS", "10"))
STORMS = int(os.environ.get("FIRSTLINE_FAULT_STORMS", "2"))
OF_ONE = 10  # messages in one conversation
READERS = 300
AT_ONE = 30  # readers of one conversation

Note = Callable[[str, object], None]


def bodies() -> Iterator[dict[str, str]]:
    """Messages, each with an id of its own."""
    for number in range(OF_ONE):
        yield {"id": str(uuid.uuid4()), "text": f"are you a bot {number}"}


async def twice(customer: Customer, ledger: Ledger) -> None:
    """Every message is sent two times, both at once."""
    for body in bodies():
        first, second = await asyncio.gather(customer.post(body), customer.post(body))
        assert first == second
        await ledger.note(customer.id, first, body["text"])


async def anyhow(customer: Customer, ledger: Ledger) -> None:
    """All messages are sent at once, the last first."""

    async def send(body: dict[str, str]) -> None:
        await ledger.note(customer.id, await customer.post(body), body["text"])

    await asyncio.gather(*map(send, reversed(list(bodies()))))


async def hung_up(customer: Customer, ledger: Ledger) -> None:
    """Whoever sends hangs up before the reply, and sends again."""
    for body in bodies():
        await hang_up(customer, body)
        await ledger.note(customer.id, await customer.post(body), body["text"])


async def hang_up(customer: Customer, body: dict[str, str]) -> None:
    """Sends a message and closes the connection without reading."""
    content = json.dumps(body).encode()
    url = customer.client.base_url
    head = [f"POST {customer.path}/messages HTTP/1.1", f"Host: {url.netloc.decode()}",
            "Content-Type: application/json", f"Content-Length: {len(content)}",
            *(f"{name}: {value}" for name, value in customer.headers.items())]  # fmt: skip
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + content)
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("way", [twice, anyhow, hung_up], ids=lambda way: way.__name__)
async def test_sent_badly(
    faulty_stack: Stack,
    client: httpx.AsyncClient,
    way: Callable[[Customer, Ledger], Awaitable[None]],
    record_property: Note,
) -> None:
    ledger = Ledger()
    customers = [Customer(client, ledger) for _ in range(max(1, SENDS // OF_ONE))]
    for customer in customers:
        await customer.open()
        await way(customer, ledger)
        await customer.answer(max(ledger.acknowledged[customer.id], key=place))
    mailbox = faulty_stack.state_dir / FOLDER
    await settle(ledger.count, mailbox, ledger, customers, record_property)


async def test_all_reconnect_at_once(client: httpx.AsyncClient, record_property: Note) -> None:
    customers = [Customer(client, Ledger()) for _ in range(READERS // AT_ONE)]
    logs = {}
    for customer in customers:
        await customer.open()
        await customer.say("are you a bot")
        logs[customer.id] = [event["id"] for event in (await customer.events())["events"]]
    limits = httpx.Limits(max_connections=READERS)
    for _ in range(STORMS):
        async with httpx.AsyncClient(
            base_url=client.base_url, timeout=PATIENCE, limits=limits
        ) as many, asyncio.TaskGroup() as readers:  # fmt: skip
            for customer in customers * AT_ONE:
                readers.create_task(reads(many, customer, logs[customer.id]))
    record_property("tried", STORMS * READERS)


async def reads(client: httpx.AsyncClient, customer: Customer, log: list[str]) -> None:
    """A stream that begins with the whole log, in order."""
    headers = customer.headers | {"Accept": "text/event-stream"}
    ids: list[str] = []
    async with client.stream("GET", f"{customer.path}/events", headers=headers) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            if line.startswith("id:"):
                ids.append(line.removeprefix("id:").strip())
            if len(ids) == len(log):
                break
    assert ids == log
