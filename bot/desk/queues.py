"""The queues in which staff find conversations, over all shards."""

from __future__ import annotations

from redis.asyncio import Redis

from bot.conversation.keys import SHARD_TAGS, WAITING, queue_key, shard_of
from bot.desk.reading import answered

MOST = 500


async def listed(redis: Redis, queue: str, most: int = MOST) -> list[tuple[str, int]]:
    """The conversations of `queue` with since when they are there (ms since 1970), oldest first.

    At most `most` of them: nobody reads a longer list.
    """
    pipe = redis.pipeline(transaction=False)
    for shard in SHARD_TAGS:
        pipe.zrange(queue_key(shard, queue), 0, most - 1, withscores=True)
    shards = await answered(pipe.execute())
    found = [(id.decode(), int(since)) for shard in shards for id, since in shard]
    return sorted(found, key=lambda one: (one[1], one[0]))[:most]


async def waiting(redis: Redis) -> int:
    """How many conversations wait for a person."""
    return await length(redis, WAITING)


async def length(redis: Redis, queue: str) -> int:
    """How many conversations are in `queue`."""
    pipe = redis.pipeline(transaction=False)
    for shard in SHARD_TAGS:
        pipe.zcard(queue_key(shard, queue))
    lengths: list[int] = await answered(pipe.execute())
    return sum(lengths)


async def position(redis: Redis, conversation: str) -> int:
    """The place of a waiting conversation, 1 for the next to be taken; 0 when it does not wait."""
    own = queue_key(shard_of(conversation), WAITING)
    since = await answered(redis.zscore(own, conversation))
    return 0 if since is None else await position_since(redis, int(since))


async def position_since(redis: Redis, since: int) -> int:
    """The place of whoever waits since then (ms since 1970)."""
    pipe = redis.pipeline(transaction=False)
    for shard in SHARD_TAGS:
        pipe.zcount(queue_key(shard, WAITING), "-inf", f"({since}")
    ahead: list[int] = await answered(pipe.execute())
    return 1 + sum(ahead)
