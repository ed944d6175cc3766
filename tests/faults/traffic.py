"""Customers who report one problem after another while something is done to the product."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx

from tests.faults.customer import Customer, Ledger

CUSTOMERS = 3


async def reporting_while(
    work: Callable[[], Awaitable[None]],
    client: httpx.AsyncClient,
    ledger: Ledger,
    customers: int = CUSTOMERS,
) -> list[Customer]:
    """Does the work among customers; returns those served, when the last has been."""
    served: list[Customer] = []
    enough = asyncio.Event()

    async def keep_reporting() -> None:
        while not enough.is_set():
            customer = Customer(client, ledger)
            served.append(customer)
            await customer.report()

    async def working() -> None:
        await work()
        enough.set()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(customers):
            tasks.create_task(keep_reporting())
        tasks.create_task(working())
    return served


async def something_begins(ledger: Ledger, mail: bool = False) -> None:
    """Returns when the next message has been acknowledged, or the next case filed."""
    said, filed = ledger.count, len(ledger.filed)
    if mail:
        await ledger.wait(lambda: len(ledger.filed) > filed)
    else:
        await ledger.wait(lambda: ledger.count > said)


async def all_are_answered(ledger: Ledger) -> None:
    """Returns when everybody who waits now has an answer, so that nobody lives through two faults."""
    waiting = set(ledger.waiting)
    await ledger.wait(lambda: waiting.isdisjoint(ledger.waiting))
