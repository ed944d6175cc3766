"""Reading a conversation's log as it grows: Server-Sent Events, or JSON with long polling.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import math
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from sanic import HTTPResponse, Request

from bot.conversation.events import START, Event
from bot.conversation.store import READ_AT_ONCE, Conversations
from bot.edge.answers import json_answer
from bot.edge.metrics import Metrics
from bot.edge.problems import RETRY_AFTER, Problem
from bot.edge.schemas import EventPage
from bot.edge.tail import Tail, Watcher
from bot.errors import StoreUnavailable

HEARTBEAT = 15.0
SWEEP_EVERY = 4
LONGEST_WAIT = 25.0
MOST_READERS = 15_000
# One customer has a few tabs, and a few broken connections that nobody has noticed yet.
MOST_READERS_OF_ONE = 40
READS_AT_ONCE = 24

Show = Callable[[str, Sequence[Event]], Awaitable[list[dict[str, Any]]]]
Beside = Callable[[str], Awaitable[bytes]]

_CURSOR = re.compile(r"(\d{1,20})-(\d{1,20})", re.ASCII)
_OPENING = b"retry: 1000\n\n"
_BEAT = b":\n\n"
_ENCODER = msgspec.json.Encoder()


class EventsApi:
    """Streams and long polls. Streams share one `Tail`; an idle one costs a task and its buffers.

    show: what is made of events of a conversation for those who read; the public part by default.
    beside: frames that a stream is sent when there is news of the conversation, but not in its log.
    """

    def __init__(
        self, conversations: Conversations, tail: Tail, metrics: Metrics, show: Show | None = None,
        beside: Beside | None = None,
    ) -> None:  # fmt: skip
        self._conversations = conversations
        self._show = show or public_events
        self._beside = beside
        self._tail = tail
        self._metrics = metrics
        self._readers = 0
        self._readers_of: Counter[str] = Counter()
        # When many streams wake at once (Redis is back) they read in turn, not all together.
        self._reads = asyncio.Semaphore(READS_AT_ONCE)

    async def events(self, request: Request, conversation: str) -> HTTPResponse | None:
        """GET /api/v1/conversations/{conversation}/events"""
        after = cursor_of(request)
        if self._readers >= MOST_READERS or self._tail.closed:
            raise Problem(503, "busy", "Too many are connected right now. Please try again.",
                          {"Retry-After": str(RETRY_AFTER)})  # fmt: skip
        if self._readers_of[conversation] >= MOST_READERS_OF_ONE:
            raise Problem(429, "too-many", "This conversation is open in too many places. Please close some.",
                          {"Retry-After": str(math.ceil(HEARTBEAT))})  # fmt: skip
        with self._counted(conversation):
            return await self._answer(request, conversation, after)

    @contextmanager
    def _counted(self, conversation: str) -> Iterator[None]:
        self._readers += 1
        self._readers_of[conversation] += 1
        self._metrics.readers.inc()
        try:
            yield
        finally:
            self._readers -= 1
            self._readers_of[conversation] -= 1
            if not self._readers_of[conversation]:
                del self._readers_of[conversation]
            self._metrics.readers.dec()

    async def _answer(self, request: Request, conversation: str, after: str) -> HTTPResponse | None:
        accept = request.headers.get("accept", "")
        if "application/json" in accept and "text/event-stream" not in accept:
            return json_answer(await self._page(conversation, after, wait_of(request)))
        await self._stream(request, conversation, after)
        return None

    async def _page(self, conversation: str, after: str, wait: float) -> EventPage:
        with self._tail.watch(conversation) as watcher:
            deadline = asyncio.get_running_loop().time() + wait
            while True:
                events = await self._read(conversation, after)
                after = events[-1].id if events else after
                shown = await self._show(conversation, events)
                left = deadline - asyncio.get_running_loop().time()
                if shown or left <= 0 or self._tail.closed:
                    return EventPage(shown, after)
                await watcher.wait(left)

    async def _stream(self, request: Request, conversation: str, after: str) -> None:
        with self._tail.watch(conversation) as watcher:
            first, cursor, more = await self._frames(conversation, after)
            response = await request.respond(
                content_type="text/event-stream; charset=utf-8",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
            await response.send(_OPENING + first)
            while not self._tail.closed:
                if not more and not await self._news(watcher, response):
                    continue
                try:
                    frames, cursor, more = await self._frames(conversation, cursor)
                    if not frames and self._beside:
                        frames = await self._beside(conversation)
                except StoreUnavailable:
                    more = False  # the stream stays; the tail wakes it when Redis is back
                    continue
                if frames:
                    await response.send(frames)

    async def _news(self, watcher: Watcher, response: HTTPResponse) -> bool:
        """Waits, beating, until there is news (True) or the tail closes; a sweep counts as news."""
        for _ in range(SWEEP_EVERY):
            if await watcher.wait(HEARTBEAT):
                return not self._tail.closed
            await response.send(_BEAT)
        return True

    async def _frames(self, conversation: str, after: str) -> tuple[bytes, str, bool]:
        """Later events as frames, the cursor after them, and whether there are more."""
        events = await self._read(conversation, after)
        frames = b"".join(map(frame, await self._show(conversation, events)))
        return frames, events[-1].id if events else after, len(events) == READ_AT_ONCE

    async def _read(self, conversation: str, after: str) -> list[Event]:
        async with self._reads:
            return await self._conversations.events(conversation, after)


async def public_events(conversation: str, events: Sequence[Event]) -> list[dict[str, Any]]:
    """The events as the customer may see them."""
    return [event.public() for event in events if event.is_public]


def frame(event: Mapping[str, Any]) -> bytes:
    """A shown event as it is sent on a stream; its JSON never contains a newline."""
    data = _ENCODER.encode(event)
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (event["id"].encode(), event["type"].encode(), data)


def cursor_of(request: Request) -> str:
    """Where to read on: Last-Event-ID, else `?after=`, else the start. Raises `Problem` 400."""
    cursor = request.headers.get("last-event-id") or request.args.get("after") or START
    match = _CURSOR.fullmatch(cursor)
    if match is None or any(int(part) >= 2**64 for part in match.groups()):
        raise Problem(400, "cursor", "That is not the id of an event.")
    return str(cursor)


def wait_of(request: Request) -> float:
    """Seconds to wait for news, at most 25. Raises `Problem` 400."""
    try:
        wait = float(request.args.get("wait") or 0)
    except ValueError:
        wait = math.nan
    if not wait >= 0:
        raise Problem(400, "wait", "`wait` is a number of seconds from 0 to 25.")
    return min(wait, LONGEST_WAIT)
