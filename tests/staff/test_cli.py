"""`bin/firstline staff` against a real Redis."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner, Result

from bot.staff.accounts import Accounts
from bot.staff.audit import CONSOLE, Audit
from bot.staff.cli import staff
from bot.staff.passwords import Passwords
from bot.staff.roles import Role

PASSWORD = "sunlit harbour crane"
ADD = ("add", "agent-1", "--name", "Agent One", "--role", "agent", "--role", "trainer")


@pytest.fixture(autouse=True)
def _here(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTLINE_REDIS_URL", redis_url)


async def _run(*arguments: str, typed: str = "") -> Result:
    """The command as a person calls it; in a thread because it runs a loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, staff, arguments, input=typed)


async def test_an_account_is_made_and_listed(accounts: Accounts, audit: Audit) -> None:
    done = await _run(*ADD, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    made = await accounts.read("agent-1")
    assert (made.name, made.roles) == ("Agent One", frozenset({Role.AGENT, Role.TRAINER}))
    assert await Passwords().fits(PASSWORD, made.password)
    listed = (await _run("list")).output
    for word in ("agent-1", "Agent One", "agent trainer", "password"):
        assert word in listed
    (entry,) = await audit.page()
    assert (entry.staff, entry.what, entry.about) == (CONSOLE, "account.add", "agent-1")
    assert entry.detail == {"roles": "agent trainer"}


async def test_a_password_from_standard_input(accounts: Accounts) -> None:
    done = await _run(*ADD, "--password-stdin", typed=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert await Passwords().fits(PASSWORD, (await accounts.read("agent-1")).password)


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (ADD, "password1234\npassword1234\n", "Attackers"),
        (ADD, "short\nshort\n", "at least 12"),
        ((*ADD, "--password-stdin"), "", "at least 12"),
        (("add", "agent 1", "--role", "agent"), "", "a login has"),
        (("add", "agent-1", "--role", "king"), "", "king"),
        (("add", "agent-1"), "", "--role"),
        (("add", "agent-1", "--role", "agent", "--name", "x" * 81), "", "80 characters"),
        (("disable", "agent-1"), "", "no account agent-1"),
        (("password", "agent-1"), "", "no account agent-1"),
    ],
)
async def test_what_does_not_fit_is_refused_in_words(
    accounts: Accounts, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    done = await _run(*arguments, typed=typed)
    assert done.exit_code != 0
    assert said in done.output
    assert "Traceback" not in done.output
    assert await accounts.all() == []


async def test_a_second_account_with_the_login_is_refused() -> None:
    assert (await _run(*ADD, "--password-stdin", typed=PASSWORD)).exit_code == 0
    again = await _run(*ADD, "--password-stdin", typed=PASSWORD)
    assert again.exit_code == 1
    assert "There is an account agent-1 already" in again.output


async def test_disable_enable_roles_password_and_sign_out(accounts: Accounts) -> None:
    await _run(*ADD, "--password-stdin", typed=PASSWORD)
    generations = [(await accounts.read("agent-1")).generation]
    new = "quiet orchard lantern"
    for arguments, typed in (
        (("disable", "agent-1"), ""),
        (("enable", "agent-1"), ""),
        (("roles", "agent-1", "--role", "manager"), ""),
        (("password", "agent-1", "--password-stdin"), new),
        (("sign-out", "agent-1"), ""),
    ):
        done = await _run(*arguments, typed=typed)
        assert done.exit_code == 0, done.output
        generations.append((await accounts.read("agent-1")).generation)
    assert generations == [1, 2, 2, 2, 3, 4]
    after = await accounts.read("agent-1")
    assert (after.disabled, after.roles) == (False, frozenset({Role.MANAGER}))
    assert await Passwords().fits(new, after.password)


async def test_without_a_redis_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTLINE_REDIS_URL", "redis://127.0.0.1:1")
    done = await _run("list")
    assert done.exit_code == 1
    assert "bin/firstline up" in done.output
