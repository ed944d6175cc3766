"""The outbox in Redis: every mail ordered and not yet known to be delivered, and what became of it.

    DUE ──a──▶ SENDING ──b──▶ SENT
     ▲          ▲ │  │
     │        a │ c  d
     │          │ ▼  └──────▶ DEAD
     │        DEFERRED          │
     └────────────── e ─────────┘

a begun by a courier that holds the claim · b the server said 250 · c not now, or nobody knows: again
later under the same Message-ID · d refused for good, or tried too often · e replayed by a person,
as a deferred mail can be too. A mail in SENDING whose claim has run out is begun again (a).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.conversation.keys import SHARD_TAGS, mail_key
from bot.conversation.scripts import Scripts, unavailable
from bot.conversation.work import Claim, WorkQueue
from bot.errors import NotFound
from bot.mail.order import MailOrder, decode_order

SCRIPTS = Path(__file__).parent / "scripts"
LEASE = 15_000  # ms a courier may be silent before another takes its mail
HEARTBEAT = f"{SHARD_TAGS[0]}:heartbeat:courier"
HEARTBEAT_LIFE = 15_000  # ms
KEEP_SENT = 30 * 24 * 3600 * 1000  # ms a sent mail can still be looked up


class State(str, Enum):
    """Where a mail stands; the module's picture shows what leads where."""

    DUE = "due"
    SENDING = "sending"
    DEFERRED = "deferred"
    SENT = "sent"
    DEAD = "dead"


QUEUED = (State.DUE, State.SENDING, State.DEFERRED)


@dataclass(frozen=True)
class Entry:
    """A mail of the outbox. Times are milliseconds since 1970, 0 when there is none."""

    id: str
    order: MailOrder
    state: State
    attempts: int = 0
    crashes: int = 0
    message_id: str = ""
    last_error: str = ""
    next_at: int = 0
    sent_at: int = 0


@dataclass(frozen=True)
class Condition:
    """The outbox as a whole, for metrics and alarms.

    waiting: mails due, being sent or deferred. dead: dead letters. lag: how many milliseconds the
    mail that is due longest has been waiting for a courier. alive: whether any courier is at work.
    settled: how many attempts ever ended in sent, deferred, dead.
    """

    waiting: int
    dead: int
    lag: int
    alive: bool
    settled: Mapping[str, int]


