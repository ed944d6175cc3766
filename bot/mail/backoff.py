"""How long to wait before a mail is tried again, and when to give up. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Doubling waits with jitter.

    first, longest: seconds. attempts: how many are made before the mail is a dead letter; the
    defaults go on for about a day. crashes: how many couriers may die over a mail before it is
    held to be the cause.
    """

    first: float = 1.0
    longest: float = 600.0
    attempts: int = 150
    crashes: int = 10

    def delay(self, attempts: int, jitter: float) -> int | None:
        """Milliseconds until the next attempt after `attempts` failed ones; None to give up.

        jitter: 0..1; the wait is shortened by up to a quarter, so that mails deferred together do
        not all come back together.
        """
        if attempts >= self.attempts:
            return None
        full = min(self.longest, self.first * 2.0 ** min(attempts - 1, 60))
        return round(1000 * full * (1 - jitter / 4))
