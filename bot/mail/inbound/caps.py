"""How many mails of one sender are answered in an hour: two machines must not talk all night."""

from __future__ import annotations

import hashlib

from redis.asyncio import Redis
from redis.exceptions import ConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.conversation.keys import shard_of
from bot.conversation.scripts import unavailable

HOUR = 3600
ANSWERED = 12  # mails an hour that the bot may answer
TAKEN = 120  # mails an hour that are taken in at all


class Caps:
    """Counts mails by sender."""

    def __init__(self, redis: Redis, answered: int = ANSWERED, taken: int = TAKEN) -> None:
        self._redis = redis
        self.answered = answered
        self.taken = taken

    async def count(self, sender: str) -> int:
        """The mails of `sender` within the hour that its first one began, this one included."""
        name = hashlib.sha256(sender.encode("utf-8", "replace")).hexdigest()[:24]
        key = f"{shard_of(name)}:inbound:{name}"
        pipe = self._redis.pipeline(transaction=False)
        pipe.set(key, 0, ex=HOUR, nx=True)
        pipe.incr(key)
        try:
            return int((await pipe.execute())[1])
        except (ConnectionError, RedisTimeoutError) as error:
            raise unavailable(error) from error
