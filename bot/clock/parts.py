"""What handlers of timers work with: one of each for the courier process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from redis.asyncio import Redis

from bot.content import Content
from bot.conversation.store import Conversations
from bot.mail.destinations import Destinations
from bot.settings import Settings


@dataclass(frozen=True)
class Parts:
    """The shared parts of one process that works the clock."""

    settings: Settings
    content: Content
    redis: Redis
    conversations: Conversations
    destinations: Destinations


@dataclass(frozen=True)
class Ring:
    """A timer that has come due: its kind, the conversation it is about, and the time it is now.

    The time is the clock's own, aware, in UTC. A handler asks no other clock.
    """

    kind: str
    conversation: str
    at: datetime


Handler = Callable[[Parts, Ring], Awaitable[datetime | None]]
"""Does what is due and says when the same timer rings again; None when it has done its work.

A handler may be run more than once for one ring, when a worker dies: whatever it changes, it
changes by `Conversations.change`, fenced or under a name in `once`. A change that sets or stops the
timer itself has the last word. Raising means: again in a while.
"""
