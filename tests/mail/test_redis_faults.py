"""A courier whose Redis stops, restarts or falls silent: it waits, and nothing is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

from redis.asyncio import Redis

from bot.mail.outbox import State
from tests.mail.conftest import PATIENCE, emptied, until, working_courier
from tests.mail.fault_server import FaultServer
from tests.mail.sample import filed
from tests.support.ports import free_port
from tests.support.redis_server import running_redis

DURABLE = ("--appendonly", "yes", "--appendfsync", "always")


async def test_redis_restarts_in_the_middle(server: FaultServer, tmp_path: Path) -> None:
    port = free_port()
    stored, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        stored.set()
        await go_on.wait()

    server.before_reply = wait
    async with Redis.from_url(f"redis://127.0.0.1:{port}/0", socket_timeout=1) as redis:
        with running_redis(tmp_path, *DURABLE, "--port", str(port)):
            ordered = [order for n in range(5) for order in await filed(redis, f"conversation{n}")]
            working = working_courier(redis, server, tmp_path, lease=1_000)
            outbox = await working.__aenter__()
            await asyncio.wait_for(stored.wait(), PATIENCE)
        go_on.set()  # the 250 comes while there is no Redis to record it in
        await until(lambda: _reached(server))
        with running_redis(tmp_path, *DURABLE, "--port", str(port)):
            await emptied(outbox)
            sent = {entry.message_id async for entry in outbox.entries(State.SENT)}
            await working.__aexit__(None, None, None)
    assert len(sent) == len(ordered)
    assert set(server.message_ids) == sent


async def test_redis_falls_silent_for_a_while(
    redis_url: str, redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    async with (
        Redis.from_url(redis_url, socket_timeout=0.3) as impatient,
        working_courier(impatient, server, tmp_path, lease=1_000),
    ):
        await redis.client_pause(1_500)
        ordered = [order for n in range(5) for order in await filed(redis, f"conversation{n}")]
        await until(lambda: _delivered(server, len(ordered)))
    assert len(set(server.message_ids)) == len(ordered)


async def _reached(server: FaultServer) -> bool:
    return bool(server.stored)


async def _delivered(server: FaultServer, count: int) -> bool:
    return len(set(server.message_ids)) == count
