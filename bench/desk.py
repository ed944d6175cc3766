"""`make bench-desk`: how soon every open desk shows what changes in the queues.

200 conversations wait and 20 agents have the desk open, on an edge and a Redis of their own. Customers
write and agents take conversations and put them back; for each change and each desk the time is taken
from just before the change to the moment the desk has the row. Aim: a second at the 95th percentile.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import httpx
from redis.asyncio import Redis

from bench.http import HOST, Connection
from bench.processes import can_measure, started, usage
from bench.sides import free_port
from bot.conversation.change import Change, Place
from bot.conversation.events import BOT, CUSTOMER, message, owner_event
from bot.conversation.owner import Owner
from bot.conversation.store import Conversations
from bot.edge.access import CSRF_HEADER, STAFF
from bot.edge.cookies import SESSION_COOKIE
from bot.setup.system import find_redis
from bot.staff.accounts import Account, Accounts
from bot.staff.roles import Role
from bot.staff.sessions import Session, Sessions

AIM = 1.0
CLAIM_EACH = 4  # one change in so many is a claim or a release, the others are messages
START_SECONDS = 30.0


@dataclass
class Expected:
    """A change under way: what its row shows, when it was made, and when which desk had it."""

    text: str
    agent: str
    begun: float
    seen: dict[str, float] = field(default_factory=dict)


class Desks:
    """All open desks: what each has seen of the changes under way."""

    def __init__(self) -> None:
        self._expected: dict[str, Expected] = {}
        self.seconds: list[float] = []
        self.missed = 0

    def expect(self, conversation: str, text: str = "", agent: str | None = None) -> None:
        """From now on the row of this conversation should show this text, or this agent."""
        self._expected[conversation] = Expected(text, agent or "", time.monotonic())

    def row(self, desk: str, row: dict[str, Any]) -> None:
        """A desk has got this row."""
        wanted = self._expected.get(row["conversation"])
        if wanted is None or desk in wanted.seen:
            return
        has = row["agent"]["id"] if row["agent"] else ""
        shown = (row["last"] or {}).get("text") if wanted.text else has
        if shown == (wanted.text or wanted.agent):
            wanted.seen[desk] = time.monotonic() - wanted.begun

    def settle(self, conversation: str, desks: int) -> None:
        """Counts what has been seen of the last change of this conversation."""
        wanted = self._expected.pop(conversation, None)
        if wanted is not None:
            self.seconds += wanted.seen.values()
            self.missed += desks - len(wanted.seen)


async def watch(port: int, session: Session, desks: Desks) -> None:
    """An open desk."""
    connection = Connection(port)
    headers = {"Cookie": f"{SESSION_COOKIE}={session.token}"}
    async for data in connection.events(f"{STAFF}/queues/events", headers):
        if "row" in data:
            desks.row(session.staff.id, data["row"])


class Load:
    """Changes at a steady pace."""

    def __init__(self, redis: Redis, port: int, sessions: list[Session], desks: Desks) -> None:
        self._conversations = Conversations(redis)
        self._sessions = sessions
        self._desks = desks
        self._client = httpx.AsyncClient(base_url=f"http://{HOST}:{port}")
        self._taken: dict[str, Session] = {}

    async def open(self, id: str) -> None:
        """A conversation that waits."""
        first = [owner_event("bot"), message(BOT, "Hello")]
        await self._conversations.open(id, "none", "en", first)
        now = int(time.time() * 1000)
        change = Change(
            owner=Owner.WAITING, events=[owner_event("waiting")], place=Place("waiting", now),
            meta={"waiting_since": now},
        )  # fmt: skip
        await self._conversations.change(await self._conversations.read(id), change)

    async def change(self, number: int, id: str) -> None:
        """The next change of this conversation: the customer writes, or it is taken or put back."""
        self._desks.settle(id, len(self._sessions))
        if number % CLAIM_EACH:
            self._desks.expect(id, text=f"message {number}")
            await self._conversations.say(id, str(number), message(CUSTOMER, f"message {number}"))
            return
        session = self._taken.pop(id, None)
        what = "release" if session else "claim"
        session = session or self._sessions[number % len(self._sessions)]
        if what == "claim":
            self._taken[id] = session
        known = await self._conversations.read(id)
        self._desks.expect(id, agent=session.staff.id if what == "claim" else "")
        await self._move(session, id, what, known.epoch)

    async def _move(self, session: Session, id: str, what: str, epoch: int) -> None:
        headers = {"Cookie": f"{SESSION_COOKIE}={session.token}", CSRF_HEADER: session.csrf}
        path = f"{STAFF}/conversations/{id}/{what}"
        answer = await self._client.post(path, json={"epoch": epoch}, headers=headers)
        answer.raise_for_status()

    async def run(self, ids: list[str], rate: float, seconds: float) -> None:
        """Makes changes until the time is over, one after the other at `rate` a second."""
        begun, number, tasks = time.monotonic(), 0, set[asyncio.Task[None]]()
        while (due := number / rate) < seconds:
            await asyncio.sleep(max(0.0, begun + due - time.monotonic()))
            tasks.add(asyncio.create_task(self.change(number, ids[number % len(ids)])))
            number += 1
        await asyncio.gather(*tasks)
        await asyncio.sleep(2 * AIM)  # whoever has not seen it by now has missed it
        for id in ids:
            self._desks.settle(id, len(self._sessions))
        await self._client.aclose()


async def measure(
    url: str, port: int, waiting: int, agents: int, rate: float, seconds: float
) -> Desks:
    """What the desks have seen."""
    redis, desks = Redis.from_url(url), Desks()
    accounts = Accounts(redis)
    sessions = []
    for number in range(agents):
        account = Account(f"agent-{number}", f"Agent {number}", frozenset({Role.AGENT}))
        await accounts.add(account, "console")
        sessions.append(await Sessions(redis, accounts).begin(account))
    load = Load(redis, port, sessions, desks)
    ids = [f"waiting-{number}" for number in range(waiting)]
    for id in ids:
        await load.open(id)
    watching = [asyncio.create_task(watch(port, session, desks)) for session in sessions]
    await asyncio.sleep(AIM)  # the streams begin with all rows there are
    try:
        await load.run(ids, rate, seconds)
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        await redis.aclose()
    return desks


def answering(url: str) -> None:
    """Returns when the edge is ready. Raises `TimeoutError`."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/readyz", timeout=1).status_code == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {url}")


