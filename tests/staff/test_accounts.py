"""Accounts: each login once, and no change lost."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.errors import NotFound
from bot.staff.accounts import Account, AccountExists, Accounts, fault_in_login
from bot.staff.audit import CONSOLE, Audit
from bot.staff.roles import Role

AGENT = Account("agent-1", "Agent One", frozenset({Role.AGENT}), password="hash")


async def test_an_account_is_kept_as_it_was_made(accounts: Accounts) -> None:
    await accounts.add(AGENT, CONSOLE)
    assert await accounts.read("agent-1") == AGENT
    assert await accounts.all() == [AGENT]


async def test_a_login_is_given_once_however_many_ask_at_once(
    accounts: Accounts, audit: Audit
) -> None:
    wanted = [replace(AGENT, name=f"Agent {n}") for n in range(20)]
    done = await asyncio.gather(
        *(accounts.add(it, CONSOLE) for it in wanted), return_exceptions=True
    )
    assert [it for it in done if it is None] == [None]
    assert sum(isinstance(it, AccountExists) for it in done) == 19
    assert [it.what for it in await audit.page()] == ["account.add"]


async def test_no_change_is_lost_when_many_change_at_once(accounts: Accounts, audit: Audit) -> None:
    await accounts.add(AGENT, CONSOLE)
    await asyncio.gather(
        accounts.disable("agent-1", CONSOLE),
        accounts.set_roles("agent-1", CONSOLE, frozenset({Role.TRAINER})),
        *(accounts.end_sessions("agent-1", CONSOLE) for _ in range(10)),
    )
    after = await accounts.read("agent-1")
    assert after.disabled
    assert after.roles == {Role.TRAINER}
    assert after.generation == AGENT.generation + 11
    assert len(await audit.page()) == 13


async def test_what_is_not_there_cannot_be_changed(accounts: Accounts, audit: Audit) -> None:
    for change in (accounts.disable, accounts.enable, accounts.end_sessions):
        with pytest.raises(NotFound):
            await change("nobody", CONSOLE)
    assert await audit.page() == []


async def test_the_password_hash_is_nowhere_but_in_the_account(
    accounts: Accounts, redis: Redis
) -> None:
    await accounts.add(replace(AGENT, password="a very secret hash"), CONSOLE)
    for key in await redis.keys("*"):
        dumped = await redis.dump(key) or b""
        assert (b"a very secret hash" in dumped) == (key == b"{staff}:accounts")


@pytest.mark.parametrize("login", ["a", "agent-1", "agent.one@meadow.example", "x" * 64, "7"])
def test_logins_that_can_be_used(login: str) -> None:
    assert fault_in_login(login) is None


@pytest.mark.parametrize(
    "login", ["", "A", "-a", "a-", "a b", "a\n", "ä", "x" * 65, "a:b", "../a", "a\x00"]
)
def test_logins_that_cannot(login: str) -> None:
    assert fault_in_login(login)
