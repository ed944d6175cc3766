"""`bin/firstline staff`: the accounts of those who work with Firstline."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
from redis.exceptions import RedisError

from bot.content import load_content
from bot.errors import FirstlineError, SettingError, StoreUnavailable
from bot.redis_link import connect
from bot.settings import ROOT, load_settings
from bot.staff.accounts import LONGEST_NAME, Account, Accounts, fault_in_login
from bot.staff.audit import CONSOLE
from bot.staff.passwords import Passwords, fault_in_password
from bot.staff.roles import Role, Roles

ANSWER_TIMEOUT = 5.0

T = TypeVar("T")

_from_stdin = click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input, not the keyboard.",
)
_roles = click.option(
    "--role", "roles", type=click.Choice([role.value for role in Role]), multiple=True, required=True,
    help="What the account may do; give it several times for several roles.",
)  # fmt: skip


@click.group()
def staff() -> None:
    """Accounts of staff: who may sign in, and as what."""


@staff.command()
@click.argument("login")
@click.option("--name", help="What customers and colleagues see; the login when not given.")
@_roles
@_from_stdin
def add(login: str, name: str | None, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Make an account; the password is asked for twice and not shown."""
    login, name = login.casefold(), (name or login).strip()
    if fault := fault_in_login(login):
        raise click.BadParameter(fault)
    if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        raise click.BadParameter(f"a name has 1 to {LONGEST_NAME} characters", param_hint="--name")
    password = _asked_password(password_stdin, (login, name))

    async def run(accounts: Accounts) -> None:
        hash = await Passwords().hashed(password)
        await accounts.add(Account(login, name, _as_roles(roles), hash), CONSOLE)

    _with_accounts(run)
    click.echo(f"{login} may sign in now.")


@staff.command("list")
def list_accounts() -> None:
    """A line an account: login, name, roles, and how it signs in."""
    for account in _with_accounts(Accounts.all):
        roles = " ".join(sorted(account.roles))
        how = "disabled" if account.disabled else "password" if account.password else "provider"
        click.echo(f"{account.login:24} {how:9} {roles:28} {account.name}")


@staff.command()
@click.argument("login")
def disable(login: str) -> None:
    """Let nobody in by this account any more; its sessions end at once."""
    _with_accounts(lambda accounts: accounts.disable(login, CONSOLE))
    click.echo(f"{login} is disabled and signed out.")


@staff.command()
@click.argument("login")
def enable(login: str) -> None:
    """Take a disabling back."""
    _with_accounts(lambda accounts: accounts.enable(login, CONSOLE))
    click.echo(f"{login} may sign in again.")


@staff.command("roles")
@click.argument("login")
@_roles
def set_roles(login: str, roles: tuple[str, ...]) -> None:
    """Give an account these roles and no others; they hold at once."""
    _with_accounts(lambda accounts: accounts.set_roles(login, CONSOLE, _as_roles(roles)))
    click.echo(f"{login} is now {' and '.join(sorted(set(roles)))}.")


@staff.command("password")
@click.argument("login")
@_from_stdin
def set_password(login: str, password_stdin: bool) -> None:
    """Give an account another password; its sessions end at once."""
    known = _with_accounts(lambda accounts: accounts.read(login))
    password = _asked_password(password_stdin, (login, known.name))

    async def run(accounts: Accounts) -> None:
        await accounts.set_password(login, CONSOLE, await Passwords().hashed(password))

    _with_accounts(run)
    click.echo(f"{login} has a new password and is signed out everywhere.")


@staff.command("sign-out")
@click.argument("login")
def sign_out(login: str) -> None:
    """End every session of an account at once."""
    _with_accounts(lambda accounts: accounts.end_sessions(login, CONSOLE))
    click.echo(f"{login} is signed out everywhere.")


def _as_roles(names: tuple[str, ...]) -> Roles:
    return frozenset(map(Role, names))


def _asked_password(from_stdin: bool, about: tuple[str, ...]) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt(
            "Password", hide_input=True, confirmation_prompt="The same again", err=True
        )
    words = (*about, *load_content(ROOT / "data").brand.name.split(), "firstline")
    if fault := fault_in_password(password, words):
        raise click.ClickException(f"{fault[:1].upper()}{fault[1:]}")
    return password


def _with_accounts(work: Callable[[Accounts], Awaitable[T]]) -> T:
    return asyncio.run(_run(work))


async def _run(work: Callable[[Accounts], Awaitable[T]]) -> T:
    url = load_settings().redis_url
    if not url:
        raise SettingError(
            "FIRSTLINE_REDIS_URL", "no Redis is known", "Start bin/firstline up once"
        )
    try:
        async with connect(url, ANSWER_TIMEOUT) as redis:
            return await work(Accounts(redis))
    except (RedisError, StoreUnavailable) as error:
        raise click.ClickException(
            f"Redis does not answer ({error}). Start it with bin/firstline up"
        ) from error
    except FirstlineError as error:
        raise click.ClickException(f"{str(error)[:1].upper()}{str(error)[1:]}") from error
