"""The parts that the clock works with, on a real Redis."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.clock.parts import Parts
from tests.clock.support import parts_of


@pytest.fixture
def parts(redis: Redis, tmp_path: Path) -> Parts:
    return parts_of(redis, tmp_path)
