"""Sessions of staff: opaque tokens in a cookie, of which Redis holds the hash alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

import msgspec
from redis.asyncio import Redis

from bot.errors import NotFound
from bot.staff.accounts import Account, Accounts
from bot.staff.keys import SESSIONS_ENDED_CHANNEL, session_key
from bot.staff.roles import Staff

TOKEN_BYTES = 32
# A shift, and a long break (OWASP ASVS 5.0, section 7.3: an inactivity and an absolute time-out).
LONGEST_SECONDS = 12 * 3600
IDLE_SECONDS = 2 * 3600
# A session in use is written again at most this often.
REFRESH_SECONDS = 60


class _Stored(msgspec.Struct, frozen=True):
    login: str
    generation: int
    ends: float


class Session(msgspec.Struct, frozen=True):
    """A session that holds now; `ends` is when it ends at the latest, in seconds since 1970."""

    token: str
    staff: Staff
    ends: float

    @property
    def csrf(self) -> str:
        """What unsafe requests must repeat; a page that cannot read the cookie cannot know it."""
        return csrf_of(self.token)


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(self, redis: Redis, accounts: Accounts) -> None:
        self._redis = redis
        self._accounts = accounts

    async def begin(self, account: Account) -> Session:
        """A new session of `account`, under a token never used before."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        ends = time.time() + LONGEST_SECONDS
        stored = _Stored(account.login, account.generation, ends)
        await self._redis.set(_key(token), msgspec.json.encode(stored), ex=IDLE_SECONDS)
        return Session(token, account.staff, ends)

    async def find(self, token: str, used: bool = True) -> Session | None:
        """The session with this token, if it holds; `used` puts off its end by idleness.

        A disabled account has no session, and neither has one that signed out everywhere since.
        """
        if not token:
            return None
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.get(_key(token))
            pipe.ttl(_key(token))
            raw, left = await pipe.execute()
        if raw is None:
            return None
        stored = msgspec.json.decode(raw, type=_Stored)
        try:
            account = await self._accounts.read(stored.login)
        except NotFound:
            return None
        if account.disabled or account.generation != stored.generation:
            return None
        remaining = stored.ends - time.time()
        if remaining <= 0:
            return None
        if used and left < IDLE_SECONDS - REFRESH_SECONDS:
            await self._redis.expire(_key(token), max(1, int(min(IDLE_SECONDS, remaining))))
        return Session(token, account.staff, stored.ends)

    async def end(self, session: Session) -> None:
        """Ends this session; requests of it that are still open are told to end."""
        await self._redis.delete(_key(session.token))
        await self._redis.publish(SESSIONS_ENDED_CHANNEL, session.staff.id)


def csrf_of(token: str) -> str:
    """The CSRF token of a session: derived, so that there is nothing to store."""
    return hmac.digest(token.encode("utf-8", "surrogateescape"), b"csrf", hashlib.sha256).hex()


def _key(token: str) -> str:
    return session_key(hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest())
