"""Answers of Redis, with its silence turned into Firstline's own error."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.conversation.events import Event, decode_event
from bot.conversation.keys import conversation_keys
from bot.conversation.scripts import unavailable


async def answered(asked: Awaitable[Any] | Any) -> Any:
    """What Redis answers. Raises `StoreUnavailable`."""
    try:
        return await asked
    except (ConnectionError, RedisTimeoutError) as error:
        raise unavailable(error) from error


async def last_events(redis: Redis, conversation: str, count: int = 200) -> list[Event]:
    """The last events of a conversation's log, oldest first."""
    log = conversation_keys(conversation).log
    entries = await answered(redis.xrevrange(log, count=count))
    return [decode_event(id, stored) for id, stored in reversed(entries)]
