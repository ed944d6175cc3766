"""`bin/firstline privacy` and `bin/firstline retention`: what is kept of somebody, and its end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.errors import NotFound, SettingError
from bot.privacy.erase import Erased, erase
from bot.privacy.find import Sought, find
from bot.privacy.gather import export
from bot.privacy.retention import clean, retention, too_old
from bot.redis_link import connect
from bot.settings import Settings, load_settings
from bot.staff.audit import CONSOLE, Audit

ANSWER_TIMEOUT = 30.0


@click.group()
def privacy() -> None:
    """Give out or erase what is kept of a customer."""


def _whom(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say whom it is about."""
    for name, text in (
        ("--address", "Every conversation with this e-mail address."),
        ("--account", "Every conversation about this account number."),
        ("--conversation", "The conversation with this id."),
        ("--case", "The conversation of this case number."),
    ):
        command = click.option(name, default="", help=text)(command)
    return command


@privacy.command("export")
@_whom
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export_data(file: Path, **whom: str) -> None:
    """Write all that is kept into a ZIP FILE: export.json and the customer's files."""

    async def run(redis: Redis, settings: Settings) -> None:
        found = await _found(redis, whom)
        archive = await export(redis, settings.state_dir, found)
        for id in found:
            await Audit(redis).record(CONSOLE, "conversation.export", id)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(archive)
        click.echo(f"{_count(len(found), 'conversation')} written to {file}.")

    _with_redis(run)


@privacy.command("erase")
@_whom
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_data(yes: bool, **whom: str) -> None:
    """Remove all that is kept, everywhere. This cannot be undone."""

    async def run(redis: Redis, settings: Settings) -> None:
        found = await _found(redis, whom)
        click.echo(f"{_count(len(found), 'conversation')} found: {' '.join(found)}")
        if not yes:
            click.confirm("Erase them for good?", abort=True)
        _tell(await erase(redis, settings, found, CONSOLE))

    _with_redis(run)


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only list what is too old.")
def run_retention(dry_run: bool) -> None:
    """Erase now what data/retention.yml says is too old; the courier does it every night."""

    async def run(redis: Redis, settings: Settings) -> None:
        now = datetime.now(timezone.utc)
        if not dry_run:
            _tell(await clean(redis, settings, retention(), now))
            return
        old = await too_old(redis, retention(), now)
        for one in old:
            click.echo(f"{one.conversation}  {one.rule}")
        click.echo(f"{_count(len(old), 'conversation')} too old.", err=True)

    _with_redis(run)


async def _found(redis: Redis, whom: dict[str, str]) -> list[str]:
    try:
        sought = Sought(**whom)
    except ValueError as error:
        raise click.UsageError(
            "Give one of --case, --conversation, --account, --address."
        ) from error
    try:
        found = await find(redis, sought)
    except NotFound as error:
        raise click.ClickException(f"{error}".capitalize()) from error
    if not found:
        raise click.ClickException("Nothing is kept of that.")
    return found


def _tell(done: Erased) -> None:
    click.echo(
        f"Erased {_count(done.conversations, 'conversation')}: {_count(done.keys, 'key')} and "
        f"{_count(done.entries, 'entry', 'entries')} in Redis, {_count(done.files, 'file')}, "
        f"{_count(done.mails, 'mail')} of the development mailbox."
    )
    if not done.rewritten:
        raise click.ClickException(
            "Redis has not written its append-only file anew: old values are still in it. "
            "Have BGREWRITEAOF run on it"
        )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _with_redis(work: Callable[[Redis, Settings], Awaitable[None]]) -> None:
    settings = load_settings()
    if not settings.redis_url:
        raise SettingError(
            "FIRSTLINE_REDIS_URL", "no Redis is known", "Start bin/firstline up once"
        )

    async def run() -> Any:
        async with connect(settings.redis_url, ANSWER_TIMEOUT) as redis:
            await work(redis, settings)

    try:
        asyncio.run(run())
    except RedisError as error:
        raise click.ClickException(
            f"Redis does not answer ({error}). Start it with bin/firstline up"
        ) from error
