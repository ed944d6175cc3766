"""Claims with leases and fencing, on a real Redis and its clock."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.conversation.keys import LOG_CHANNEL, READY_CHANNEL, SHARD_TAGS, shard_of
from bot.conversation.work import Wake, WorkQueue
from bot.errors import ClaimLost
from tests.conversation.support import LONG, SHORT, opened, told

MEMBERS = [f"member-{n}" for n in range(40)]


async def put(redis: Redis, *members: str, due: int = 0) -> None:
    for member in members:
        await redis.zadd(f"{shard_of(member)}:jobs", {member: due})


async def run_out(redis: Redis, member: str) -> None:
    """Returns when, by the clock of Redis, the lease on `member` has ended."""
    async with asyncio.timeout(10):
        while True:
            until = await redis.zscore(f"{shard_of(member)}:jobs", member)
            seconds, micros = await redis.time()
            if until is None or until < seconds * 1000 + micros // 1000:
                return
            await asyncio.sleep(0.005)


async def test_each_piece_of_work_is_given_to_one_worker(redis: Redis) -> None:
    await put(redis, *MEMBERS)
    queue = WorkQueue(redis, "jobs", LONG)
    claims = await asyncio.gather(*(queue.claim() for _ in range(2 * len(MEMBERS))))
    assert sorted(claim.member for claim in claims if claim) == sorted(MEMBERS)
    assert await queue.claim() is None
    assert await queue.waiting() == len(MEMBERS)


async def test_what_is_not_due_is_not_given(redis: Redis) -> None:
    seconds, _ = await redis.time()
    await put(redis, "later", due=(seconds + 3600) * 1000)
    assert await WorkQueue(redis, "jobs", LONG).claim("later") is None


async def test_what_has_waited_longest_comes_first(redis: Redis) -> None:
    mine = [member for member in MEMBERS if shard_of(member) == shard_of(MEMBERS[0])]
    assert len(mine) > 1
    for due, member in enumerate(reversed(mine), start=1):
        await put(redis, member, due=due)
    queue = WorkQueue(redis, "jobs", LONG)
    order = [claim.member for _ in mine if (claim := await queue.claim(mine[0]))]
    assert order == list(reversed(mine))


async def test_shards_are_asked_in_turn(redis: Redis) -> None:
    by_shard = {shard_of(f"m{n}"): f"m{n}" for n in range(500)}
    assert set(by_shard) == set(SHARD_TAGS)
    busy = [f"m{n}" for n in range(500) if shard_of(f"m{n}") == SHARD_TAGS[0]]
    await put(redis, *busy, *by_shard.values())
    queue = WorkQueue(redis, "jobs", LONG)
    first = [claim.shard for _ in SHARD_TAGS if (claim := await queue.claim())]
    assert sorted(first) == sorted(SHARD_TAGS)


async def test_a_worker_that_dies_gives_its_work_back_and_can_write_no_more(redis: Redis) -> None:
    await put(redis, "job")
    queue = WorkQueue(redis, "jobs", SHORT)
    dead = await queue.claim("job")
    assert dead is not None
    assert await WorkQueue(redis, "jobs", LONG).claim("job") is None
    await run_out(redis, "job")
    heir = await WorkQueue(redis, "jobs", LONG).claim("job")
    assert heir is not None
    assert int(heir.token.partition("@")[0]) > int(dead.token.partition("@")[0])
    for late in (queue.release(dead), queue.extend(dead)):
        with pytest.raises(ClaimLost):
            await late
    await queue.release(heir)
    assert await queue.waiting() == 0


async def test_a_successor_gives_back_what_the_dead_one_claimed_and_nothing_else(
    redis: Redis,
) -> None:
    await put(redis, "mine", "theirs")
    dead = await WorkQueue(redis, "jobs", LONG, holder="seat-1").claim("mine")
    other = await WorkQueue(redis, "jobs", LONG, holder="another-seat-1").claim("theirs")
    assert dead is not None
    assert other is not None
    successor = WorkQueue(redis, "jobs", LONG, holder="seat-1")
    await successor.give_back(0)
    heir = await successor.claim("mine")
    assert heir is not None
    with pytest.raises(ClaimLost):
        await successor.release(dead)
    await successor.release(other)
    await successor.release(heir)
    assert await successor.waiting() == 0


async def test_a_claim_that_ran_out_but_was_not_taken_over_still_holds(redis: Redis) -> None:
    await put(redis, "job")
    queue = WorkQueue(redis, "jobs", SHORT)
    claim = await queue.claim("job")
    assert claim is not None
    await run_out(redis, "job")
    await queue.extend(claim)
    await queue.release(claim)


async def test_work_released_for_later_comes_again_under_another_token(redis: Redis) -> None:
    await put(redis, "job")
    queue = WorkQueue(redis, "jobs", LONG)
    claim = await queue.claim("job")
    assert claim is not None
    await queue.release(claim, delay=SHORT)
    with pytest.raises(ClaimLost):
        await queue.release(claim)
    await run_out(redis, "job")
    again = await queue.claim("job")
    assert again is not None
    assert again.token != claim.token


async def test_holding_extends_the_lease_until_the_body_ends(redis: Redis) -> None:
    await put(redis, "job")
    queue = WorkQueue(redis, "jobs", 300)
    claim = await queue.claim("job")
    assert claim is not None
    key = f"{claim.shard}:jobs"
    first = await redis.zscore(key, "job")
    async with asyncio.timeout(10), queue.held(claim):
        while await redis.zscore(key, "job") == first:
            await asyncio.sleep(0.005)
    await queue.release(claim)


async def test_holding_a_lost_claim_ends_quietly(redis: Redis) -> None:
    await put(redis, "job")
    queue = WorkQueue(redis, "jobs", 30)
    claim = await queue.claim("job")
    assert claim is not None
    async with queue.held(replace(claim, token="0")):
        await run_out(redis, "job")
    heir = await queue.claim("job")
    assert heir is not None


async def test_saying_something_wakes_whoever_listens(redis: Redis) -> None:
    await opened(redis)
    wakes = [Wake(redis, channel) for channel in (READY_CHANNEL, LOG_CHANNEL)]
    listening = [asyncio.create_task(wake.listen()) for wake in wakes]
    async with asyncio.timeout(10):
        while [n for _, n in await redis.pubsub_numsub(READY_CHANNEL, LOG_CHANNEL)] != [1, 1]:
            await asyncio.sleep(0.005)
    await told(redis, "hi")
    assert [await wake.wait(10) for wake in wakes] == ["c1", "c1"]
    assert await wakes[0].wait(0.01) is None
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)


async def test_whoever_waits_can_be_roused_without_a_hint(redis: Redis) -> None:
    wake = Wake(redis, "news")
    waiting = asyncio.create_task(wake.wait(10))
    wake.rouse()
    assert await waiting is None


async def test_a_listener_comes_back_after_its_connection_was_cut(redis: Redis) -> None:
    wake = Wake(redis, "news")
    listening = asyncio.create_task(wake.listen())

    async def listener() -> str | None:
        clients = await redis.client_list(_type="pubsub")
        return str(clients[0]["id"]) if clients else None

    async with asyncio.timeout(10):
        while (first := await listener()) is None:
            await asyncio.sleep(0.005)
        await redis.client_kill_filter(_id=first)
        while (await listener()) in (None, first):
            await asyncio.sleep(0.005)
        while not await redis.publish("news", "x"):
            await asyncio.sleep(0.005)
    assert await wake.wait(10) == "x"
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_empty_shards_cost_nothing_each(redis: Redis) -> None:
    queue = WorkQueue(redis, "ready", lease=1_000)
    await queue.claim()
    before = (await redis.info("stats"))["total_commands_processed"]
    assert await queue.claim() is None
    after = (await redis.info("stats"))["total_commands_processed"]
    # One EXISTS a shard, all in one round trip, and INFO itself.
    assert after - before <= len(SHARD_TAGS) + 1
