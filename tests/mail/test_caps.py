"""Nobody's mailbox is filled by us: what is more than an address gets in an hour waits, unlost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bot.mail.caps import HELD, HOUR, Caps
from bot.mail.order import ACKNOWLEDGEMENT, CASE_MAIL, NOTICE, REPLY, MailOrder
from bot.mail.outbox import Outbox, State
from tests.mail.conftest import until, working_courier
from tests.mail.fault_server import FaultServer
from tests.mail.sample import CUSTOMER, QUEUE, filed

MOST = 3


def order(
    number: int, to: str = CUSTOMER, kind: str = ACKNOWLEDGEMENT, about: str = ""
) -> MailOrder:
    return MailOrder(kind, "c1", f"FL-00000{number}", 1, to, about)


async def test_an_address_gets_so_many_and_then_waits_for_the_first_to_be_an_hour_old(
    redis: Redis,
) -> None:
    caps = Caps(redis, MOST)
    assert [await caps.wait(order(n)) for n in range(MOST)] == [0] * MOST
    wait = await caps.wait(order(MOST))
    assert 0 < wait <= HOUR
    assert await caps.wait(order(MOST, to=f" {CUSTOMER.upper()}")) > 0
    assert await caps.wait(order(MOST, to="another@customer.example")) == 0


async def test_a_mail_that_is_tried_again_is_counted_once(redis: Redis) -> None:
    caps = Caps(redis, MOST)
    assert [await caps.wait(order(1)) for _ in range(3 * MOST)] == [0] * 3 * MOST
    assert await caps.wait(order(2)) == 0


async def test_after_an_hour_there_is_room_again(redis: Redis) -> None:
    caps = Caps(redis, 1)
    assert await caps.wait(order(1)) == 0
    [key] = [key async for key in redis.scan_iter(match="*:mailed:*")]
    stored: Any = await redis.zrange(key, 0, -1, withscores=True)
    [(member, at)] = stored
    await redis.zadd(key, {member: at - HOUR})
    assert await caps.wait(order(2)) == 0


async def test_only_automatic_mail_to_customers_is_counted(redis: Redis) -> None:
    caps = Caps(redis, 1)
    for free in (
        order(1, QUEUE, CASE_MAIL), order(1, kind=REPLY), order(1, QUEUE, NOTICE, "team_escalated:1")
    ):  # fmt: skip
        for n in range(3):
            assert (
                await caps.wait(MailOrder(free.kind, "c1", f"FL-{n}", 1, free.to, free.about)) == 0
            )
    assert await caps.wait(order(1, kind=NOTICE, about="assigned:1")) == 0
    assert await caps.wait(order(2, kind=NOTICE, about="assigned:1")) > 0
    assert CUSTOMER.encode() not in b"".join([key async for key in redis.scan_iter()])


async def test_a_flood_reaches_the_queue_whole_and_the_customer_in_portions(
    redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    async with working_courier(redis, server, tmp_path, caps=Caps(redis, MOST)) as outbox:
        for n in range(10):
            await filed(redis, f"c{n}")

        async def settled() -> bool:
            return await states(outbox) == {State.SENT: 10 + MOST, State.DEFERRED: 10 - MOST}

        await until(settled)
        receivers = [to for to, _ in server.stored]
        assert (receivers.count(QUEUE), receivers.count(CUSTOMER)) == (10, MOST)
        held = [entry async for entry in outbox.entries(State.DEFERRED)]
        assert {(entry.last_error, entry.attempts) for entry in held} == {(HELD, 0)}
        assert all(entry.next_at for entry in held)


async def states(outbox: Outbox) -> dict[State, int]:
    found: dict[State, int] = {}
    async for entry in outbox.entries():
        found[entry.state] = found.get(entry.state, 0) + 1
    return found
