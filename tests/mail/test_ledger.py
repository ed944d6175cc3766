"""Several couriers at once, killed at random, at a server that fails at random: a ledger of every case.

`FIRSTLINE_LEDGER_CASES` says how many; `make test-mail` takes a thousand.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter, defaultdict
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bot.conversation.keys import SHARD_TAGS
from bot.mail.order import MailOrder
from bot.mail.outbox import LEASE, Outbox, State
from bot.mail.worker import LIMITS
from tests.mail import fault_server as at
from tests.mail.conftest import emptied
from tests.mail.fault_server import DROP, FaultServer
from tests.mail.sample import CUSTOMER, QUEUE, filed
from tests.mail.test_process import courier_process

CASES = int(os.environ.get("FIRSTLINE_LEDGER_CASES", "30"))
COURIERS = 3
KILLS = max(3, CASES // 20)
FAULTS = [
    (at.MAIL, "451 4.3.0 Try later"), (at.RCPT, "451 4.7.1 Greylisted"), (at.DATA, DROP),
    (at.TEXT, DROP), (at.DOT, DROP), (at.RCPT, "550 5.1.1 Nobody here"), (at.GREETING, DROP),
]  # fmt: skip


async def test_no_case_is_lost_and_none_has_two_message_ids(
    redis: Redis, redis_url: str, server: FaultServer, tmp_path: Path
) -> None:
    chance = random.Random(7)
    server.faults.planned = [chance.choice(FAULTS) for _ in range(CASES // 3)]
    drops = server.faults.planned.count((at.DOT, DROP))
    ledger: list[MailOrder] = []
    filing = asyncio.create_task(_file_cases(redis, ledger))
    couriers = [
        asyncio.create_task(_courier(redis_url, server, tmp_path, random.Random(n)))
        for n in range(COURIERS)
    ]
    outbox = Outbox(redis)
    try:
        await filing
        await asyncio.gather(*couriers)  # each has been killed as often as it was to be
        async with courier_process(redis_url, server, tmp_path):
            await _hurried(redis, outbox)
    finally:
        for task in (filing, *couriers):
            task.cancel()
        await asyncio.gather(filing, *couriers, return_exceptions=True)
    await _check(ledger, server, outbox, drops)


async def _file_cases(redis: Redis, ledger: list[MailOrder]) -> None:
    for n in range(CASES):
        ledger += await filed(redis, f"ledger{n}")
        await asyncio.sleep(0.002)


async def _courier(
    redis_url: str, server: FaultServer, folder: Path, chance: random.Random
) -> None:
    """A courier that is killed at random moments and started again."""
    for _ in range(KILLS // COURIERS):
        async with AsyncExitStack() as stack:
            courier = await stack.enter_async_context(courier_process(redis_url, server, folder))
            await asyncio.sleep(chance.random())
            courier.process.kill()


async def _hurried(redis: Redis, outbox: Outbox) -> None:
    """Empties the outbox without waiting for the leases of the dead."""
    for shard in SHARD_TAGS:
        members: Any = await redis.zrange(f"{shard}:outbox", 0, -1)
        for member in members:
            soon = await _now(redis) + LEASE / 100 * random.random()
            await redis.zadd(f"{shard}:outbox", {member.decode(): soon}, xx=True, lt=True)
    await emptied(outbox)


async def _now(redis: Redis) -> int:
    seconds, micros = await redis.time()
    return int(seconds) * 1000 + int(micros) // 1000


async def _check(ledger: list[MailOrder], server: FaultServer, outbox: Outbox, drops: int) -> None:
    """Acknowledged − (delivered ∪ dead letters) is empty; copies only where nobody could know."""
    delivered = Counter(server.message_ids)
    by_case: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for to, message in server.stored:
        by_case[str(message["X-Firstline-Case"]), to].add(str(message["Message-ID"]))
    dead = 0
    for order in ledger:
        entry = await outbox.read(order.id)
        if entry.state is State.DEAD:
            dead += 1
            assert entry.message_id not in delivered
            assert "550" in entry.last_error
        else:
            assert entry.state is State.SENT
            assert by_case[order.number, order.to] == {entry.message_id}
    assert {order.to for order in ledger} == {QUEUE, CUSTOMER}
    assert len(ledger) == 2 * CASES
    assert len(delivered) == len(ledger) - dead
    copies = sum(delivered.values()) - len(delivered)
    assert copies <= drops + KILLS * LIMITS.in_hand
    print(f"{len(ledger)} mails, {KILLS} kills, {dead} dead letters, {copies} copies")
