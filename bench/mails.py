"""Mails per second: a courier of its own empties an outbox of filed cases into an SMTP server."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from redis.asyncio import Redis
from redis.exceptions import ConnectionError

from bench.http import HOST
from bench.processes import processor_seconds, started
from bench.sides import SideFailed, clean_environment, free_port
from bot.case.filing import filed
from bot.case.model import Case, Field, State
from bot.content import load_content
from bot.conversation.change import Change
from bot.conversation.events import BOT, CUSTOMER, message
from bot.conversation.numbers import propose_number
from bot.conversation.store import Conversations
from bot.mail.destinations import load_destinations
from bot.mail.filing import filing_of
from bot.settings import ROOT
from bot.setup.system import find_redis

QUEUE = "cases@meadow.example"
PATIENCE = 120.0
STARTED = 10  # mails until the courier counts as running
SAID = {
    "description": "my mobile data isn't working", "device": "Apple iPhone 14 Pro",
    "account_number": "8847201193", "error_message": "Could not activate cellular data network",
}  # fmt: skip


@dataclass(frozen=True)
class Mailed:
    """How many mails were taken, how quickly, and what that cost the courier."""

    mails: int
    seconds: float
    processor: float


class _Server:
    """Takes every mail and remembers when."""

    def __init__(self, wanted: int) -> None:
        self.times: list[float] = []
        self.at_work, self.all = asyncio.Event(), asyncio.Event()
        self._wanted = wanted

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook at the final dot."""
        self.times.append(asyncio.get_running_loop().time())
        if len(self.times) == STARTED:
            self.at_work.set()
        if len(self.times) == self._wanted:
            self.all.set()
        return "250 OK"


async def measure_mails(folder: Path, cases: int) -> Mailed:
    """Two mails a case: to the queue, and the acknowledgement. Raises `SideFailed`."""
    port = free_port()
    redis_server = str(find_redis())
    durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    command = [redis_server, "--bind", HOST, "--port", str(port), "--dir", str(folder), *durable]
    with ExitStack() as stack:
        stack.enter_context(started(command, _clean({}), folder / "redis.log"))
        url = f"redis://{HOST}:{port}/0"
        async with Redis.from_url(url) as redis:
            await _answers(redis)
            await _file(Conversations(redis), cases)
        server = _Server(2 * cases)
        listening = await asyncio.get_running_loop().create_server(
            lambda: SMTP(server, hostname="bench", loop=asyncio.get_running_loop()), HOST, 0
        )
        smtp = listening.sockets[0].getsockname()[1]
        environ = {
            "FIRSTLINE_REDIS_URL": url, "FIRSTLINE_SMTP_URL": f"smtp://{HOST}:{smtp}",
            "FIRSTLINE_STATE_DIR": str(folder), "FIRSTLINE_CASE_MAILBOX": QUEUE,
        }  # fmt: skip
        courier = [sys.executable, "-m", "bot.mail"]
        pid = stack.enter_context(started(courier, _clean(environ), folder / "courier.log"))
        try:
            return await _watched(server, pid)
        finally:
            listening.close()


async def _watched(server: _Server, pid: int) -> Mailed:
    """From the time when the courier is at work to the last mail."""
    try:
        async with asyncio.timeout(PATIENCE):
            await server.at_work.wait()
            begun, cost = len(server.times), processor_seconds([pid])
            await server.all.wait()
    except TimeoutError as error:
        raise SideFailed(f"the courier sent {len(server.times)} mails, then no more") from error
    lasted = server.times[-1] - server.times[begun - 1]
    return Mailed(len(server.times) - begun, lasted, processor_seconds([pid]) - cost)


async def _file(conversations: Conversations, cases: int) -> None:
    content = load_content(ROOT / "data")
    destinations = load_destinations(ROOT / "data" / "destinations.yml", QUEUE)
    log = [message(BOT, "Hello"), *(message(CUSTOMER, text) for text in SAID.values())]
    for number in range(cases):
        id = f"case-{number}"
        await conversations.open(id, "none", "en", log)
        said = SAID | {"contact_email": f"customer-{number}@mail.example"}
        fields = {name: Field(text, State.STATED, text) for name, text in said.items()}
        case = Case(problem="no_mobile_data", category="technical", fields=fields)
        case = filed(case, propose_number(id), None)
        events = await conversations.all_events(id)
        filing = filing_of(id, case, events, content, destinations)
        change = Change(case=case, filed=filing.document, mails=filing.mails)
        await conversations.change(await conversations.read(id), change)


async def _answers(redis: Redis) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(ConnectionError):
                await redis.ping()
                return
            await asyncio.sleep(0.02)


def _clean(environ: dict[str, str]) -> dict[str, str]:
    return {**clean_environment(), **environ, "PYTHONPATH": str(ROOT)}
