"""Times as the clock reads them and as Redis keeps them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

Now = Callable[[], datetime]
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MILLISECOND = timedelta(milliseconds=1)


def utc_now() -> datetime:
    """The present time, aware, in UTC."""
    return datetime.now(timezone.utc)


def to_ms(at: datetime) -> int:
    """An aware time in milliseconds since 1970, rounded up: what is set for it is not due before."""
    return -((EPOCH - at) // MILLISECOND)


def from_ms(stamp: int | float) -> datetime:
    """The time, in UTC, of milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=stamp)  # exact, as floating seconds are not
