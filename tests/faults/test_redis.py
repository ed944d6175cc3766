"""Redis restarted, frozen and full while customers report: what it acknowledged it keeps."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

import httpx
import pytest
from redis.asyncio import Redis

from bot.mail.mailbox import FOLDER
from bot.settings import Settings
from bot.supervisor.private import with_private
from tests.faults.customer import PAUSE, ROUNDS, Ledger
from tests.faults.oracle import settle
from tests.faults.traffic import all_are_answered, reporting_while, something_begins
from tests.support.stack import Stack

pytestmark = pytest.mark.stack

# FIRSTLINE_FAULT_FREEZE: seconds that Redis stands still.
FREEZE = float(os.environ.get("FIRSTLINE_FAULT_FREEZE", "3"))
LEAST = 1_048_576  # bytes; less than an empty Redis has


async def restarted(stack: Stack, client: httpx.AsyncClient) -> None:
    stack.kill("redis", signal.SIGTERM)
    await asyncio.to_thread(stack.wait_ready)


async def frozen(stack: Stack, client: httpx.AsyncClient) -> None:
    redis = stack.pid("redis")
    os.kill(redis, signal.SIGSTOP)
    try:
        await asyncio.sleep(FREEZE)
        assert (await client.get("/healthz")).is_success
        assert (await client.get("/readyz")).status_code == 503
    finally:
        os.kill(redis, signal.SIGCONT)


async def full(stack: Stack, client: httpx.AsyncClient) -> None:
    url = with_private(Settings(state_dir=stack.state_dir)).redis_url
    async with Redis.from_url(url) as redis:
        await redis.config_set("maxmemory", LEAST)
        try:
            while (await client.get("/readyz")).status_code != 503:
                await asyncio.sleep(PAUSE)
        finally:
            await redis.config_set("maxmemory", 0)


@pytest.mark.parametrize("fault", [restarted, frozen, full], ids=lambda fault: fault.__name__)
async def test_redis_at_work(
    faulty_stack: Stack,
    client: httpx.AsyncClient,
    fault: Callable[[Stack, httpx.AsyncClient], Awaitable[None]],
    record_property: Callable[[str, object], None],
) -> None:
    ledger = Ledger()

    async def doing_it() -> None:
        for _ in range(ROUNDS):
            await something_begins(ledger)
            await fault(faulty_stack, client)
            await all_are_answered(ledger)

    served = await reporting_while(doing_it, client, ledger)
    await settle(ROUNDS, faulty_stack.state_dir / FOLDER, ledger, served, record_property)
