"""Who is there to take a conversation, asked right before one is promised."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from redis.asyncio import Redis

from bot.content import Content
from bot.content.handoff import Handoff
from bot.desk.presence import Presence, places
from bot.desk.queues import waiting


@dataclass(frozen=True)
class People:
    """How things stand at the desk.

    open: whether these are opening hours, next_opening: if not, when they are (the operator's time).
    present: agents who are there and available. places: how many more conversations they can take.
    waiting: conversations in the queue.
    """

    open: bool
    present: int = 0
    places: int = 0
    waiting: int = 0
    next_opening: datetime | None = None

    def can_take(self, handoff: Handoff) -> bool:
        """Whether one more may wait: somebody is there and the queue is not too long."""
        return self.open and self.present > 0 and (
            self.places > self.waiting or self.waiting < handoff.longest_queue * self.present
        )  # fmt: skip

    def expected_minutes(self, position: int, handoff: Handoff) -> int:
        """About how long the one at `position` (1 is first) waits; 0 when somebody is free."""
        if position <= self.places:
            return 0
        behind = position - self.places
        at_once = max(1, self.present * handoff.places_per_agent)
        return math.ceil(behind * handoff.minutes_per_conversation / at_once)


def nobody(content: Content, at: datetime | None = None) -> People:
    """The desk without anybody, as at the command line."""
    now = at or datetime.now(timezone.utc)
    return People(open=content.hours.is_open(now), next_opening=content.hours.next_opening(now))


class Desk:
    """The desk as it can be looked at from outside, by way of one Redis."""

    def __init__(self, redis: Redis, content: Content) -> None:
        self._redis = redis
        self._content = content

    async def people(self) -> People:
        """How things stand right now. Raises `StoreUnavailable`."""
        at = datetime.now(timezone.utc)
        empty = nobody(self._content, at)
        if not empty.open:
            return empty
        there = await Presence(self._redis).there()
        available = [one for one in there if one.status == "available"]
        free = places(available, self._content.handoff.places_per_agent)
        return replace(
            empty, present=len(available), places=free, waiting=await waiting(self._redis)
        )
