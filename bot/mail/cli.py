"""`bin/firstline outbox`: what waits, what failed and why, and sending it again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timezone

import click
from redis.exceptions import RedisError

from bot.errors import NotFound, SettingError, StoreUnavailable
from bot.mail.outbox import QUEUED, Entry, Outbox, State
from bot.redis_link import connect
from bot.settings import load_settings

ANSWER_TIMEOUT = 5.0


@click.group()
def outbox() -> None:
    """Look at mail that waits or failed; send it again."""


@outbox.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]), help="Only these.")
def list_mails(state: str | None) -> None:
    """A line a mail: id, state, attempts, destination and the last error.

    Without --state all but the mails that have been sent.
    """

    async def run(box: Outbox) -> None:
        wanted = [State(state)] if state else [*QUEUED, State.DEAD]
        entries = [entry for one in wanted async for entry in box.entries(one)]
        for entry in sorted(entries, key=lambda entry: entry.id.partition("-")[2]):
            click.echo(_line(entry))
        if not entries:
            click.echo("No mails." if state else "The outbox is empty.", err=True)

    _with_outbox(run)


@outbox.command()
def status() -> None:
    """How the outbox is doing; exit code 1 when a person should look."""

    async def run(box: Outbox) -> None:
        now = await box.condition()
        click.echo(f"waiting       {now.waiting}")
        click.echo(f"dead letters  {now.dead}")
        click.echo(f"overdue       {now.lag / 1000:.1f} s")
        click.echo(f"courier       {'at work' if now.alive else 'none at work'}")
        for state, count in now.settled.items():
            click.echo(f"ever {state:8} {count}")
        if now.dead or not now.alive:
            raise SystemExit(1)

    _with_outbox(run)


@outbox.command()
@click.argument("id")
def show(id: str) -> None:
    """All that is known of one mail."""

    async def run(box: Outbox) -> None:
        entry = await _read(box, id)
        order = entry.order
        for name, value in (
            ("id", entry.id), ("state", entry.state.value), ("kind", order.kind), ("to", order.to),
            ("case", f"{order.number} revision {order.revision}"),
            ("conversation", order.conversation), ("attempts", entry.attempts),
            ("Message-ID", entry.message_id), ("last error", entry.last_error),
            ("next attempt", _time(entry.next_at)), ("sent", _time(entry.sent_at)),
        ):  # fmt: skip
            click.echo(f"{name:13} {value}" if value != "" else f"{name:13} –")

    _with_outbox(run)


@outbox.command()
@click.argument("id", required=False)
@click.option("--all", "everything", is_flag=True, help="All of them.")
def replay(id: str | None, everything: bool) -> None:
    """Send a dead letter, or a mail that waits for its next attempt, now; its Message-ID stays."""
    if (id is None) is not everything:
        raise click.UsageError("Give the id of a mail, or --all.")

    async def run(box: Outbox) -> None:
        ids = [id] if id is not None else [
            entry.id for state in (State.DEAD, State.DEFERRED) async for entry in box.entries(state)
        ]  # fmt: skip
        replayed = [one for one in ids if await box.replay((await _read(box, one)).id)]
        if id is not None and not replayed:
            raise click.ClickException(f"{id} is neither dead nor deferred.")
        click.echo(f"{len(replayed)} to be sent again.")

    _with_outbox(run)


@outbox.command()
@click.option("--timeout", type=float, help="Give up after so many seconds.")
def drain(timeout: float | None) -> None:
    """Wait until nothing waits any more, telling how many are left."""

    async def run(box: Outbox) -> None:
        try:
            await asyncio.wait_for(_drained(box), timeout)
        except TimeoutError:
            raise click.ClickException(f"{await box.waiting()} mails are still waiting.") from None
        click.echo(f"The outbox is empty; {(await box.condition()).dead} dead letters.")

    _with_outbox(run)


async def _drained(box: Outbox) -> None:
    last = None
    while waiting := await box.waiting():
        if waiting != last:
            click.echo(f"{waiting} waiting", err=True)
        last = waiting
        await asyncio.sleep(0.5)


async def _read(box: Outbox, id: str) -> Entry:
    try:
        return await box.read(id)
    except NotFound as error:
        raise click.ClickException(str(error)) from error


def _line(entry: Entry) -> str:
    error = f"  {entry.last_error}" if entry.last_error else ""
    tries = f"{entry.attempts} attempt{'' if entry.attempts == 1 else 's'}"
    return f"{entry.id}  {entry.state.value:8}  {tries:12}  {entry.order.to}{error}"


def _time(stamp: int) -> str:
    if not stamp:
        return ""
    return datetime.fromtimestamp(stamp / 1000, timezone.utc).isoformat(timespec="seconds")


def _with_outbox(work: Callable[[Outbox], Awaitable[None]]) -> None:
    asyncio.run(_run(work))


async def _run(work: Callable[[Outbox], Awaitable[None]]) -> None:
    async with _outbox() as box:
        try:
            await work(box)
        except (RedisError, StoreUnavailable) as error:
            raise click.ClickException(
                f"Redis does not answer ({error}). Start it with bin/firstline up"
            ) from error


@asynccontextmanager
async def _outbox() -> AsyncIterator[Outbox]:
    url = load_settings().redis_url
    if not url:
        raise SettingError(
            "FIRSTLINE_REDIS_URL", "no Redis is known", "Start bin/firstline up once"
        )
    async with connect(url, ANSWER_TIMEOUT) as redis:
        yield Outbox(redis)
