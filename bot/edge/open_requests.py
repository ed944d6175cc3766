"""Requests of staff that are being answered, so that a stream ends when its session does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.edge.tail import PING_EVERY, TRY_AGAIN_AFTER
from bot.staff.keys import SESSIONS_ENDED_CHANNEL
from bot.staff.sessions import Session, Sessions

log = structlog.get_logger(__name__)


class SessionEnded(Exception):
    """The session ended while the request was being answered."""


class OpenRequests:
    """Ends requests whose session has ended: at once when told so, else at the next look."""

    def __init__(self, redis: Redis, sessions: Sessions) -> None:
        self._redis = redis
        self._sessions = sessions
        self._open: dict[asyncio.Timeout, Session] = {}

    @asynccontextmanager
    async def of(self, session: Session) -> AsyncIterator[None]:
        """The body may run for as long as the session holds. Raises `SessionEnded`."""
        scope = asyncio.timeout(max(0.0, session.ends - time.time()))
        try:
            async with scope:
                self._open[scope] = session
                yield
        except TimeoutError as error:
            if not scope.expired():
                raise
            raise SessionEnded from error
        finally:
            self._open.pop(scope, None)

    async def run(self) -> None:
        """Listens until cancelled, through broken connections too."""
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                log.warning("subscription broken", error=type(error).__name__)
            await asyncio.sleep(TRY_AGAIN_AFTER)

    async def _listen(self) -> None:
        async with self._redis.pubsub() as pubsub:
            await pubsub.subscribe(SESSIONS_ENDED_CHANNEL)
            while True:
                published = await pubsub.get_message(timeout=PING_EVERY)
                if published is None:
                    await pubsub.ping()
                    await self._look_at(set(self._open.values()))
                elif published["type"] == "message":
                    login = published["data"].decode()
                    await self._look_at({it for it in self._open.values() if it.staff.id == login})
                elif published["type"] == "subscribe":
                    # Also after redis-py has connected again by itself: something may be missed.
                    await self._look_at(set(self._open.values()))

    async def _look_at(self, sessions: set[Session]) -> None:
        for session in sessions:
            if await self._sessions.find(session.token, used=False) is None:
                self._end(session)

    def _end(self, session: Session) -> None:
        now = asyncio.get_running_loop().time()
        for scope, its in self._open.items():
            if its.token == session.token and not scope.expired():
                scope.reschedule(now)
