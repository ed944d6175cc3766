"""Conversations to work on, and a way to see whether a script has written anything."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from bot.case.model import Case, Field, State
from bot.conversation.change import Turn
from bot.conversation.events import CUSTOMER, Event, bot_message, message, owner_event, turn_event
from bot.conversation.keys import conversation_keys
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation, Conversations
from bot.conversation.work import Claim, WorkQueue

LONG = 60_000  # ms: a lease that no test outlives
SHORT = 50  # ms: a lease that runs out while a test waits for it


async def opened(redis: Redis, id: str = "c1") -> Conversation:
    """A conversation just opened."""
    conversations = Conversations(redis)
    await conversations.open(id, "hash", "en", [owner_event("bot"), message("bot", "Hello")])
    return await conversations.read(id)


async def told(redis: Redis, text: str, id: str = "c1") -> Conversation:
    """The conversation after the customer said `text`."""
    conversations = Conversations(redis)
    await conversations.say(id, f"client-{text}", message(CUSTOMER, text))
    return await conversations.read(id)


async def claimed(redis: Redis, id: str = "c1", lease: int = LONG) -> Claim:
    """The claim on that conversation, which must be due."""
    claim = await WorkQueue(redis, "ready", lease).claim(id)
    assert claim is not None
    assert claim.member == id
    return claim


def answer(conversation: Conversation, text: str = "Noted", **more: Any) -> Turn:
    """A turn that answers the last thing the customer said."""
    events = [bot_message(text), turn_event(conversation.heard)]
    return Turn(answers=conversation.heard, events=events, tracker=b"{}", **more)


def with_device(case: Case, device: str) -> Case:
    return case.with_field("device", Field(device, State.STATED, device))


async def dump(redis: Redis) -> dict[bytes, Any]:
    """Everything there is in Redis, for comparison; leases and last-used marks included."""
    found: dict[bytes, Any] = {}
    async for key in redis.scan_iter(count=1000):
        found[key] = (await redis.type(key), await redis.dump(key))
    return found


async def texts(redis: Redis, id: str = "c1", sender: str = "bot") -> list[str]:
    """What `sender` has said, in order."""
    events = await Conversations(redis).all_events(id)
    return [e.body["text"] for e in events if e.type == "message" and e.body["from"] == sender]


async def is_due(redis: Redis, id: str = "c1") -> bool:
    """Whether the conversation waits for the bot, claimed or not."""
    return await redis.zscore(conversation_keys(id).ready, id) is not None


async def passed_on(redis: Redis, to: Owner, id: str = "c1") -> int:
    """Passes the conversation on; returns the new epoch."""
    conversations = Conversations(redis)
    now = await conversations.read(id)
    event: Event = owner_event(to.value)
    return await conversations.change_owner(now, to, event)
