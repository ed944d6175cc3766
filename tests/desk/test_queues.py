"""The queues over all shards."""

from __future__ import annotations

from redis.asyncio import Redis

from bot.conversation.change import Change, Place
from bot.conversation.keys import WAITING, shard_of
from bot.conversation.owner import Owner
from bot.conversation.store import Conversations
from bot.desk.queues import listed, position, waiting
from tests.conversation.support import opened


async def waits(redis: Redis, id: str, since: int) -> None:
    change = Change(owner=Owner.WAITING, place=Place("waiting", since))
    await Conversations(redis).change(await opened(redis, id), change)


async def test_the_oldest_is_first_whatever_its_shard(redis: Redis) -> None:
    ids = [f"c{n}" for n in range(20)]
    assert len({shard_of(id) for id in ids}) > 5
    for n, id in enumerate(reversed(ids)):
        await waits(redis, id, 1_700_000_000_000 + n)
    assert [id for id, _ in await listed(redis, WAITING)] == ids[::-1]
    assert await waiting(redis) == 20
    assert [await position(redis, id) for id in ids] == list(range(20, 0, -1))


async def test_who_does_not_wait_has_no_position(redis: Redis) -> None:
    await opened(redis, "c1")
    assert await position(redis, "c1") == 0
    assert await position(redis, "nowhere") == 0


async def test_those_behind_move_up(redis: Redis) -> None:
    await waits(redis, "c1", 5)
    await waits(redis, "c2", 6)
    conversations = Conversations(redis)
    taken = Change(owner=Owner.AGENT, place=Place("agent", 5))
    await conversations.change(await conversations.read("c1"), taken)
    assert await position(redis, "c2") == 1
