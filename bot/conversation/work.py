"""Work that is claimed, not pushed: sorted sets of things due, one per shard, with leases.

The score of a member is when it is due, in Redis' milliseconds. A claim moves the score to the end
of the lease, so a worker that dies gives its work back by doing nothing (the visibility time-out of
Amazon SQS), and raises a fencing token, so a worker that wakes up late cannot write any more
(M. Kleppmann, "How to do distributed locking", 2016).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.keys import SHARD_TAGS, shard_of
from bot.conversation.scripts import Scripts, unavailable
from bot.errors import ClaimLost, StoreUnavailable

DONE = -1

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claim:
    """A piece of work held until its lease ends, under the fencing token `token`."""

    member: str
    token: str
    shard: str


class WorkQueue:
    """The leased queue called `name` (`ready`, `outbox` or `timers`) over all shards.

    lease: how long a claim holds without `extend`, in milliseconds. now: tells the time in
    milliseconds since 1970; Redis' own clock when not given. holder: who claims, if anybody is to
    `give_back` for them.
    """

    def __init__(
        self,
        redis: Redis,
        name: str,
        lease: int,
        now: Callable[[], int] | None = None,
        holder: str = "",
    ) -> None:
        self._scripts = Scripts(redis)
        self._redis = redis
        self._name = name
        self._lease = lease
        self._now = now
        self._holder = holder
        self._next_shard = 0

    async def claim(self, hint: str | None = None) -> Claim | None:
        """Claims one piece of due work; with a `hint`, only in the shard of that conversation.

        Without one, the shards that hold anything are asked in turn, so that a busy one does not
        starve the others.
        """
        if hint is not None:
            return await self._claim_in(shard_of(hint))
        held = await self._held_shards()
        for _ in SHARD_TAGS:
            shard = SHARD_TAGS[self._next_shard]
            self._next_shard = (self._next_shard + 1) % len(SHARD_TAGS)
            if shard in held:
                claim = await self._claim_in(shard)
                if claim is not None:
                    return claim
        return None

    async def _held_shards(self) -> set[str]:
        """The shards whose queue may have due work, in one round trip instead of one for each shard.

        Work is due soon after it is queued, unless there is a clock of our own.
        """
        pipe = self._redis.pipeline(transaction=False)
        for shard in SHARD_TAGS:
            if self._now is None:
                pipe.exists(f"{shard}:{self._name}")
            else:
                pipe.zcount(f"{shard}:{self._name}", "-inf", self._now())
        try:
            found = await pipe.execute()
        except RedisError as error:
            raise unavailable(error) from error
        return {shard for shard, there in zip(SHARD_TAGS, found, strict=True) if there}

    async def _claim_in(self, shard: str) -> Claim | None:
        answer = await self._scripts.run(
            "claim", self._keys(shard), self._lease, self._time(), self._holder
        )
        if not answer:
            return None
        member, token = (part.decode() for part in answer)
        return Claim(member, token, shard)

    async def release(self, claim: Claim, delay: int = DONE) -> None:
        """Ends the claim: the work is done, or due again in `delay` ms. Raises `ClaimLost`."""
        await self._own("release", claim, delay)

    async def give_back(self, delay: int) -> None:
        """Makes due again in `delay` ms what was claimed as the same holder, and is not in hand.

        By a former process, or by a request whose answer was lost. Does nothing without a holder.
        """
        if not self._holder:
            return
        for shard in await self._held_shards():
            await self._scripts.run(
                "give_back", self._keys(shard), self._holder, delay, self._time()
            )

    async def extend(self, claim: Claim) -> None:
        """Holds the claim for another lease. Raises `ClaimLost` when it has run out."""
        await self._own("extend", claim, self._lease)

    async def _own(self, script: str, claim: Claim, argument: int) -> None:
        kept = await self._scripts.run(
            script, self._keys(claim.shard), claim.member, claim.token, argument, self._time()
        )
        if not kept:
            raise ClaimLost(f"the claim on {claim.member} has run out")

    @asynccontextmanager
    async def held(self, claim: Claim) -> AsyncIterator[None]:
        """Extends the claim again and again while the body runs; most bodies are over before."""
        # Told to stop, not cancelled: on Python 3.10 a Redis call can swallow a cancellation.
        over = asyncio.Event()
        keeping: list[asyncio.Task[None]] = []
        later = asyncio.get_running_loop().call_later(
            self._lease / 3000,
            lambda: keeping.append(asyncio.create_task(self._keep(claim, over))),
        )
        try:
            yield
        finally:
            later.cancel()
            over.set()
            await asyncio.gather(*keeping)

    async def _keep(self, claim: Claim, over: asyncio.Event) -> None:
        while not over.is_set():
            try:
                await self.extend(claim)
            except ClaimLost:
                return
            except StoreUnavailable as error:  # fencing guards the writes if the lease runs out
                log.warning("claim_not_extended", member=claim.member, reason=str(error))
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(over.wait(), self._lease / 3000)

    async def waiting(self) -> int:
        """How many pieces of work are due or claimed."""
        pipe = self._redis.pipeline(transaction=False)
        for shard in SHARD_TAGS:
            pipe.zcard(f"{shard}:{self._name}")
        return sum(await pipe.execute())

    def _time(self) -> int | str:
        return self._now() if self._now else ""

    def _keys(self, shard: str) -> tuple[str, str]:
        return f"{shard}:{self._name}", f"{shard}:{self._name}:claims"


class Wake:
    """Wakes sleepers when a channel is published to; a hint only, for pub/sub may lose messages."""

    def __init__(self, redis: Redis, channel: str) -> None:
        self._redis = redis
        self._channel = channel
        self._hints: asyncio.Queue[str | None] = asyncio.Queue()

    async def listen(self) -> None:
        """Runs until cancelled, passing on what is published, through broken connections too."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(self._channel)
                    async for published in pubsub.listen():
                        self._hints.put_nowait(published["data"].decode())
            except (RedisError, OSError):
                await asyncio.sleep(0.5)

    def rouse(self) -> None:
        """Ends a wait without a hint."""
        self._hints.put_nowait(None)

    async def wait(self, at_most: float) -> str | None:
        """The next hint, or None when roused or when none came within `at_most` seconds."""
        if not self._hints.empty():
            return self._hints.get_nowait()
        try:
            return await asyncio.wait_for(self._hints.get(), at_most)
        except asyncio.TimeoutError:
            return None
