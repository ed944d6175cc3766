"""The end of a test is watched like the test."""

from __future__ import annotations

import pytest
from pytest_timeout import Settings


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Has pytest-timeout watch anew: when a test fails, it stops, and what hangs then would hang for good."""
    seconds = item.config.getoption("timeout")
    if seconds:
        settings = Settings(seconds, "signal", False, False)
        item.ihook.pytest_timeout_set_timer(item=item, settings=settings)
