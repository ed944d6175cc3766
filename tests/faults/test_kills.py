"""kill -9 of every process, at rest and at work: the conversation goes on, nothing is lost, no mail
comes under a second Message-ID.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from bot.mail.mailbox import FOLDER
from tests.faults.customer import ROUNDS, Customer, Ledger
from tests.faults.oracle import settle
from tests.support.stack import Stack

pytestmark = pytest.mark.stack

CUSTOMERS = 3
PROCESSES = ("engine", "courier", "edge", "redis")

Note = Callable[[str, object], None]


@pytest.fixture(scope="module")
def killed_stack(start_stack: Callable[..., Stack]) -> Stack:
    """A stack of this file's own: a process that dies often is started again more slowly."""
    return start_stack()


@pytest.fixture
async def client(killed_stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=killed_stack.url, timeout=30) as client:
        yield client


@pytest.mark.parametrize("name", PROCESSES)
async def test_killed_at_rest(
    killed_stack: Stack, client: httpx.AsyncClient, name: str, record_property: Note
) -> None:
    ledger = Ledger()
    before, between = Customer(client, ledger), Customer(client, ledger)
    await before.report()
    await between.to_summary()
    await asyncio.to_thread(kill, killed_stack, name)
    await between.confirm()
    after = Customer(client, ledger)
    await after.report()
    mailbox = killed_stack.state_dir / FOLDER
    await settle(1, mailbox, ledger, [before, between, after], record_property)


@pytest.mark.parametrize("name", PROCESSES)
async def test_killed_at_work(
    killed_stack: Stack, client: httpx.AsyncClient, name: str, record_property: Note
) -> None:
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
    await settle(ROUNDS, killed_stack.state_dir / FOLDER, ledger, served, record_property)


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
