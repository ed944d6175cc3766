"""How much one address and one conversation may ask for, and the refusal when it is more."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio import Redis

from bot.edge.problems import Problem

# Per address, and per process: a flood is stopped before it costs Redis anything. Generous, because
# a mobile operator's customers share addresses by the thousand (carrier-grade NAT, RFC 6598).
REQUESTS = RateLimitItemPerMinute(60_000)
OPENINGS = RateLimitItemPerMinute(3_000)
# Per conversation, counted in Redis for all processes. Nobody types this fast.
MESSAGES = RateLimitItemPerMinute(300)
EDITS = RateLimitItemPerMinute(120)
FILES = RateLimitItemPerMinute(20)


class Limits:
    """Counts what is asked for in fixed windows of a minute.

    When Redis does not answer, its error is raised: the request could not be served anyway.
    """

    def __init__(self, redis: Redis) -> None:
        storage = RedisStorage(
            "redis://",
            implementation="redispy",
            key_prefix="limits",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]
        )
        self._shared = FixedWindowRateLimiter(storage)
        self._local = FixedWindowRateLimiter(MemoryStorage())

    async def address(self, limit: RateLimitItem, address: str) -> None:
        """Counts a request from `address`. Raises `Problem` 429 when it was one too many."""
        await self._count(self._local, limit, "address", address)

    async def conversation(self, limit: RateLimitItem, kind: str, conversation: str) -> None:
        """Counts a `kind` of request in `conversation`. Raises `Problem` 429."""
        await self._count(self._shared, limit, kind, conversation)

    async def _count(
        self, limiter: FixedWindowRateLimiter, limit: RateLimitItem, *who: str
    ) -> None:
        if await limiter.hit(limit, *who):
            return
        stats = await limiter.get_window_stats(limit, *who)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        raise Problem(
            429, "too-many", f"That was too much at once. Please wait {wait} seconds.",
            {"Retry-After": str(wait)},
        )  # fmt: skip
