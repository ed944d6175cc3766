"""An account to try the desk with, on a developer's machine only: where mail never leaves it."""

from __future__ import annotations

import secrets

from redis.asyncio import Redis

from bot.errors import NotFound
from bot.staff.accounts import Account, AccountExists, Accounts
from bot.staff.passwords import Passwords
from bot.staff.roles import ANY_ROLE

LOGIN = "developer"
MADE_BY = "development"
PASSWORD_BYTES = 15


async def open_development_account(redis: Redis) -> str:
    """Makes the account with every role, if there is no account at all yet.

    Returns its password, which is not to be had again; empty when none was made.
    """
    accounts = Accounts(redis)
    if await accounts.all():
        return ""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hash = await Passwords().hashed(password)
    try:
        await accounts.add(Account(LOGIN, "Developer", ANY_ROLE, hash), MADE_BY)
    except AccountExists:
        return ""
    return password


async def close_development_account(redis: Redis) -> None:
    """Lets nobody in by it: for when the same data are used for real."""
    accounts = Accounts(redis)
    try:
        if not (await accounts.read(LOGIN)).disabled:
            await accounts.disable(LOGIN, MADE_BY)
    except NotFound:
        return
