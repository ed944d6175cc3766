"""Accounts of staff: who may sign in, with which roles."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from msgspec.structs import replace
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.errors import FirstlineError, NotFound
from bot.staff.keys import ACCOUNTS, SESSIONS_ENDED_CHANNEL
from bot.staff.roles import Roles, Staff

LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])?", re.ASCII)
LONGEST_NAME = 80


class AccountExists(FirstlineError):
    """There is an account with this login already."""


class Account(msgspec.Struct, frozen=True):
    """One account; `login` identifies it and never changes.

    `password` is its Argon2 hash, empty for those who sign in at an OpenID Connect provider.
    A session counts only while its `generation` is the account's, so raising it ends them all.
    """

    login: str
    name: str
    roles: Roles
    password: str = ""
    disabled: bool = False
    generation: int = 1
    subject: str = ""

    @property
    def staff(self) -> Staff:
        """The account as others see it."""
        return Staff(self.login, self.name, self.roles)


class Accounts:
    """All accounts, in one hash by login."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def add(self, account: Account) -> None:
        """Makes a new account. Raises `AccountExists`."""
        if not await self._redis.hsetnx(ACCOUNTS, account.login, _encode(account)):
            raise AccountExists(f"there is an account {account.login} already")

    async def read(self, login: str) -> Account:
        """The account with this login. Raises `NotFound`."""
        stored = await self._redis.hget(ACCOUNTS, login)
        if stored is None:
            raise NotFound(f"there is no account {login}")
        return _decode(stored)

    async def all(self) -> list[Account]:
        """Every account, by login."""
        stored = await self._redis.hvals(ACCOUNTS)
        return sorted(map(_decode, stored), key=lambda account: account.login)

    async def change(self, login: str, change: Callable[[Account], Account]) -> Account:
        """Replaces an account by what `change` makes of it, however many do so at once.

        Raises `NotFound`. When the generation rises, requests that are still open are told to end.
        """

        async def attempt(pipe: Pipeline) -> Account:
            stored = await pipe.hget(ACCOUNTS, login)
            if stored is None:
                raise NotFound(f"there is no account {login}")
            changed = change(_decode(stored))
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.hset(ACCOUNTS, login, _encode(changed))
            pipe.publish(SESSIONS_ENDED_CHANNEL, login)
            return changed

        changed: Account = await self._redis.transaction(
            attempt, ACCOUNTS, value_from_callable=True
        )
        return changed

    async def end_sessions(self, login: str) -> Account:
        """Signs the account out everywhere. Raises `NotFound`."""
        return await self.change(login, lambda it: replace(it, generation=it.generation + 1))

    async def disable(self, login: str) -> Account:
        """Lets nobody in by this account any more, and ends its sessions. Raises `NotFound`."""
        return await self.change(
            login, lambda it: replace(it, disabled=True, generation=it.generation + 1)
        )

    async def enable(self, login: str) -> Account:
        """Takes a disabling back; sessions of before stay ended. Raises `NotFound`."""
        return await self.change(login, lambda it: replace(it, disabled=False))

    async def set_password(self, login: str, password_hash: str) -> Account:
        """Gives the account another password and ends its sessions. Raises `NotFound`."""
        return await self.change(
            login, lambda it: replace(it, password=password_hash, generation=it.generation + 1)
        )


def fault_in_login(login: str) -> str | None:
    """What is wrong with a login, in words; None when it can be used."""
    if LOGIN.fullmatch(login):
        return None
    return "a login has up to 64 small letters, digits and . _ @ + -, and begins and ends with a letter or digit"


_DECODER = msgspec.json.Decoder(Account)


def _encode(account: Account) -> bytes:
    # Roles in order, so that the same account is the same bytes.
    return msgspec.json.encode(account, order="sorted")


def _decode(stored: bytes | str) -> Account:
    return _DECODER.decode(stored)
