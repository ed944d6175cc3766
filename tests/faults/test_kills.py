"""kill -9 of every process, at rest and at work: the conversation goes on, nothing is lost, no mail
comes under a second Message-ID.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from bot.mail.mailbox import FOLDER
from tests.faults.customer import ROUNDS, Customer, Ledger
from tests.faults.oracle import settle
from tests.faults.traffic import (
    CUSTOMERS,
    all_are_answered,
    reporting_while,
    something_begins,
)
from tests.support.stack import Stack

pytestmark = pytest.mark.stack

PROCESSES = ("worker", "engine", "courier", "edge", "redis")

Note = Callable[[str, object], None]


@pytest.mark.parametrize("name", PROCESSES)
async def test_killed_at_rest(
    faulty_stack: Stack, client: httpx.AsyncClient, name: str, record_property: Note
) -> None:
    ledger = Ledger()
    before, between = Customer(client, ledger), Customer(client, ledger)
    await before.report()
    await between.to_summary()
    await asyncio.to_thread(kill, faulty_stack, name)
    await between.confirm()
    after = Customer(client, ledger)
    await after.report()
    mailbox = faulty_stack.state_dir / FOLDER
    await settle(1, mailbox, ledger, [before, between, after], record_property)


@pytest.mark.parametrize("name", PROCESSES)
async def test_killed_at_work(
    faulty_stack: Stack, client: httpx.AsyncClient, name: str, record_property: Note
) -> None:
    ledger, mail = Ledger(), name == "courier"

    async def killing() -> None:
        for _ in range(ROUNDS):
            await something_begins(ledger, mail)
            await asyncio.to_thread(kill, faulty_stack, name)
            await all_are_answered(ledger)

    # Customers are answered without a courier: more of them would keep it from starting again.
    customers = 1 if mail else CUSTOMERS
    served = await reporting_while(killing, client, ledger, customers)
    await settle(ROUNDS, faulty_stack.state_dir / FOLDER, ledger, served, record_property)


def kill(stack: Stack, name: str) -> None:
    """kill -9, and wait until the process is back."""
    stack.kill(name)
    stack.wait_ready()
