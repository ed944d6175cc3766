"""The desk through faults: Redis killed and back, and a conversation that cannot be read."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from bot.conversation.keys import conversation_keys
from tests.edge.desk import new_agent, waiting_customer
from tests.edge.servers import start_edge, start_redis
from tests.edge.test_desk_queues import row_of
from tests.support.ports import free_port


@pytest.fixture
async def port() -> int:
    return free_port()


@pytest.fixture
async def own(port: int, tmp_path: Path) -> AsyncIterator[Redis]:
    client = Redis(port=port)
    yield client
    await client.aclose()


async def test_the_queues_go_on_after_redis_was_killed(
    own: Redis, port: int, tmp_path: Path
) -> None:
    store = start_redis(tmp_path, port)
    edge, url = start_edge(tmp_path, f"redis://127.0.0.1:{port}/0")
    try:
        with httpx.Client(base_url=url, timeout=30) as client:
            agent = await new_agent(client, own)
            first = await waiting_customer(client, own)
            with agent.stream("/queues/events") as events:
                row_of(events, first.id, "waiting")
                store.stop(signal.SIGKILL)
                assert agent.get("/queues").status_code == 503
                store = start_redis(tmp_path, port)
                second = await waiting_customer(client, own)
                row_of(events, second.id, "waiting")
            assert agent.ids("waiting") == [first.id, second.id]
    finally:
        edge.stop()
        store.stop(signal.SIGKILL)


async def test_one_that_cannot_be_read_hides_no_other(client: httpx.Client, redis: Redis) -> None:
    agent = await new_agent(client, redis)
    broken = await waiting_customer(client, redis)
    with agent.stream("/queues/events") as events:
        row_of(events, broken.id, "waiting")
        await redis.set(conversation_keys(broken.id).case, "no case")
        broken.say("hello?")
        row_of(events, broken.id, "")
        good = await waiting_customer(client, redis)
        row_of(events, good.id, "waiting")
    assert agent.ids("waiting") == [good.id]
