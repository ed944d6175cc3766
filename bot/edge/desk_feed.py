"""The queues as they change, passed to every open desk: read once for the process, not once a desk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import structlog
from redis.exceptions import RedisError

from bot.conversation.keys import QUEUES, WITH_AGENT, conversation_keys
from bot.desk.dead import DeadLetter, DeadLetters
from bot.desk.presence import Presence, Present
from bot.desk.queues import listed
from bot.desk.reading import answered
from bot.desk.rows import Row, read_rows
from bot.edge.parts import Parts
from bot.errors import StoreUnavailable

GATHER = 0.05  # seconds in which news is gathered before it is read
SWEEP = 3.0  # seconds between looks for what no news told of
ALL_EVERY = 20  # sweeps until every row is read again
MOST_HELD = 5_000  # frames a desk may be behind before it has to begin anew
PAUSE = 0.5

log = structlog.get_logger(__name__)


class Desk:
    """One open desk: the frames it has not been sent yet."""

    def __init__(self, staff: str) -> None:
        self.staff = staff
        self.behind = False
        self._frames: list[bytes] = []
        self._news = asyncio.Event()

    def put(self, frame: bytes) -> None:
        """Adds a frame; a desk that does not read loses all, and must begin anew."""
        if len(self._frames) >= MOST_HELD:
            self.behind = True
        self._frames.append(frame)
        self._news.set()

    async def take(self, at_most: float) -> bytes:
        """The frames that have come, waiting `at_most` seconds for the first."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                await self._news.wait()
        frames = b"".join(self._frames)
        self._frames.clear()
        self._news.clear()
        return frames


class Feed:
    """Follows the queues while any desk is open, and tells each what changes."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._redis = parts.redis
        self._presence = Presence(parts.redis)
        self._letters = DeadLetters(parts.redis, parts.conversations)
        self._desks: set[Desk] = set()
        self._rows: dict[str, Row] = {}
        self._people: list[Present] = []
        self._dead: list[DeadLetter] = []
        self._dirty: set[str] = set()
        self._unsure = True
        self._wake = asyncio.Event()
        parts.tail.listen(self.hear)

    def hear(self, conversation: str | None) -> None:
        """There is news of this conversation, or perhaps of any."""
        if not self._desks:
            return
        if conversation is None:
            self._unsure = True
        else:
            self._dirty.add(conversation)
        self._wake.set()

    def look(self) -> None:
        """Somebody has come, gone, or had a mail sent again: look now."""
        self.hear(None)

    @contextmanager
    def open_desk(self, staff: str) -> Iterator[Desk]:
        """A desk that is told of changes for as long as the body runs."""
        desk = Desk(staff)
        if not self._desks:
            self._unsure = True
        self._desks.add(desk)
        self._wake.set()
        try:
            yield desk
        finally:
            self._desks.discard(desk)

    async def run(self) -> None:
        """Follows until cancelled."""
        sweeps = 0
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP):
                    await self._wake.wait()
            if not self._desks:
                self._wake.clear()
                continue
            woken = self._wake.is_set()
            await asyncio.sleep(GATHER)
            self._wake.clear()
            sweeps += 0 if woken else 1
            if sweeps >= ALL_EVERY:
                sweeps, self._unsure = 0, True
            try:
                await self._follow(sweep=not woken or self._unsure)
            except (StoreUnavailable, RedisError) as error:
                log.debug("queues unavailable", error=str(error))
                await asyncio.sleep(PAUSE)
            except Exception as error:  # the desks stay open, and the next look may go well
                log.error("queues not followed", exc_info=error)
                await asyncio.sleep(PAUSE)

    async def _follow(self, sweep: bool) -> None:
        dirty, self._dirty = self._dirty, set()
        everything, self._unsure = self._unsure, False
        try:
            if sweep:
                dirty |= await self._moved(everything)
                await self._look_at_dead()
            await self._refresh(dirty)
            if sweep or dirty:
                await self._look_at_people()
        except BaseException:
            self._unsure = True
            raise

    async def _moved(self, everything: bool) -> set[str]:
        """The conversations that are in a queue and not among the rows, or the other way about."""
        there: set[str] = set()
        for queue in QUEUES:
            there |= {id for id, _ in await listed(self._redis, queue)}
        return there | self._rows.keys() if everything else there ^ self._rows.keys()

    async def _refresh(self, ids: Iterable[str]) -> None:
        wanted = await self._concerned(set(ids))
        rows = await read_rows(self._redis, wanted, self._parts.content)
        for id, row in rows.items():
            before = self._rows.get(id)
            if row is None:
                if before is not None:
                    del self._rows[id]
                    self._tell(lambda _: "", before)
            elif row != before:
                self._rows[id] = row
                self._tell(_queue_for(row), row)

    async def _concerned(self, ids: set[str]) -> list[str]:
        """Those of `ids` that are in a queue, or were: most news is about talk with the bot."""
        new = sorted(ids - self._rows.keys())
        pipe = self._redis.pipeline(transaction=False)
        for id in new:
            pipe.hget(conversation_keys(id).meta, "queue")
        queues = await answered(pipe.execute()) if new else []
        queued = [id for id, queue in zip(new, queues, strict=True) if queue]
        return queued + sorted(ids & self._rows.keys())

    def _tell(self, queue_for: Callable[[str], str], row: Row) -> None:
        body = msgspec.json.encode(row)
        frames: dict[str, bytes] = {}
        for desk in self._desks:
            queue = queue_for(desk.staff)
            if queue not in frames:
                data = b'{"queue":"%b","row":%b}' % (queue.encode(), body)
                frames[queue] = b"event: row\ndata: %b\n\n" % data
            desk.put(frames[queue])

    async def _look_at_people(self) -> None:
        people = await self._presence.there()
        if people != self._people:
            self._people = people
            self._send("presence", {"staff": people})

    async def _look_at_dead(self) -> None:
        if await self._letters.ids() != [letter.id for letter in self._dead]:
            self._dead = await self._letters.all()
            self._send("dead", {"dead": self._dead})

    def _send(self, event: str, body: Any) -> None:
        frame = b"event: %b\ndata: %b\n\n" % (event.encode(), msgspec.json.encode(body))
        for desk in self._desks:
            desk.put(frame)


def _queue_for(row: Row) -> Callable[[str], str]:
    def queue(staff: str) -> str:
        return queue_of(row, staff)

    return queue


def queue_of(row: Row, staff: str) -> str:
    """The queue in which `staff` finds the row: waiting, mine, team or mail."""
    if row.place != WITH_AGENT:
        return row.place
    return "mine" if row.agent is not None and row.agent.id == staff else "team"