@click.command()
@click.option("--waiting", default=200, show_default=True, help="Conversations in the queue.")
@click.option("--agents", default=20, show_default=True, help="Open desks.")
@click.option("--rate", default=20.0, show_default=True, help="Changes a second.")
@click.option("--seconds", default=60.0, show_default=True, help="How long.")
def main(waiting: int, agents: int, rate: float, seconds: float) -> None:
    """Measures the queues live; exit code 1 when the aim is missed."""
    server = find_redis()
    if not server:
        sys.exit("no redis-server; run bin/setup redis")
    redis_port, port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        aof = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        command = [str(server), "--bind", HOST, "--port", str(redis_port), "--dir", name, *aof]
        stack.enter_context(started(command, dict(os.environ), folder / "redis.log"))
        url = f"redis://{HOST}:{redis_port}/0"
        environ = {k: v for k, v in os.environ.items() if not k.startswith("FIRSTLINE_")}
        environ |= {"FIRSTLINE_PORT": str(port), "FIRSTLINE_STATE_DIR": name,
                    "FIRSTLINE_REDIS_URL": url}  # fmt: skip
        edge = [sys.executable, "-m", "bot.edge"]
        pid = stack.enter_context(started(edge, environ, folder / "edge.log"))
        answering(f"http://{HOST}:{port}")
        desks = asyncio.run(measure(url, port, waiting, agents, rate, seconds))
        cost = f", edge {usage([pid]).seconds:.1f} s of processor time" if can_measure() else ""
    sys.exit(report(desks, f"{waiting} waiting, {agents} desks, {rate:g} changes/s{cost}"))


def report(desks: Desks, about: str) -> int:
    """Prints what was measured; the exit code."""
    if not desks.seconds:
        print("no desk has seen anything")
        return 1
    cuts = statistics.quantiles(desks.seconds, n=100)
    p50, p95, p99 = cuts[49], cuts[94], cuts[98]
    print(
        f"{about}\n{len(desks.seconds)} rows seen, {desks.missed} missed; "
        f"p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, "
        f"longest {max(desks.seconds) * 1000:.0f} ms"
    )
    return int(p95 > AIM or desks.missed > 0)


if __name__ == "__main__":
    main()
