"""Who is at the desk, and how many conversations they can still take."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from bot.conversation.change import Change, Place
from bot.conversation.owner import Owner
from bot.conversation.store import Conversations
from bot.desk import presence as presence_module
from bot.desk.presence import Presence, free_places
from tests.conversation.support import opened


async def with_agent(redis: Redis, id: str, agent: str) -> None:
    change = Change(owner=Owner.AGENT, meta={"agent": agent}, place=Place("agent", 1))
    await Conversations(redis).change(await opened(redis, id), change)


async def test_nobody_is_there_without_beats(redis: Redis) -> None:
    assert await Presence(redis).there() == []
    assert await free_places(redis, 4) == 0


async def test_who_comes_is_available_and_has_what_they_have(redis: Redis) -> None:
    presence = Presence(redis)
    await presence.beat("agent-2", "Agent Two")
    await presence.beat("agent-1", "Agent One")
    for id, agent in (("c1", "agent-1"), ("c2", "agent-1"), ("c3", "agent-2"), ("c4", "gone")):
        await with_agent(redis, id, agent)
    there = [(one.id, one.status, one.has) for one in await presence.there()]
    assert there == [("agent-1", "available", 2), ("agent-2", "available", 1)]
    assert await free_places(redis, 4) == 2 + 3
    assert await free_places(redis, 1) == 0


async def test_whoever_is_away_takes_nothing(redis: Redis) -> None:
    presence = Presence(redis)
    await presence.beat("agent-1", "Agent One")
    await presence.set_status("agent-1", "Agent One", "away")
    await presence.beat("agent-1", "Agent One")
    assert [one.status for one in await presence.there()] == ["away"]
    assert await free_places(redis, 4) == 0


async def test_without_another_beat_presence_expires(redis: Redis, monkeypatch: Any) -> None:
    monkeypatch.setattr(presence_module, "LIFE", 1)
    presence = Presence(redis)
    await presence.beat("agent-1", "Agent One")
    while await redis.exists("{desk}:present:agent-1"):
        pass
    assert await presence.there() == []


async def test_away_outlasts_a_reload_but_not_the_shift(redis: Redis, monkeypatch: Any) -> None:
    presence = Presence(redis)
    await presence.beat("agent-1", "Agent One")
    await presence.set_status("agent-1", "Agent One", "away")
    await presence.leave("agent-1")
    assert await presence.there() == []
    await presence.beat("agent-1", "Agent One")
    assert [one.status for one in await presence.there()] == ["away"]
    await presence.leave("agent-1")
    monkeypatch.setattr(presence_module, "SHIFT", -1)
    await presence.beat("agent-1", "Agent One")
    assert [one.status for one in await presence.there()] == ["available"]
