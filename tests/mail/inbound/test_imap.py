"""Reading a real mailbox (Dovecot): each mail once, none lost, whatever fails in between."""

from __future__ import annotations

import asyncio
import smtplib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import SettingError, StoreUnavailable
from bot.mail.inbound.imap import (
    TAKEN,
    UNREADABLE,
    Account,
    ImapWorker,
    Inbox,
    parse_account,
)
from bot.mail.inbound.ingest import Ingested, Outcome
from bot.mail.inbound.message import UnreadableMail, read_mail
from tests.mail.conftest import until
from tests.mail.inbound.mails import raw
from tests.support.mail_servers import MailServers, missing, running_dovecot
from tests.support.ports import free_port

LACKING = missing("dovecot")
with_dovecot = pytest.mark.skipif(bool(LACKING), reason=LACKING)


class TestAddress:
    def test_all_of_it(self) -> None:
        account = parse_account("imaps://us%40meadow.example:p%2Fw@mail.example/Support%20box")
        assert account == Account(
            "mail.example", 993, True, "us@meadow.example", "p/w", "Support box"
        )
        assert "p/w" not in repr(account)

    def test_what_may_be_left_out(self) -> None:
        assert parse_account("imap://us:pw@mail.example:1143") == Account(
            "mail.example", 1143, False, "us", "pw", "INBOX"
        )

    @pytest.mark.parametrize("url", ["imaps://mail.example", "imaps://us@mail.example",
                                     "imap://us:pw@mail.example:x"])  # fmt: skip
    def test_mistakes_are_named(self, url: str) -> None:
        with pytest.raises(SettingError, match="FIRSTLINE_IMAP_URL"):
            parse_account(url)


class Taker:
    """Takes mails and keeps their Message-IDs; fails as told."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.failures: list[Exception] = []

    async def take(self, raw: bytes) -> Ingested:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(read_mail(raw).id)
        await asyncio.sleep(0)
        return Ingested(Outcome.OPENED, "c")


@pytest.fixture(scope="module")
def dovecot() -> Iterator[MailServers]:
    with running_dovecot() as servers:
        yield servers


@pytest.fixture
def box(dovecot: MailServers, request: pytest.FixtureRequest) -> str:
    """The name of a mailbox of the test's own."""
    return "".join(char for char in request.node.name.lower() if char.isalnum())[:40]


def deliver(servers: MailServers, box: str, *ids: str) -> None:
    with smtplib.LMTP("127.0.0.1", servers.lmtp) as server:
        for id in ids:
            server.sendmail("jo@customer.example", [f"{box}@meadow.example"],
                            raw(id=f"<{id}@customer.example>"))  # fmt: skip


def left(servers: MailServers, box: str, folder: str = "") -> int:
    """How many mails are in a folder of a mailbox; the inbox when it has no name."""
    maildir: Path = servers.folder / "mail" / box / "Maildir"
    place = maildir / f".{folder}" if folder else maildir
    return sum(len(list((place / part).glob("*"))) for part in ("new", "cur"))


@asynccontextmanager
async def working(
    servers: MailServers, box: str, *takers: Taker
) -> AsyncIterator[list[ImapWorker]]:
    account = parse_account(servers.imap_url(box))
    workers = [ImapWorker(account, taker.take, look_every=0.2) for taker in takers]
    stop = asyncio.Event()
    tasks = [asyncio.create_task(worker.run(stop)) for worker in workers]
    try:
        yield workers
    finally:
        stop.set()
        await asyncio.gather(*tasks)


def _is(condition: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return condition()

    return holds


@with_dovecot
class TestMailbox:
    async def test_what_is_there_and_what_comes_is_taken_and_put_away(
        self, dovecot: MailServers, box: str
    ) -> None:
        taker = Taker()
        deliver(dovecot, box, "a", "b")
        async with working(dovecot, box, taker) as (worker,):
            await until(_is(lambda: len(taker.taken) == 2))
            await asyncio.wait_for(worker.ready.wait(), 20)
            deliver(dovecot, box, "c")
            await until(_is(lambda: left(dovecot, box, TAKEN) == 3))
            deliver(dovecot, f"{box}2", "d")
            inbox = Inbox(parse_account(dovecot.imap_url(f"{box}2")))
            assert inbox.counts() == {"INBOX": 1, TAKEN: 0, UNREADABLE: 0}
            inbox.close()
        assert taker.taken == [f"<{id}@customer.example>" for id in "abc"]
        assert left(dovecot, box) == 0

    async def test_while_the_store_is_away_mail_stays(self, dovecot: MailServers, box: str) -> None:
        taker = Taker()
        taker.failures = [StoreUnavailable("away")]
        deliver(dovecot, box, "a")
        async with working(dovecot, box, taker):
            await until(_is(lambda: not taker.failures))
            assert left(dovecot, box) == 1
            await until(_is(lambda: left(dovecot, box, TAKEN) == 1))
        assert len(taker.taken) == 1

    async def test_what_cannot_be_read_is_put_aside(self, dovecot: MailServers, box: str) -> None:
        taker = Taker()
        taker.failures = [UnreadableMail("nonsense"), *[RuntimeError("unknown")] * 3]
        deliver(dovecot, box, "nonsense", "poison", "good")
        async with working(dovecot, box, taker):
            await until(_is(lambda: left(dovecot, box) == 0))
        assert left(dovecot, box, UNREADABLE) + left(dovecot, box, TAKEN) == 3
        assert taker.failures == []
        assert left(dovecot, box, UNREADABLE) >= 1

    async def test_two_workers_lose_nothing(self, dovecot: MailServers, box: str) -> None:
        first, second = Taker(), Taker()
        names = [f"m{n}" for n in range(12)]
        deliver(dovecot, box, *names)
        async with working(dovecot, box, first, second):
            await until(_is(lambda: left(dovecot, box) == 0))
        both = Counter(first.taken + second.taken)
        assert set(both) == {f"<{name}@customer.example>" for name in names}

    async def test_a_server_that_is_away_is_tried_again(
        self, dovecot: MailServers, box: str
    ) -> None:
        away = replace(parse_account(dovecot.imap_url(box)), port=free_port())
        worker = ImapWorker(away, Taker().take)
        stop = asyncio.Event()
        task = asyncio.create_task(worker.run(stop))
        await asyncio.sleep(0.2)
        assert not task.done()
        assert not worker.ready.is_set()
        stop.set()
        await asyncio.wait_for(task, 20)
