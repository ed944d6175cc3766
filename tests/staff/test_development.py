"""The development account: there for a developer, never beside real ones or in earnest."""

from __future__ import annotations

import httpx
import pytest
from redis.asyncio import Redis

from bot.staff.accounts import Account, Accounts
from bot.staff.development import LOGIN, close_development_account, open_development_account
from bot.staff.passwords import Passwords, fault_in_password
from bot.staff.roles import ANY_ROLE, Role
from tests.support.stack import Stack
from tests.support.staff import SESSION


async def test_it_is_made_once_with_a_password_of_its_own(accounts: Accounts, redis: Redis) -> None:
    password = await open_development_account(redis)
    assert fault_in_password(password) is None
    made = await accounts.read(LOGIN)
    assert made.roles == ANY_ROLE
    assert await Passwords().fits(password, made.password)
    assert await open_development_account(redis) == ""
    assert await accounts.read(LOGIN) == made


async def test_it_is_not_made_beside_other_accounts(accounts: Accounts, redis: Redis) -> None:
    await accounts.add(Account("agent-1", "Agent One", frozenset({Role.AGENT})), "console")
    assert await open_development_account(redis) == ""
    assert [it.login for it in await accounts.all()] == ["agent-1"]


async def test_it_is_disabled_when_mail_really_goes_out(accounts: Accounts, redis: Redis) -> None:
    await close_development_account(redis)
    assert await accounts.all() == []
    await open_development_account(redis)
    for _ in range(2):
        await close_development_account(redis)
        assert (await accounts.read(LOGIN)).disabled
    assert await open_development_account(redis) == ""


@pytest.mark.stack
def test_a_developer_can_sign_in_with_what_the_start_prints(stack: Stack) -> None:
    stack.wait_said(f"Sign in as {LOGIN}")
    (line,) = [it for it in stack.output if it.strip().startswith(f"Sign in as {LOGIN}")]
    credentials = {"login": LOGIN, "password": line.split()[-1]}
    answer = httpx.post(stack.url + SESSION, json=credentials)
    assert answer.status_code == 200, answer.text
    assert credentials["password"] not in "".join(
        file.read_text(errors="replace") for file in (stack.state_dir / "logs").iterdir()
    )
