"""Changes outside a bot turn: whole or not at all, fenced, and once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.conversation.change import Change, Place
from bot.conversation.events import AGENT, CUSTOMER, Choice, message, note_event, owner_event
from bot.conversation.keys import conversation_keys
from bot.conversation.owner import ForbiddenTransition, Owner
from bot.conversation.scripts import CaseChanged
from bot.conversation.store import Conversations
from bot.conversation.work import WorkQueue
from bot.errors import NotFound, NotOwner
from tests.conversation.support import (
    LONG,
    answer,
    claimed,
    dump,
    is_due,
    opened,
    passed_on,
    texts,
    told,
    with_device,
)


def handing_over(**more: Any) -> Change:
    return Change(
        owner=Owner.WAITING, events=[owner_event("waiting", position=1)],
        meta={"waiting_since": 5, "agent": "", "scope": "device os_version"},
        timers={"wait": 1_000}, place=Place("waiting", 5), **more,
    )  # fmt: skip


async def test_everything_of_a_change_is_there_afterwards(redis: Redis) -> None:
    conversation = await opened(redis)
    conversations = Conversations(redis)
    case = with_device(conversation.case, "Pixel 8")
    choice = Choice("x1", "Yes", "/affirm")
    [event] = await conversations.change(conversation, handing_over(case=case, choices=[choice]))
    after = await conversations.read("c1")
    assert (after.owner, after.epoch) == (Owner.WAITING, conversation.epoch + 1)
    assert (after.case, after.case_version) == (case, 1)
    assert (after.waiting_since, after.queue) == (5, "waiting")
    assert after.scope == ("device", "os_version")
    assert after.changed >= after.opened
    assert await conversations.choice("c1", "x1") == choice
    keys = conversation_keys("c1")
    assert await redis.zrange(keys.waiting, 0, -1, withscores=True) == [(b"c1", 5.0)]
    assert await redis.zrange(keys.timers, 0, -1, withscores=True) == [(b"wait:c1", 1000.0)]
    assert (await conversations.all_events("c1"))[-1].id == event


async def test_a_conversation_is_found_in_one_queue_at_a_time(redis: Redis) -> None:
    conversations = Conversations(redis)
    keys = conversation_keys("c1")
    await conversations.change(await opened(redis), handing_over())
    await conversations.change(
        await conversations.read("c1"), Change(owner=Owner.AGENT, place=Place("agent", 7))
    )
    assert await redis.zrange(keys.waiting, 0, -1) == []
    assert await redis.zrange(keys.with_agent, 0, -1) == [b"c1"]
    await conversations.change(await conversations.read("c1"), Change(place=Place("")))
    assert await redis.zrange(keys.with_agent, 0, -1) == []


async def test_whoever_read_an_older_epoch_is_refused(redis: Redis) -> None:
    early = await opened(redis)
    await passed_on(redis, Owner.AGENT)
    before = await dump(redis)
    with pytest.raises(NotOwner):
        await Conversations(redis).change(early, Change(events=[message(AGENT, "late")]))
    assert await dump(redis) == before


async def test_a_case_read_before_another_change_is_refused(redis: Redis) -> None:
    early = await opened(redis)
    conversations = Conversations(redis)
    await conversations.change(early, Change(case=with_device(early.case, "Pixel 8")))
    before = await dump(redis)
    with pytest.raises(CaseChanged):
        await conversations.change(early, Change(case=with_device(early.case, "Pixel 9")))
    assert await dump(redis) == before


async def test_a_forbidden_owner_and_a_missing_conversation_write_nothing(redis: Redis) -> None:
    conversations = Conversations(redis)
    closed = await opened(redis)
    await passed_on(redis, Owner.CLOSED)
    closed = await conversations.read("c1")
    before = await dump(redis)
    with pytest.raises(ForbiddenTransition):
        await conversations.change(closed, Change(owner=Owner.WAITING))
    assert await dump(redis) == before
    await redis.delete(conversation_keys("c1").meta)
    before = await dump(redis)
    with pytest.raises(NotFound):
        await conversations.change(closed, Change(events=[message(AGENT, "anyone?")]))
    assert await dump(redis) == before


async def test_the_same_change_sent_twenty_times_happens_once(redis: Redis) -> None:
    conversation = await opened(redis)
    change = Change(events=[message(AGENT, "Hello")], once="a1")
    conversations = Conversations(redis)
    ids = await asyncio.gather(*(conversations.change(conversation, change) for _ in range(20)))
    assert len({tuple(id) for id in ids}) == 1
    assert await texts(redis, sender="agent") == ["Hello"]


async def test_what_is_owed_is_answered_also_when_the_bot_has_just_got_it_back(
    redis: Redis,
) -> None:
    await opened(redis)
    await passed_on(redis, Owner.AGENT)
    with_person = await told(redis, "hello?")
    change = Change(owner=Owner.BOT, events=[owner_event("bot")], owed=True)
    [asked] = await Conversations(redis).change(with_person, change)
    after = await Conversations(redis).read("c1")
    assert (after.cursor, after.heard) == (with_person.heard, asked)
    assert await is_due(redis)


async def test_a_turn_can_hand_over_and_the_bot_is_done_with_it(redis: Redis) -> None:
    await opened(redis)
    conversation = await told(redis, "a person please")
    claim = await claimed(redis)
    await told(redis, "now")
    turn = answer(conversation, owner=Owner.WAITING, place=Place("waiting", 5))
    assert await Conversations(redis).commit(conversation, claim, turn) is False
    after = await Conversations(redis).read("c1")
    assert (after.owner, after.queue) == (Owner.WAITING, "waiting")
    assert not await is_due(redis)


async def test_a_change_takes_its_timers_from_whoever_holds_them(redis: Redis) -> None:
    conversation = await opened(redis)
    conversations = Conversations(redis)
    await conversations.change(conversation, Change(timers={"wait": 1, "idle": 2}))
    timers = WorkQueue(redis, "timers", LONG)
    claim = await timers.claim("c1")
    assert claim is not None
    assert claim.member == "wait:c1"
    await conversations.change(conversation, Change(timers={"wait": None, "idle": 3}))
    keys = conversation_keys("c1")
    assert await redis.zrange(keys.timers, 0, -1, withscores=True) == [(b"idle:c1", 3.0)]
    assert await redis.hget(keys.timer_claims, "wait:c1") is None


async def test_a_note_is_kept_and_is_not_public(redis: Redis) -> None:
    conversation = await opened(redis)
    await Conversations(redis).change(conversation, Change(events=[note_event("agent-1", "VIP")]))
    [note] = (await Conversations(redis).all_events("c1"))[-1:]
    assert note.private == {"by": "agent-1", "text": "VIP"}
    assert not note.is_public
    assert "VIP" not in str(note.public())
    await Conversations(redis).say("c1", "m1", message(CUSTOMER, "hi"))
