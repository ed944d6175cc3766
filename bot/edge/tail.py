"""New events of any log, passed to whoever waits for them: one subscription for the process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.keys import LOG_CHANNEL

PING_EVERY = 10.0
TRY_AGAIN_AFTER = 0.5

log = structlog.get_logger(__name__)


class Watcher:
    """One reader of one conversation, waiting for news of it."""

    __slots__ = ("_news",)

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There may be something to read."""
        self._news.set()

    async def wait(self, at_most: float) -> bool:
        """Whether there was news within `at_most` seconds; news before the call counts."""
        try:
            async with asyncio.timeout(at_most):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class Tail:
    """Wakes the watchers of a conversation when something is appended to its log.

    Publishing is a hint that may get lost, so a watcher must also read now and then without one.
    After a broken connection all watchers are woken, for each may have missed something.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._watchers: dict[str, list[Watcher]] = {}
        self._listeners: list[Callable[[str | None], None]] = []
        self.closed = False

    def listen(self, listener: Callable[[str | None], None]) -> None:
        """Has `listener` told of every conversation with news; None means it may be any."""
        self._listeners.append(listener)

    @contextmanager
    def watch(self, conversation: str) -> Iterator[Watcher]:
        """A watcher for as long as the body runs; enter it before reading the log."""
        watcher = Watcher()
        self._watchers.setdefault(conversation, []).append(watcher)
        try:
            yield watcher
        finally:
            watchers = self._watchers[conversation]
            watchers.remove(watcher)
            if not watchers:
                del self._watchers[conversation]

    async def run(self) -> None:
        """Listens until cancelled, through broken connections too."""
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                log.warning("subscription broken", error=type(error).__name__)
            await asyncio.sleep(TRY_AGAIN_AFTER)

    def close(self) -> None:
        """Wakes everybody for the last time: `closed` tells them to end."""
        self.closed = True
        self._wake_all()

    async def _listen(self) -> None:
        async with self._redis.pubsub() as pubsub:
            await pubsub.subscribe(LOG_CHANNEL)
            while True:
                published = await pubsub.get_message(timeout=PING_EVERY)
                if published is None:
                    await pubsub.ping()
                elif published["type"] == "message":
                    self._wake(published["data"].decode())
                elif published["type"] == "subscribe":
                    # Also after redis-py has connected again by itself: something may be missed.
                    self._wake_all()

    def _wake(self, conversation: str) -> None:
        for watcher in self._watchers.get(conversation, ()):
            watcher.wake()
        for listener in self._listeners:
            listener(conversation)

    def _wake_all(self) -> None:
        for listener in self._listeners:
            listener(None)
        for watchers in self._watchers.values():
            for watcher in watchers:
                watcher.wake()