class Outbox:
    """The outbox of one Redis.

    lease: how long a claim holds unless it is extended, in milliseconds.
    """

    def __init__(self, redis: Redis, lease: int = LEASE) -> None:
        self.queue = WorkQueue(redis, "outbox", lease)
        self._redis = redis
        self._scripts = Scripts(redis, SCRIPTS)

    async def read(self, id: str) -> Entry:
        """The mail with this id. Raises `NotFound`."""
        try:
            stored: Any = await self._redis.hgetall(mail_key(id))
        except (ConnectionError, RedisTimeoutError) as error:
            raise unavailable(error) from error
        except (ValueError, IndexError) as error:
            raise NotFound(f"{id!r} is no mail of the outbox") from error
        if b"mail" not in stored:
            raise NotFound(f"{id!r} is no mail of the outbox")
        return _entry(id, stored)

    async def begin(self, claim: Claim, message_id: str) -> bool:
        """Counts an attempt and sets the state; False when there is nothing to send after all.

        Raises `ClaimLost`.
        """
        keys = [*_queue_keys(claim.shard), mail_key(claim.member)]
        return bool(await self._scripts.run("begin", keys, claim.member, claim.token, message_id))

    async def sent(self, claim: Claim) -> None:
        """The server has taken the mail. Raises `ClaimLost`."""
        await self._settle(claim, State.SENT, "", KEEP_SENT)

    async def defer(self, claim: Claim, reason: str, delay: int) -> None:
        """Try again in `delay` ms. Raises `ClaimLost`."""
        await self._settle(claim, State.DEFERRED, reason, delay)

    async def bury(self, claim: Claim, reason: str) -> None:
        """Never try again unless a person says so. Raises `ClaimLost`."""
        await self._settle(claim, State.DEAD, reason, 0)

    async def _settle(self, claim: Claim, state: State, reason: str, time: int) -> None:
        shard = claim.shard
        keys = [*_queue_keys(shard), mail_key(claim.member), f"{shard}:dead", _counts_key(shard)]
        await self._scripts.run(
            "settle", keys, claim.member, claim.token, state.value, reason, time
        )

    async def replay(self, id: str) -> bool:
        """Makes a dead letter or a deferred mail due now; False when it is neither."""
        shard = SHARD_TAGS[int(id[:2])]
        keys = [f"{shard}:outbox", mail_key(id), f"{shard}:dead"]
        return bool(await self._scripts.run("replay", keys, id))

    async def entries(self, state: State | None = None) -> AsyncIterator[Entry]:
        """The mails in `state`, or all of them, in no particular order."""
        ids = self._unsent() if state is not None and state is not State.SENT else self._all()
        async for id in ids:
            try:
                entry = await self.read(id)
            except NotFound:  # sent and forgotten between the two reads
                continue
            if state is None or entry.state is state:
                yield entry

    async def _unsent(self) -> AsyncIterator[str]:
        for shard in SHARD_TAGS:
            for name in ("outbox", "dead"):
                ids: Any = await self._redis.zrange(f"{shard}:{name}", 0, -1)
                for id in ids:
                    yield id.decode()

    async def _all(self) -> AsyncIterator[str]:
        async for key in self._redis.scan_iter(match="*:mail:*", count=1000):
            yield key.decode().partition(":mail:")[2]

    async def waiting(self) -> int:
        """How many mails are due, being sent or deferred."""
        try:
            return await self.queue.waiting()
        except (ConnectionError, RedisTimeoutError) as error:
            raise unavailable(error) from error

    async def beat(self) -> None:
        """Notes that a courier is alive; forgotten again when no more beats come."""
        try:
            await self._redis.set(HEARTBEAT, 1, px=HEARTBEAT_LIFE)
        except (ConnectionError, RedisTimeoutError) as error:
            raise unavailable(error) from error

    async def condition(self) -> Condition:
        """How the outbox as a whole is doing."""
        pipe = self._redis.pipeline(transaction=False)
        for shard in SHARD_TAGS:
            pipe.zcard(f"{shard}:outbox")
            pipe.zcard(f"{shard}:dead")
            pipe.zrange(f"{shard}:outbox", 0, 0, withscores=True)
            pipe.hgetall(_counts_key(shard))
        pipe.time()
        pipe.exists(HEARTBEAT)
        try:
            *answers, (seconds, micros), alive = await pipe.execute()
        except (ConnectionError, RedisTimeoutError) as error:
            raise unavailable(error) from error
        now = seconds * 1000 + micros // 1000
        due = [first[0][1] for first in answers[2::4] if first]
        settled = {state.value: 0 for state in (State.SENT, State.DEFERRED, State.DEAD)}
        for counts in answers[3::4]:
            for name, count in counts.items():
                settled[name.decode()] += int(count)
        return Condition(
            waiting=sum(answers[0::4]), dead=sum(answers[1::4]), settled=settled,
            lag=max(0, now - int(min(due, default=now))), alive=bool(alive),
        )  # fmt: skip


def _entry(id: str, stored: Mapping[bytes, bytes]) -> Entry:
    def number(name: bytes) -> int:
        return int(stored.get(name, 0))

    return Entry(
        id=id,
        order=decode_order(stored[b"mail"]),
        state=State(stored[b"state"].decode()),
        attempts=number(b"attempts"),
        crashes=number(b"crashes"),
        message_id=stored.get(b"message_id", b"").decode(),
        last_error=stored.get(b"last_error", b"").decode(errors="replace"),
        next_at=number(b"next_at"),
        sent_at=number(b"sent_at"),
    )


def _queue_keys(shard: str) -> tuple[str, str]:
    return f"{shard}:outbox", f"{shard}:outbox:claims"


def _counts_key(shard: str) -> str:
    return f"{shard}:outbox:settled"
