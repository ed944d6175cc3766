"""Work that the trainer process does for the workbench, and how far it has come; kept in Redis."""

from __future__ import annotations

import secrets
import time
from datetime import datetime, timezone
from typing import Any

import msgspec
from redis.asyncio import Redis

from bot.conversation.keys import shard_of
from bot.conversation.work import WorkQueue
from bot.errors import NotFound

CHANNEL = "firstline:training"
QUEUE = "training"
LEASE = 10_000
KEPT_SECONDS = 7 * 24 * 3600
ID_BYTES = 9

INBOX, NEAREST, TRAIN, COMPARE = "inbox", "nearest", "train", "compare"
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


class Job(msgspec.Struct, frozen=True):
    """A piece of work of one kind; `state` is waiting, running, done or failed.

    `stage` says in words what is being done, `part` how much of all is done (0 to 1); `result` is
    what came of it, `fault` why nothing did.
    """

    id: str
    kind: str
    by: str
    at: datetime
    wants: dict[str, Any]
    state: str = WAITING
    stage: str = ""
    part: float = 0.0
    result: dict[str, Any] | None = None
    fault: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in (DONE, FAILED)


class Jobs:
    """The jobs in one Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def queue(self) -> WorkQueue:
        """Where jobs are claimed."""
        return WorkQueue(self._redis, QUEUE, LEASE)

    async def order(self, kind: str, by: str, wants: dict[str, Any]) -> Job:
        """A new job, which the trainer process takes up."""
        now = datetime.now(timezone.utc)
        job = Job(secrets.token_urlsafe(ID_BYTES), kind, by, now, wants)
        await self.keep(job)
        await self._redis.zadd(f"{shard_of(job.id)}:{QUEUE}", {job.id: int(time.time() * 1000)})
        await self._redis.publish(CHANNEL, job.id)
        return job

    async def read(self, id: str) -> Job:
        """The job with this id. Raises `NotFound`."""
        stored = await self._redis.get(_key(id))
        if stored is None:
            raise NotFound("no such job")
        return msgspec.json.decode(stored, type=Job)

    async def keep(self, job: Job) -> None:
        """Keeps a job as it now stands, and tells whoever waits for it."""
        await self._redis.set(_key(job.id), msgspec.json.encode(job), ex=KEPT_SECONDS)
        await self._redis.publish(CHANNEL, job.id)


def _key(id: str) -> str:
    return f"{shard_of(id)}:training:job:{id}"
