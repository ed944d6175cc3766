"""An SMTP server that can misbehave, and a courier between it and the outbox."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.content import load_content
from bot.content.follow_up import follow_up
from bot.conversation.keys import OUTBOX_CHANNEL
from bot.conversation.store import Conversations
from bot.conversation.work import Wake
from bot.errors import StoreUnavailable
from bot.followup.survey import SurveyLinks
from bot.mail import smtp
from bot.mail.backoff import Backoff
from bot.mail.caps import Caps
from bot.mail.compose import Composer
from bot.mail.destinations import Destination, Destinations
from bot.mail.notice import NoticeWriter
from bot.mail.outbox import LEASE, Outbox
from bot.mail.worker import Courier
from bot.settings import ROOT
from tests.mail.fault_server import FaultServer
from tests.mail.sample import AT, QUEUE, SENDER, WORDS

# How many mails meet each fault; a long run sets more.
REPEATS = int(os.environ.get("FIRSTLINE_TEST_REPEATS", "2"))
PATIENCE = 60.0 + 3 * REPEATS
# Short where a test stalls the server, long elsewhere: a busy machine must not look like a fault.
PATIENT = smtp.Timeouts(connect=PATIENCE, command=PATIENCE, text=PATIENCE)
STALLED = smtp.Timeouts(connect=0.7, command=0.7, text=PATIENCE)
STALLED_AT_DATA = smtp.Timeouts(connect=PATIENCE, command=PATIENCE, text=1.5)
CERTIFICATE = Path(__file__).parent / "localhost.pem"


@pytest.fixture
async def server() -> AsyncIterator[FaultServer]:
    """An SMTP server without encryption or sign-in."""
    fault_server = FaultServer()
    await fault_server.start()
    yield fault_server
    await fault_server.stop()


@pytest.fixture
def tls() -> ssl.SSLContext:
    """The server's side of TLS, with a certificate nobody has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def composer(redis: Redis, state_dir: Path) -> Composer:
    """A composer with the sample's words."""
    destinations = Destinations({QUEUE: Destination(address=QUEUE)}, QUEUE)
    links = SurveyLinks("https://support.meadow.example", "secret of the tests")
    notices = NoticeWriter(
        load_content(ROOT / "data"), follow_up(), links, "https://support.meadow.example/desk"
    )
    return Composer(
        Conversations(redis), destinations, WORDS, SENDER, state_dir, lambda: AT, notices
    )


@asynccontextmanager
async def working_courier(
    redis: Redis,
    server: FaultServer,
    state_dir: Path,
    attempts: int = 50,
    timeouts: smtp.Timeouts = PATIENT,
    lease: int = LEASE,
    caps: Caps | None = None,
) -> AsyncIterator[Outbox]:
    """A courier at work within the block, with short waits; gives its outbox."""
    post = smtp.Post(smtp.Server("127.0.0.1", server.port, tls=False), timeouts)
    write = composer(redis, state_dir)
    outbox = Outbox(redis, lease)
    courier = Courier(
        outbox, write.compose, post.send, write.message_id, Wake(redis, OUTBOX_CHANNEL),
        Backoff(first=0.02, longest=0.1, attempts=attempts), caps=caps,
    )  # fmt: skip
    stop = asyncio.Event()
    task = asyncio.create_task(courier.run(stop))
    try:
        yield outbox
    finally:
        stop.set()
        await task
        await post.close()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Returns when `condition` holds; fails when it does not within `PATIENCE` seconds."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0.01)


async def emptied(outbox: Outbox) -> None:
    """Returns when nothing waits in the outbox."""

    async def empty() -> bool:
        with suppress(StoreUnavailable):
            return await outbox.waiting() == 0
        return False

    await until(empty)
