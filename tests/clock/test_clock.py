"""Timers ring when the clock says so, once each, whatever becomes of a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis.strategies import datetimes, just
from redis.asyncio import Redis

from bot.clock.clock import AGAIN, LEASE, SOONEST, Clock, set_timer
from bot.clock.parts import Handler, Parts, Ring
from bot.clock.times import from_ms, to_ms
from bot.conversation.change import Change
from bot.conversation.events import message
from bot.conversation.keys import conversation_keys
from bot.conversation.store import Conversations
from tests.clock.support import HandClock, parts_of
from tests.conversation.support import opened, texts


def heard(rings: list[Ring], answer: Callable[[Ring], datetime | None] = lambda _: None) -> Handler:
    """A handler that notes each ring and answers when the next one is."""

    async def ring(parts: Parts, ring: Ring) -> datetime | None:
        rings.append(ring)
        return answer(ring)

    return ring


async def set_for(redis: Redis, conversation: str, **due: datetime) -> None:
    timers = {kind: to_ms(at) for kind, at in due.items()}
    conversations = Conversations(redis)
    await conversations.change(await conversations.read(conversation), Change(timers=timers))


async def left(redis: Redis, conversation: str = "c1") -> list[bytes]:
    members: Any = await redis.zrange(conversation_keys(conversation).timers, 0, -1)
    return list(members)


async def test_a_timer_rings_when_its_time_has_come_and_not_before(
    redis: Redis, parts: Parts
) -> None:
    now, rings = HandClock(), list[Ring]()
    clock = Clock({"promise": heard(rings)}, parts, now)
    await opened(redis)
    await set_for(redis, "c1", promise=now.at + timedelta(weeks=6))
    now.turn(days=41, hours=23)
    assert await clock.ring_due() == 0
    now.turn(hours=1)
    assert await clock.ring_due() == 1
    assert rings == [Ring("promise", "c1", now.at)]
    assert await left(redis) == []
    assert await clock.ring_due() == 0


async def test_each_kind_has_its_handler_and_its_own_timer(redis: Redis, parts: Parts) -> None:
    now, promises, waits = HandClock(), list[Ring](), list[Ring]()
    clock = Clock({"promise": heard(promises), "wait": heard(waits)}, parts, now)
    for name in ("c1", "c2"):
        await opened(redis, name)
        await set_for(redis, name, promise=now.at, wait=now.at + timedelta(hours=1))
    assert await clock.ring_due() == 2
    assert {ring.conversation for ring in promises} == {"c1", "c2"}
    assert waits == []
    now.turn(hours=1)
    assert await clock.ring_due() == 2
    assert {ring.conversation for ring in waits} == {"c1", "c2"}


async def test_a_handler_says_when_it_rings_again(redis: Redis, parts: Parts) -> None:
    now, rings = HandClock(), list[Ring]()
    daily = heard(rings, lambda ring: ring.at + timedelta(days=1))
    clock = Clock({"retention": daily}, parts, now)
    await set_timer(parts, "retention", "daily", to_ms(now.at))
    await set_timer(parts, "retention", "daily", to_ms(now.at + timedelta(days=9)))
    for _ in range(3):
        assert await clock.ring_due() == 1
        now.turn(days=1)
    assert [ring.at.day for ring in rings] == [2, 3, 4]


async def test_a_handler_that_is_never_done_does_not_stop_the_clock(
    redis: Redis, parts: Parts
) -> None:
    now, rings = HandClock(), list[Ring]()
    await opened(redis)
    await set_for(redis, "c1", promise=now.at)
    clock = Clock({"promise": heard(rings, lambda ring: ring.at)}, parts, now)
    for count in range(1, 4):
        assert await clock.ring_due() == 1
        assert len(rings) == count
        now.turn(milliseconds=SOONEST)


@given(datetimes(timezones=just(timezone.utc), min_value=datetime(1971, 1, 1)))
def test_a_time_is_never_due_before_it_has_come(at: datetime) -> None:
    assert at <= from_ms(to_ms(at)) < at + timedelta(milliseconds=1)
    assert to_ms(from_ms(to_ms(at))) == to_ms(at)


async def test_a_change_has_the_last_word_about_its_timer(redis: Redis, parts: Parts) -> None:
    now = HandClock()

    async def ring(parts: Parts, ring: Ring) -> datetime | None:
        conversation = await parts.conversations.read(ring.conversation)
        later = to_ms(ring.at + timedelta(hours=5))
        change = Change(events=[message("system", "late")], timers={"promise": later})
        await parts.conversations.change(conversation, change)
        return None

    await opened(redis)
    await set_for(redis, "c1", promise=now.at)
    clock = Clock({"promise": ring}, parts, now)
    assert await clock.ring_due() == 1
    now.turn(hours=5)
    assert await redis.zscore(conversation_keys("c1").timers, "promise:c1") == to_ms(now.at)
    assert await clock.ring_due() == 1
    assert await texts(redis, sender="system") == ["late", "late"]


async def test_a_handler_that_fails_is_tried_again(redis: Redis, parts: Parts) -> None:
    now, rings = HandClock(), list[Ring]()

    async def ring(parts: Parts, ring: Ring) -> datetime | None:
        rings.append(ring)
        if len(rings) == 1:
            raise ValueError("the first time")
        return None

    await opened(redis)
    await set_for(redis, "c1", promise=now.at)
    clock = Clock({"promise": ring}, parts, now)
    assert await clock.ring_due() == 1
    now.turn(milliseconds=AGAIN)
    assert await clock.ring_due() == 1
    assert len(rings) == 2
    assert await left(redis) == []


async def test_what_a_dead_worker_held_rings_at_another(redis: Redis, tmp_path: Path) -> None:
    now, rings = HandClock(), list[Ring]()
    begun = asyncio.Event()

    async def dies(parts: Parts, ring: Ring) -> datetime | None:
        begun.set()
        await asyncio.Event().wait()
        return None

    await opened(redis)
    await set_for(redis, "c1", promise=now.at)
    dead = asyncio.create_task(Clock({"promise": dies}, parts_of(redis, tmp_path), now).ring_due())
    await begun.wait()
    dead.cancel()
    heir = Clock({"promise": heard(rings)}, parts_of(redis, tmp_path), now)
    assert await heir.ring_due() == 0
    now.turn(milliseconds=LEASE)
    assert await heir.ring_due() == 1
    assert len(rings) == 1


async def test_two_clocks_share_the_timers(redis: Redis, tmp_path: Path) -> None:
    now, rings = HandClock(), list[Ring]()
    names = [f"c{n}" for n in range(30)]
    for name in names:
        await opened(redis, name)
        await set_for(redis, name, promise=now.at)
    clocks = [Clock({"promise": heard(rings)}, parts_of(redis, tmp_path), now) for _ in range(2)]
    assert sum(await asyncio.gather(*(clock.ring_due() for clock in clocks))) == len(names)
    assert sorted(ring.conversation for ring in rings) == sorted(names)


async def test_a_timer_of_what_is_gone_is_gone_and_one_of_another_version_stays(
    redis: Redis, parts: Parts
) -> None:
    now = HandClock()

    async def reads(parts: Parts, ring: Ring) -> datetime | None:
        await parts.conversations.read(ring.conversation)
        return None

    await set_timer(parts, "promise", "gone", to_ms(now.at))
    await set_timer(parts, "tomorrows_kind", "c2", to_ms(now.at))
    assert await Clock({"promise": reads}, parts, now).ring_due() == 2
    assert await left(redis, "gone") == []
    assert await left(redis, "c2") == [b"tomorrows_kind:c2"]


async def test_it_runs_until_it_is_told_to_stop(redis: Redis, parts: Parts) -> None:
    now, rung, stop = HandClock(), asyncio.Event(), asyncio.Event()

    async def ring(parts: Parts, ring: Ring) -> datetime | None:
        rung.set()
        return None

    await opened(redis)
    await set_for(redis, "c1", promise=now.at)
    running = asyncio.create_task(Clock({"promise": ring}, parts, now).run(stop))
    await asyncio.wait_for(rung.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
