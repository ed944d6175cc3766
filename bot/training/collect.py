"""Reads from Redis what trainers look at: recent conversations, and what has been settled already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta, timezone

from redis.asyncio import Redis

from bot.conversation.events import Event
from bot.conversation.keys import SHARD_TAGS
from bot.conversation.store import Conversations
from bot.errors import NotFound
from bot.training.inbox import Misread, misread

SETTLED = f"{SHARD_TAGS[0]}:training:settled"
AT_ONCE = 500
DAYS = 7


async def recent(redis: Redis, days: float, most: int = 0) -> list[str]:
    """The conversations in which a customer wrote within so many days, latest first."""
    since = (datetime.now(timezone.utc) - timedelta(days=days)).timestamp() * 1000
    found: list[tuple[int, str]] = []
    async for keys in _pages(redis):
        pipe = redis.pipeline(transaction=False)
        for key in keys:
            pipe.hget(key, "heard")
        for key, heard in zip(keys, await pipe.execute(), strict=True):
            at = int((heard or b"0-0").split(b"-")[0])
            if at >= since:
                found.append((at, key.rpartition(":")[2]))
    found.sort(reverse=True)
    return [id for _, id in found[: most or None]]


async def _pages(redis: Redis) -> AsyncIterator[list[str]]:
    page: list[str] = []
    async for key in redis.scan_iter(match="{s*}:conversation:*", count=AT_ONCE):
        page.append(key.decode())
        if len(page) == AT_ONCE:
            yield page
            page = []
    if page:
        yield page


async def logs(redis: Redis, days: float, most: int = 0) -> list[tuple[str, list[Event]]]:
    """Recent conversations with their logs, latest first."""
    conversations = Conversations(redis)
    found = []
    for id in await recent(redis, days, most):
        events = await conversations.all_events(id)
        if events:
            found.append((id, events))
    return found


async def inbox(redis: Redis, days: float = DAYS) -> list[Misread]:
    """Messages that were probably misread and are not settled yet, latest first."""
    now = datetime.now(timezone.utc)
    kept: list[bytes] = await redis.hkeys(SETTLED)  # type: ignore[assignment]
    settled = {key.decode() for key in kept}
    found = [one for id, events in await logs(redis, days) for one in misread(id, events, now)]
    open_ones = [one for one in found if one.id not in settled]
    return sorted(open_ones, key=lambda one: one.at, reverse=True)


async def settle(redis: Redis, ids: Sequence[str], by: str, what: str) -> None:
    """Takes messages out of the inbox: labelled, or nothing to learn from."""
    at = datetime.now(timezone.utc).isoformat(timespec="seconds")
    if ids:
        await redis.hset(SETTLED, mapping=dict.fromkeys(ids, f"{at} {by} {what}"))


async def log_of(redis: Redis, id: str) -> tuple[list[Event], Event]:
    """The log in which a message of the inbox stands, and the message. Raises `NotFound`."""
    conversation, _, event_id = id.partition("/")
    events = await Conversations(redis).all_events(conversation)
    event = next((it for it in events if it.id == event_id), None)
    if event is None:
        raise NotFound("no such message")
    return events, event
