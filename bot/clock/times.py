"""Times as the clock reads them and as Redis keeps them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """The present time, aware, in UTC."""
    return datetime.now(timezone.utc)


def to_ms(at: datetime) -> int:
    """An aware time in milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def from_ms(stamp: int | float) -> datetime:
    """The time, in UTC, of milliseconds since 1970."""
    return datetime.fromtimestamp(stamp / 1000, timezone.utc)
