"""Dead letters: mails that nobody will try again unless a person says so."""

from __future__ import annotations

from typing import Any

import msgspec
from redis.asyncio import Redis

from bot.case.document import decode_document
from bot.conversation.events import in_utc
from bot.conversation.keys import SHARD_TAGS
from bot.conversation.store import Conversations
from bot.desk.reading import answered
from bot.errors import NotFound
from bot.mail.outbox import Entry, Outbox, State

MOST = 200


class DeadLetter(msgspec.Struct, frozen=True):
    """A dead letter; `at` is when it died, RFC 3339, and `to` the address it was meant for."""

    id: str
    kind: str
    case: str | None
    revision: int
    to: str
    subject: str
    attempts: int
    error: str
    at: str
    conversation: str


class DeadLetters:
    """The dead letters of the outbox in one Redis."""

    def __init__(self, redis: Redis, conversations: Conversations) -> None:
        self._redis = redis
        self._outbox = Outbox(redis)
        self._conversations = conversations

    async def ids(self) -> list[str]:
        """Their ids, newest first, and not more than `MOST`."""
        return [id for id, _ in await self._listed()]

    async def all(self) -> list[DeadLetter]:
        """The letters, newest first."""
        letters = []
        for id, died in await self._listed():
            try:
                entry = await self._outbox.read(id)
            except NotFound:
                continue
            if entry.state is State.DEAD:
                letters.append(await self._letter(entry, died))
        return letters

    async def replay(self, id: str) -> None:
        """Has it tried again now. Raises `NotFound` when it is no dead letter."""
        entry = await self._outbox.read(id)
        if entry.state is not State.DEAD or not await self._outbox.replay(id):
            raise NotFound("no such dead letter")

    async def _listed(self) -> list[tuple[str, int]]:
        pipe = self._redis.pipeline(transaction=False)
        for shard in SHARD_TAGS:
            pipe.zrevrange(f"{shard}:dead", 0, MOST - 1, withscores=True)
        shards: list[Any] = await answered(pipe.execute())
        found = [(id.decode(), int(died)) for shard in shards for id, died in shard]
        return sorted(found, key=lambda one: (-one[1], one[0]))[:MOST]

    async def _letter(self, entry: Entry, died: int) -> DeadLetter:
        order = entry.order
        return DeadLetter(
            id=entry.id, kind=order.kind, case=order.number or None, revision=order.revision,
            to=order.to, subject=await self._subject(entry), attempts=entry.attempts,
            error=entry.last_error, at=in_utc(died), conversation=order.conversation,
        )  # fmt: skip

    async def _subject(self, entry: Entry) -> str:
        try:
            stored = await self._conversations.filed_document(
                entry.order.number, entry.order.revision
            )
        except NotFound:
            return ""
        return decode_document(stored).subject
