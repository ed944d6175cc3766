"""Accounts of staff: who may sign in, with which roles."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from msgspec.structs import replace
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.errors import FirstlineError, NotFound
from bot.staff.audit import fields
from bot.staff.keys import ACCOUNTS, AUDIT, SESSIONS_ENDED_CHANNEL
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

    async def add(self, account: Account, by: str) -> None:
        """Makes a new account for `by`, who may be `CONSOLE`. Raises `AccountExists`."""
        detail = {"roles": " ".join(sorted(account.roles))}
        entry = fields(by, "account.add", account.login, detail)

        async def attempt(pipe: Pipeline) -> None:
            if await pipe.hexists(ACCOUNTS, account.login):
                raise AccountExists(f"there is an account {account.login} already")
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.hset(ACCOUNTS, account.login, _encode(account))
            pipe.xadd(AUDIT, entry)

        await self._redis.transaction(attempt, ACCOUNTS)

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

    async def change(
        self, login: str, by: str, what: str, change: Callable[[Account], Account]
    ) -> Account:
        """Replaces an account by what `change` makes of it, however many do so at once.

        The audit log gets an entry `what` by `by` in the same transaction, and requests that are
        still open look whether their session holds. Raises `NotFound`.
        """

        async def attempt(pipe: Pipeline) -> Account:
            stored = await pipe.hget(ACCOUNTS, login)
            if stored is None:
                raise NotFound(f"there is no account {login}")
            changed = change(_decode(stored))
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.hset(ACCOUNTS, login, _encode(changed))
            pipe.xadd(AUDIT, fields(by, what, login))
            pipe.publish(SESSIONS_ENDED_CHANNEL, login)
            return changed

        changed: Account = await self._redis.transaction(
            attempt, ACCOUNTS, value_from_callable=True
        )
        return changed

    async def end_sessions(self, login: str, by: str) -> Account:
        """Signs the account out everywhere. Raises `NotFound`."""
        return await self.change(login, by, "account.sign_out", _without_sessions)

    async def disable(self, login: str, by: str) -> Account:
        """Lets nobody in by this account any more, and ends its sessions. Raises `NotFound`."""
        return await self.change(
            login, by, "account.disable", lambda it: replace(_without_sessions(it), disabled=True)
        )

    async def enable(self, login: str, by: str) -> Account:
        """Takes a disabling back; sessions of before stay ended. Raises `NotFound`."""
        return await self.change(
            login, by, "account.enable", lambda it: replace(it, disabled=False)
        )

    async def set_roles(self, login: str, by: str, roles: Roles) -> Account:
        """Gives the account these roles, which hold from its next request. Raises `NotFound`."""
        return await self.change(login, by, "account.roles", lambda it: replace(it, roles=roles))

    async def set_password(self, login: str, by: str, password_hash: str) -> Account:
        """Gives the account another password and ends its sessions. Raises `NotFound`."""
        return await self.change(
            login, by, "account.password",
            lambda it: replace(_without_sessions(it), password=password_hash),
        )  # fmt: skip


def _without_sessions(account: Account) -> Account:
    return replace(account, generation=account.generation + 1)


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
