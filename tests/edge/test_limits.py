"""Too much at once is refused, with the time to wait."""

from __future__ import annotations

import asyncio
import uuid

import httpx
import pytest
from limits import RateLimitItemPerMinute
from redis.asyncio import Redis

from bot.edge.limits import EDITS, MESSAGES, Limits
from bot.edge.problems import Problem
from tests.edge.conftest import Customer, Edge, problem


def test_thirty_messages_in_a_row_are_fine(customer: Customer) -> None:
    assert {customer.say(f"{number}").status_code for number in range(30)} == {202}


async def test_one_conversation_cannot_flood(customer: Customer, edge: Edge) -> None:
    async with httpx.AsyncClient(base_url=edge.url, headers=customer.auth, timeout=30) as client:
        turns = asyncio.Semaphore(20)

        async def say() -> httpx.Response:
            async with turns:
                body = {"id": str(uuid.uuid4()), "text": "again"}
                return await client.post(f"{customer.path}/messages", json=body)

        answers = await asyncio.gather(*(say() for _ in range(2 * MESSAGES.amount + 1)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    problem(refused[0], 429)
    assert 1 <= int(refused[0].headers["retry-after"]) <= 60


async def test_a_limit_is_for_one_conversation_and_kind(redis: Redis) -> None:
    limits = Limits(redis)
    two = RateLimitItemPerMinute(2)
    for _ in range(2):
        await limits.conversation(two, "messages", "a")
    with pytest.raises(Problem) as refusal:
        await limits.conversation(two, "messages", "a")
    assert refusal.value.status == 429
    await limits.conversation(two, "messages", "b")
    await limits.conversation(EDITS, "edits", "a")


async def test_what_is_counted_is_shared_and_forgotten(redis: Redis) -> None:
    two = RateLimitItemPerMinute(2)
    for _ in range(2):
        await Limits(redis).conversation(two, "messages", "a")
    with pytest.raises(Problem):
        await Limits(redis).conversation(two, "messages", "a")
    for key in await redis.keys("limits*"):
        assert 0 < await redis.ttl(key) <= 60


async def test_addresses_are_counted_without_redis(redis: Redis) -> None:
    limits = Limits(redis)
    two = RateLimitItemPerMinute(2)
    for _ in range(2):
        await limits.address(two, "192.0.2.1")
    with pytest.raises(Problem):
        await limits.address(two, "192.0.2.1")
    await limits.address(two, "192.0.2.2")
    assert not await redis.keys("*")
