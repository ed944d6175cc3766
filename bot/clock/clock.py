"""The clock: claims timers that have come due and has each handled by the function of its kind."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog

from bot.clock.parts import Handler, Parts, Ring
from bot.clock.times import Now, to_ms, utc_now
from bot.conversation.keys import shard_of
from bot.conversation.work import DONE, Claim, WorkQueue
from bot.errors import ClaimLost, NotFound, StoreUnavailable

SWEEP = 1.0  # seconds between looks at the timers
LEASE = 30_000  # ms a worker may be silent before another rings its timers
AGAIN = 60_000  # ms until a timer whose handler failed rings again
SOONEST = 100  # ms until a timer rings again at the earliest
IN_HAND = 8  # timers handled at once

log = structlog.get_logger(__name__)


class Clock:
    """Rings timers until told to stop; any number of clocks may run.

    handlers: by kind. now: what time it is; a test passes its own and lets weeks go by.
    """

    def __init__(self, handlers: Mapping[str, Handler], parts: Parts, now: Now = utc_now) -> None:
        self._timers = WorkQueue(parts.redis, "timers", LEASE, lambda: to_ms(now()))
        self._handlers = handlers
        self._parts = parts
        self._now = now
        self._in_hand: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(IN_HAND)

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set; what is then in hand is left to its lease."""
        try:
            while not stop.is_set():
                try:
                    await self._begin_due()
                except StoreUnavailable as error:
                    log.warning("timers_unavailable", reason=str(error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), SWEEP)
        finally:
            for task in self._in_hand:
                task.cancel()
            await asyncio.gather(*self._in_hand, return_exceptions=True)

    async def ring_due(self) -> int:
        """Handles all that is due now, and what comes due by it; returns how many rang."""
        rung = 0
        while begun := await self._begin_due():
            rung += begun
            await asyncio.gather(*self._in_hand)
        return rung

    async def _begin_due(self) -> int:
        begun = 0
        while claim := await self._timers.claim():
            await self._room.acquire()
            task = asyncio.create_task(self._handle(claim))
            self._in_hand.add(task)
            task.add_done_callback(self._handled)
            begun += 1
        return begun

    def _handled(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        self._room.release()

    async def _handle(self, claim: Claim) -> None:
        """One timer from claim to release. Whatever fails, the lease brings the timer back."""
        try:
            async with self._timers.held(claim):
                delay = await self._ring(claim)
            await self._timers.release(claim, delay)
        except ClaimLost:  # the handler has set or stopped the timer itself
            return
        except StoreUnavailable as error:
            log.warning("timers_unavailable", timer=claim.member, reason=str(error))

    async def _ring(self, claim: Claim) -> int:
        """Milliseconds until the timer rings again, or `DONE`."""
        kind, _, conversation = claim.member.partition(":")
        handler = self._handlers.get(kind)
        if handler is None:
            log.error("timer_unknown", timer=claim.member)
            return AGAIN
        ring = Ring(kind, conversation, self._now())
        try:
            next_at = await handler(self._parts, ring)
        except NotFound:  # erased
            return DONE
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("timer_failed", timer=claim.member)
            return AGAIN
        log.info("timer_rung", timer=claim.member)
        if next_at is None:
            return DONE
        # What is always due would ring for ever, and let nothing else ring.
        return max(SOONEST, to_ms(next_at) - to_ms(self._now()))


async def set_timer(parts: Parts, kind: str, name: str, due: int) -> None:
    """Sets a timer that belongs to no conversation, unless it is set already.

    due: milliseconds since 1970. Raises `RedisError`.
    """
    await parts.redis.zadd(f"{shard_of(name)}:timers", {f"{kind}:{name}": due}, nx=True)
