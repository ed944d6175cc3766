"""Accounts, sessions and the audit log on a real Redis."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from bot.staff.accounts import Accounts
from bot.staff.audit import Audit


@pytest.fixture
def accounts(redis: Redis) -> Accounts:
    return Accounts(redis)


@pytest.fixture
def audit(redis: Redis) -> Audit:
    return Audit(redis)
