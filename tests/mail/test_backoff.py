"""Waits between attempts, as a table."""

from __future__ import annotations

import pytest

from bot.mail.backoff import Backoff


@pytest.mark.parametrize(
    ("attempts", "jitter", "delay"),
    [
        (1, 0.0, 1_000),
        (2, 0.0, 2_000),
        (5, 0.0, 16_000),
        (5, 1.0, 12_000),
        (8, 0.5, 52_500),  # 128 s would be, 60 s is the longest
        (9, 0.0, 60_000),
        (10, 0.0, None),
        (11, 0.0, None),
    ],
)
def test_the_wait_after_so_many_attempts(attempts: int, jitter: float, delay: int | None) -> None:
    assert Backoff(first=1, longest=60, attempts=10).delay(attempts, jitter) == delay


def test_the_defaults_go_on_for_about_a_day() -> None:
    backoff = Backoff()
    waits = [backoff.delay(n, 0) or 0 for n in range(1, backoff.attempts + 1)]
    assert 20 < sum(waits) / 3_600_000 < 30
    assert backoff.delay(10_000, 0) is None
