"""Answers of Redis, with its silence turned into Firstline's own error."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from redis.exceptions import ConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.conversation.scripts import unavailable


async def answered(asked: Awaitable[Any] | Any) -> Any:
    """What Redis answers. Raises `StoreUnavailable`."""
    try:
        return await asked
    except (ConnectionError, RedisTimeoutError) as error:
        raise unavailable(error) from error
