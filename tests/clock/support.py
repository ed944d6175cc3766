"""A clock that a test turns by hand."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from redis.asyncio import Redis

from bot.clock.parts import Parts
from bot.content import load_content
from bot.conversation.store import Conversations
from bot.mail.destinations import load_destinations
from bot.settings import ROOT, Settings

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=timezone.utc)


class HandClock:
    """Tells the time that a test has set."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **ahead: float) -> None:
        """Lets time go by: weeks, days, hours, …, as `timedelta` has them."""
        self.at += timedelta(**ahead)


def parts_of(redis: Redis, state_dir: Path) -> Parts:
    """The parts of a clock on this Redis, with the operator's real content."""
    settings = Settings(state_dir=state_dir, secret="secret of the tests")
    destinations = load_destinations(ROOT / "data" / "destinations.yml", settings.case_mailbox)
    content = load_content(ROOT / "data")
    return Parts(settings, content, redis, Conversations(redis), destinations)
