"""kill -9 of every process, at rest and at work: the conversation goes on, nothing is lost, no mail
comes under a second Message-ID.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from tests.faults.customer import PATIENCE, PAUSE, ROUNDS, Customer, Ledger
from tests.support.stack import Stack

pytestmark = pytest.mark.stack

CUSTOMERS = 3
PROCESSES = ("engine", "courier", "edge", "redis")
MAILS_PER_CASE = 2  # to the queue and to the customer


@pytest.fixture(scope="module")
def killed_stack(start_stack: Callable[..., Stack]) -> Stack:
    """A stack of this file's own: a process that dies often is started again more slowly."""
    return start_stack()


@pytest.fixture
async def client(killed_stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=killed_stack.url, timeout=30) as client:
        yield client


@pytest.mark.parametrize("name", PROCESSES)
async def test_killed_at_rest(killed_stack: Stack, client: httpx.AsyncClient, name: str) -> None:
    ledger = Ledger()
    before, between = Customer(client, ledger), Customer(client, ledger)
    await before.report()
    await between.to_summary()
    await asyncio.to_thread(kill, killed_stack, name)
    await between.confirm()
    await Customer(client, ledger).report()
    await nothing_lost(killed_stack, client, ledger, [before, between])


@pytest.mark.parametrize("name", PROCESSES)
async def test_killed_at_work(killed_stack: Stack, client: httpx.AsyncClient, name: str) -> None:
    ledger = Ledger()
    served: list[Customer] = []
    enough = asyncio.Event()

    async def keep_reporting() -> None:
        while not enough.is_set():
            customer = Customer(client, ledger)
            served.append(customer)
            await customer.report()

    async def kill_at_work() -> None:
        for _ in range(ROUNDS):
            await something_begins(ledger, name)
            await asyncio.to_thread(kill, killed_stack, name)
        enough.set()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(CUSTOMERS):
            tasks.create_task(keep_reporting())
        tasks.create_task(kill_at_work())
    await nothing_lost(killed_stack, client, ledger, served)


async def something_begins(ledger: Ledger, name: str) -> None:
    """Returns when the process has just been given work: a message, or for the courier a mail."""
    if name == "courier":
        filed = len(ledger.filed)
        await ledger.wait(lambda: len(ledger.filed) > filed)
    else:
        said = ledger.count
        await ledger.wait(lambda: ledger.count > said)


def kill(stack: Stack, name: str) -> None:
    """kill -9, and wait until the process is back."""
    stack.kill(name)
    stack.wait_ready()


async def nothing_lost(
    stack: Stack, client: httpx.AsyncClient, ledger: Ledger, customers: list[Customer]
) -> None:
    """The oracle: what was acknowledged is in the log once, answered once, and mailed."""
    assert set(ledger.filed) <= set(ledger.acknowledged)
    for customer in customers:
        await log_is_whole(customer, ledger)
    mailbox = stack.state_dir / "mailbox"
    expected = set(ledger.filed.values())
    async with asyncio.timeout(PATIENCE):
        while lacking(expected, mailbox):
            await asyncio.sleep(PAUSE)
    one_message_id_each(mailbox)


async def log_is_whole(customer: Customer, ledger: Ledger) -> None:
    events = (await customer.events())["events"]
    said = [event["id"] for event in events if event.get("from") == "customer"]
    acknowledged = ledger.acknowledged[customer.id]
    assert said == list(acknowledged)
    assert [event["text"] for event in events if event["id"] in said] == list(acknowledged.values())
    assert [event["answers"] for event in events if event["type"] == "turn"] == said
    numbers = {event["case"]["case"] for event in events if event["type"] == "case"} - {None}
    assert numbers == {ledger.filed[customer.id]}
    revisions = [event["case"]["revision"] for event in events if event["type"] == "case"]
    assert max(revisions) == 1


Delivered = tuple[str, str, str]


def delivered(mailbox: Path) -> Iterator[tuple[Delivered, str]]:
    """Case, revision and destination of every mail in the mailbox, with its Message-ID."""
    for path in [*(mailbox / "new").glob("*"), *(mailbox / "cur").glob("*")]:
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        key = (mail["X-Firstline-Case"], mail["X-Firstline-Revision"], mail["Delivered-To"])
        yield key, mail["Message-ID"]


def lacking(numbers: set[str], mailbox: Path) -> set[str]:
    """The cases of which not every mail has come."""
    come = Counter(case for case, _, _ in {key for key, _ in delivered(mailbox)})
    return {number for number in numbers if come[number] < MAILS_PER_CASE}


def one_message_id_each(mailbox: Path) -> None:
    ids: dict[Delivered, set[str]] = defaultdict(set)
    for key, message_id in delivered(mailbox):
        ids[key].add(message_id)
    assert [key for key, found in ids.items() if len(found) != 1] == []
    assert len({id for found in ids.values() for id in found}) == len(ids)
