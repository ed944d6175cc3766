"""Who of the staff is at the desk now, and how many more conversations they can take.

Somebody is there while beats come from their open desk; what says so expires by itself.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import Literal

import msgspec
from redis.asyncio import Redis

from bot.conversation.keys import WITH_AGENT, conversation_keys
from bot.desk.queues import listed
from bot.desk.reading import answered

Status = Literal["available", "away"]

BEAT = 5.0  # seconds between the beats of an open desk
LIFE = 15_000  # ms after the last beat that somebody still counts as there
SHIFT = 12 * 3600 * 1000  # ms that a status is kept for somebody who is not there

PEOPLE = "{desk}:people"


class Present(msgspec.Struct, frozen=True):
    """Somebody at the desk; `since` is when the status began, in milliseconds since 1970.

    `has` is how many conversations they have.
    """

    id: str
    name: str
    status: Status
    since: int
    has: int = 0


class Presence:
    """The presence of staff, in one Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def beat(self, id: str, name: str) -> None:
        """Notes that this member of staff has the desk open; to be repeated each `BEAT` seconds.

        Whoever comes to work is available; whoever said `away` stays so through a reload or a
        broken connection.
        """
        pipe = self._redis.pipeline(transaction=False)
        pipe.exists(_key(id))
        pipe.set(_key(id), 1, px=LIFE)
        pipe.hget(PEOPLE, id)
        was_there, _, stored = await answered(pipe.execute())
        if was_there:
            return
        before = msgspec.json.decode(stored, type=Present) if stored else None
        keeps = before is not None and before.status == "away" and before.since > _now() - SHIFT
        await self.set_status(id, name, "away" if keeps else "available")

    async def set_status(self, id: str, name: str, status: Status) -> None:
        """Available or away, from now on."""
        entry = msgspec.json.encode(Present(id, name, status, _now()))
        await answered(self._redis.hset(PEOPLE, id, entry))

    async def leave(self, id: str) -> None:
        """Not there any more, at once."""
        await answered(self._redis.delete(_key(id)))

    async def there(self) -> list[Present]:
        """Everybody at the desk with how many conversations they have, by name."""
        known = await answered(self._redis.hvals(PEOPLE))
        people = [msgspec.json.decode(one, type=Present) for one in known]
        pipe = self._redis.pipeline(transaction=False)
        for one in people:
            pipe.exists(_key(one.id))
        here = await answered(pipe.execute()) if people else []
        present = [one for one, is_here in zip(people, here) if is_here]  # noqa: B905
        having = await self._having() if present else Counter[str]()
        counted = [msgspec.structs.replace(one, has=having[one.id]) for one in present]
        return sorted(counted, key=lambda one: (one.name.casefold(), one.id))

    async def _having(self) -> Counter[str]:
        """How many conversations each agent has."""
        pipe = self._redis.pipeline(transaction=False)
        for conversation, _ in await listed(self._redis, WITH_AGENT):
            pipe.hget(conversation_keys(conversation).meta, "agent")
        agents = await answered(pipe.execute())
        return Counter(agent.decode() for agent in agents if agent)


async def free_places(redis: Redis, capacity: int) -> int:
    """How many more conversations those who are available can take, `capacity` each.

    Conversations that wait already are not counted against it.
    """
    return places(await Presence(redis).there(), capacity)


def places(present: Iterable[Present], capacity: int) -> int:
    """The places left with those of `present` who are available."""
    return sum(max(0, capacity - one.has) for one in present if one.status == "available")


def _key(id: str) -> str:
    return f"{{desk}}:present:{id}"


def _now() -> int:
    return int(time.time() * 1000)
