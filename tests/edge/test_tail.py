"""Waiting for news of a conversation: woken by a hint, after a break, and by the sweep."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from sanic import HTTPResponse

from bot.conversation.keys import LOG_CHANNEL
from bot.conversation.store import Conversations
from bot.edge import events_api
from bot.edge.events_api import SWEEP_EVERY, EventsApi
from bot.edge.metrics import Metrics
from bot.edge.tail import Tail


@pytest.fixture
async def tail(redis: Redis) -> AsyncIterator[Tail]:
    tail = Tail(redis)
    running = asyncio.create_task(tail.run())
    with tail.watch("first") as watcher:
        assert await watcher.wait(10)  # everybody is woken once the subscription stands
    yield tail
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_only_watchers_of_the_conversation_are_woken(tail: Tail, redis: Redis) -> None:
    with tail.watch("a") as one, tail.watch("a") as two, tail.watch("b") as other:
        await redis.publish(LOG_CHANNEL, "a")
        assert await one.wait(10)
        assert await two.wait(10)
        assert not await other.wait(0.01)
        assert not await one.wait(0.01)


async def test_news_before_the_wait_counts(tail: Tail, redis: Redis) -> None:
    with tail.watch("a") as early, tail.watch("a") as late:
        await redis.publish(LOG_CHANNEL, "a")
        assert await early.wait(10)
        assert await late.wait(0.01)


async def test_after_a_broken_subscription_everybody_is_woken(tail: Tail, redis: Redis) -> None:
    with tail.watch("a") as one, tail.watch("b") as other:
        assert await redis.client_kill_filter(_type="pubsub") >= 1
        assert await one.wait(10)
        assert await other.wait(10)
        await redis.publish(LOG_CHANNEL, "b")
        assert await other.wait(10)


async def test_nothing_is_kept_for_those_who_have_left(tail: Tail) -> None:
    with tail.watch("a"), tail.watch("a"):
        pass
    assert tail._watchers == {}


async def test_closing_wakes_everybody_for_good(tail: Tail) -> None:
    with tail.watch("a") as watcher:
        tail.close()
        assert await watcher.wait(10)
        assert tail.closed


class Recorder(HTTPResponse):
    """A stream that notes what is sent on it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    async def send(self, data: object = None, end_stream: bool | None = None) -> None:
        assert isinstance(data, bytes)
        self.sent.append(data)


async def test_a_quiet_stream_beats_and_is_swept(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Publishing may fail silently; then the sweep finds what was appended."""
    monkeypatch.setattr(events_api, "HEARTBEAT", 0.01)
    conversations = Conversations(redis)
    tail = Tail(redis)
    api = EventsApi(conversations, tail, Metrics())
    response = Recorder()
    with tail.watch("a") as watcher:
        assert await api._news(watcher, response)
    assert response.sent == [b":\n\n"] * SWEEP_EVERY
