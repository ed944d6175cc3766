"""Into the queue, out of it, and out of patience: on a real Redis with a clock turned by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.clock.clock import Clock
from bot.clock.handlers import HANDLERS
from bot.clock.parts import Parts
from bot.clock.times import to_ms
from bot.conversation.change import Change, Place
from bot.conversation.events import AGENT, CUSTOMER, message, owner_event
from bot.conversation.keys import conversation_keys
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation, Conversations
from bot.handoff.passing import IDLE, stopped_waiting, to_queue, waiting_event
from bot.handoff.people import People
from tests.clock.support import HandClock, parts_of
from tests.conversation.support import is_due, opened, texts, told, with_device

WISH = "the customer asked for a person"


@pytest.fixture
def parts(redis: Redis, tmp_path: Path) -> Parts:
    return parts_of(redis, tmp_path)


@pytest.fixture
def clock(parts: Parts, hand: HandClock) -> Clock:
    return Clock(HANDLERS, parts, hand)


@pytest.fixture
def hand() -> HandClock:
    return HandClock()


async def waiting(parts: Parts, hand: HandClock, id: str = "c1", place: int = 1) -> Conversation:
    """A conversation in the queue whose customer has said one thing."""
    conversations = parts.conversations
    await opened(parts.redis, id)
    said = await told(parts.redis, "my phone is dead", id)
    moved = to_queue(said, place, WISH, to_ms(hand()), parts.content)
    event = waiting_event(People(open=True, present=1), place, parts.content.handoff)
    await conversations.change(said, Change(events=[event], **moved))
    return await conversations.read(id)


async def accepted(parts: Parts, conversation: Conversation, hand: HandClock) -> Conversation:
    change = Change(
        owner=Owner.AGENT, events=[owner_event("agent", agent="Agent One")],
        meta={"agent": "agent-1", "agent_name": "Agent One"}, place=Place("agent", 1),
        timers={"wait": None, "position": None,
                IDLE: to_ms(hand() + timedelta(minutes=parts.content.handoff.agent_silence_minutes))},
    )  # fmt: skip
    await parts.conversations.change(conversation, change)
    return await parts.conversations.read(conversation.id)


async def owners(parts: Parts, id: str = "c1") -> list[dict[str, Any]]:
    events = await parts.conversations.all_events(id)
    return [dict(event.body) for event in events if event.type == "owner"]


async def test_the_time_waited_is_kept_when_somebody_comes_back(
    parts: Parts, hand: HandClock
) -> None:
    first = await waiting(parts, hand)
    taken = await accepted(parts, first, hand)
    hand.turn(minutes=3)
    moved = to_queue(taken, 1, "put back", to_ms(hand()), parts.content)
    assert moved["place"] == Place("waiting", first.waiting_since)


async def test_a_wait_too_long_ends_in_a_filed_case_and_with_the_bot(
    parts: Parts, clock: Clock, hand: HandClock
) -> None:
    before = await waiting(parts, hand)
    hand.turn(minutes=parts.content.handoff.longest_wait_minutes + 1)
    await clock.ring_due()
    after = await parts.conversations.read("c1")
    assert after.owner is Owner.BOT
    assert after.queue == "mail"
    assert after.case.field("description").value == "my phone is dead"
    assert after.case.handover is not None
    assert after.case.handover.reason == "nobody was free in time"
    assert after.case.number is not None
    assert await parts.conversations.filed_document(after.case.number, 1)
    [told_so] = await texts(parts.redis, sender="system")
    assert after.case.number in told_so
    assert "e-mail" in told_so
    assert await parts.redis.zcard(conversation_keys("c1").outbox) >= 1
    assert await parts.redis.zcard(conversation_keys("c1").waiting) == 0
    by_mail = await parts.redis.zscore(conversation_keys("c1").by_mail, "c1")
    assert by_mail == before.waiting_since, "by mail it counts from when the customer began to wait"
    assert before.epoch + 1 == after.epoch


async def test_the_end_of_the_wait_is_told_once_though_the_clock_dies_in_between(
    parts: Parts, clock: Clock, hand: HandClock
) -> None:
    await waiting(parts, hand)
    hand.turn(minutes=11)
    await clock.ring_due()
    await parts.redis.zadd(conversation_keys("c1").timers, {"wait:c1": to_ms(hand())})
    await clock.ring_due()
    assert len(await texts(parts.redis, sender="system")) == 1


async def test_whoever_has_been_accepted_is_not_timed_out(
    parts: Parts, clock: Clock, hand: HandClock
) -> None:
    await accepted(parts, await waiting(parts, hand), hand)
    await parts.redis.zadd(conversation_keys("c1").timers, {"wait:c1": to_ms(hand())})
    await clock.ring_due()
    assert (await parts.conversations.read("c1")).owner is Owner.AGENT


async def test_a_better_place_is_told_and_the_same_is_not(
    parts: Parts, clock: Clock, hand: HandClock
) -> None:
    first = await waiting(parts, hand, "c1", 1)
    hand.turn(seconds=1)
    await waiting(parts, hand, "c2", 2)
    hand.turn(seconds=20)
    await clock.ring_due()
    assert len(await owners(parts, "c2")) == 2
    await accepted(parts, first, hand)
    hand.turn(seconds=20)
    await clock.ring_due()
    assert [event.get("position") for event in await owners(parts, "c2")] == [None, 2, 1]


async def test_stopping_to_wait_gives_the_bot_something_to_answer(
    parts: Parts, hand: HandClock
) -> None:
    known = await waiting(parts, hand)
    said = message(CUSTOMER, "Stop waiting")
    await parts.conversations.change(known, stopped_waiting(said, "m9"))
    after = await parts.conversations.read("c1")
    assert (after.owner, after.queue, after.waiting_since) == (Owner.BOT, "", 0)
    assert await is_due(parts.redis)


async def test_a_silent_agent_loses_the_conversation_and_the_customer_keeps_the_place(
    parts: Parts, clock: Clock, hand: HandClock
) -> None:
    first = await waiting(parts, hand)
    await accepted(parts, first, hand)
    hand.at = (await parts.conversations.all_events("c1"))[-1].at + timedelta(minutes=6)
    await parts.redis.zadd(conversation_keys("c1").timers, {"idle:c1": to_ms(hand())})
    await clock.ring_due()
    after = await parts.conversations.read("c1")
    assert after.owner is Owner.WAITING
    assert after.waiting_since == first.waiting_since
    assert "Agent One" in (await texts(parts.redis, sender="system"))[-1]


async def test_an_agent_who_has_answered_keeps_the_conversation(
    parts: Parts, clock: Clock, hand: HandClock
) -> None:
    taken = await accepted(parts, await waiting(parts, hand), hand)
    await parts.conversations.change(taken, Change(events=[message(AGENT, "Hello")]))
    hand.at = (await parts.conversations.all_events("c1"))[-1].at + timedelta(minutes=60)
    await parts.redis.zadd(conversation_keys("c1").timers, {"idle:c1": to_ms(hand())})
    await clock.ring_due()
    assert (await parts.conversations.read("c1")).owner is Owner.AGENT


async def test_a_message_opens_a_closed_conversation_again(redis: Redis) -> None:
    conversation = await opened(redis)
    conversations = Conversations(redis)
    case = with_device(conversation.case, "Pixel 8")
    await conversations.change(
        conversation, Change(owner=Owner.CLOSED, events=[owner_event("closed")], case=case)
    )
    closed = await conversations.read("c1")
    after = await told(redis, "it is back again")
    assert (after.owner, after.epoch) == (Owner.BOT, closed.epoch + 1)
    assert [e.type for e in await conversations.all_events("c1")][-2:] == ["owner", "message"]
    assert await is_due(redis)
