"""The earlier cases of an account, whoever wrote and by whatever way.

Which conversations were about an account is kept under a keyed digest of its number (RFC 2104), so
that nobody who reads the store learns a number from it.
"""

from __future__ import annotations

import hashlib
import hmac

import msgspec
from redis.asyncio import Redis

from bot.case.model import decode_case
from bot.case.subject import problem_in_words
from bot.content import Content
from bot.conversation.events import in_utc
from bot.conversation.keys import LOG_CHANNEL, conversation_keys, shard_of
from bot.conversation.store import Conversation
from bot.desk.mask import account_number_of
from bot.desk.reading import answered

ACCOUNT = "account"  # the kind of timer by which a case is listed; bot/desk/account.py
MOST = 20


class EarlierCase(msgspec.Struct, frozen=True):
    """One of them; `outcome` is empty while nothing has come of it, `at` RFC 3339."""

    case: str | None
    at: str
    problem: str
    outcome: str | None
    conversation: str


class Earlier:
    """The index of conversations by account, in one Redis; `secret` keys the digests."""

    def __init__(self, redis: Redis, secret: str, content: Content) -> None:
        self._redis = redis
        self._secret = secret.encode()
        self._content = content

    def key(self, account_number: str) -> str:
        """Where the conversations about this account are listed, by when they were opened."""
        digest = hmac.new(self._secret, account_number.encode(), hashlib.sha256).hexdigest()[:32]
        return f"{shard_of(digest)}:account:{digest}"

    async def note(self, conversation: Conversation) -> None:
        """Lists the conversation under the account that its case is about, if it says.

        Whoever reads another conversation of the account is told that there is news.
        """
        number = account_number_of(conversation.case)
        if not number:
            return
        pipe = self._redis.pipeline(transaction=False)
        pipe.zadd(self.key(number), {conversation.id: conversation.opened})
        pipe.zrevrange(self.key(number), 0, MOST)
        _, ids = await answered(pipe.execute())
        for id in ids:
            if id.decode() != conversation.id:
                await answered(self._redis.publish(LOG_CHANNEL, id))

    async def of(self, conversation: Conversation) -> list[EarlierCase]:
        """The other cases of the same account, newest first."""
        number = account_number_of(conversation.case)
        if not number:
            return []
        stored = await answered(self._redis.zrevrange(self.key(number), 0, MOST, withscores=True))
        others = [(id.decode(), int(at)) for id, at in stored if id.decode() != conversation.id]
        pipe = self._redis.pipeline(transaction=False)
        for id, _ in others:
            pipe.get(conversation_keys(id).case)
        cases = await answered(pipe.execute()) if others else []
        found = zip(others, cases)  # noqa: B905
        return [
            self._earlier(id, at, case) for (id, at), case in found if case and self._same(case, number)
        ]  # fmt: skip

    def _same(self, stored: bytes, number: str) -> bool:
        """Whether the case still says this account: numbers are corrected."""
        return account_number_of(decode_case(stored)) == number

    def _earlier(self, id: str, opened: int, stored: bytes) -> EarlierCase:
        case = decode_case(stored)
        outcome = case.resolution.outcome if case.resolution else None
        at = case.received_at or in_utc(opened)
        return EarlierCase(case.number, at, problem_in_words(case, self._content), outcome, id)
