"""A filed case is listed with the others of its account, by the clock."""

from __future__ import annotations

from pathlib import Path

from redis.asyncio import Redis

from bot.case.model import Field, State
from bot.clock.clock import Clock
from bot.clock.handlers import HANDLERS
from bot.conversation.change import Change
from bot.conversation.store import Conversation, Conversations
from bot.desk.earlier import ACCOUNT, Earlier
from tests.clock.support import HandClock, parts_of
from tests.conversation.support import opened

NUMBER = "1234567890"


async def with_number(redis: Redis, id: str, number: str) -> Conversation:
    conversation = await opened(redis, id)
    case = conversation.case.with_field("account_number", Field(number, State.STATED))
    change = Change(case=case, timers={ACCOUNT: 1})
    await Conversations(redis).change(conversation, change)
    return await Conversations(redis).read(id)


async def test_the_cases_of_one_account_find_each_other(redis: Redis, tmp_path: Path) -> None:
    parts = parts_of(redis, tmp_path)
    first = await with_number(redis, "c1", NUMBER)
    second = await with_number(redis, "c2", NUMBER)
    other = await with_number(redis, "c3", "9876543210")
    none = await with_number(redis, "c4", "")
    assert await Clock(HANDLERS, parts, HandClock()).ring_due() == 4
    earlier = Earlier(redis, parts.settings.secret, parts.content)
    assert [it.conversation for it in await earlier.of(first)] == ["c2"]
    assert [it.conversation for it in await earlier.of(second)] == ["c1"]
    assert await earlier.of(other) == await earlier.of(none) == []


async def test_no_number_can_be_read_from_the_list(redis: Redis, tmp_path: Path) -> None:
    parts = parts_of(redis, tmp_path)
    await with_number(redis, "c1", NUMBER)
    await Clock(HANDLERS, parts, HandClock()).ring_due()
    keys = [key.decode() async for key in redis.scan_iter(match="*:account:*")]
    assert len(keys) == 1
    assert NUMBER not in keys[0]
    assert Earlier(redis, "another secret", parts.content).key(NUMBER) not in keys
