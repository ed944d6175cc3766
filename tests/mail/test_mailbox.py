"""The development mailbox keeps what it has said 250 to."""

from __future__ import annotations

import mailbox
import shutil
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from bot.mail.destinations import Destination
from bot.mail.inbound.message import UnreadableMail
from bot.mail.mailbox import Inbound, serve
from bot.mail.render import case_mail
from bot.mail.smtp import Envelope, Outcome, Post, Server
from tests.mail.inbound.mails import REPLY
from tests.mail.sample import CUSTOMER, QUEUE, WORDS, document, heading


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """A way to send to a development mailbox under `tmp_path`."""
    server = await serve(tmp_path / "mailbox", 0)
    connection = Post(Server("127.0.0.1", server.sockets[0].getsockname()[1], tls=False))
    yield connection
    await connection.close()
    server.close()


def _envelope() -> Envelope:
    mail = case_mail(document(), [], WORDS, heading(), Destination(address=QUEUE))
    return Envelope("support@meadow.example", QUEUE, mail.as_bytes())


async def test_a_mail_arrives_whole(post: Post, tmp_path: Path) -> None:
    envelope = _envelope()
    assert (await post.send(envelope)).outcome is Outcome.SENT
    (key,) = mailbox.Maildir(tmp_path / "mailbox").keys()
    stored = mailbox.Maildir(tmp_path / "mailbox").get_bytes(key)
    mail = message_from_bytes(stored, policy=default)
    assert mail["Delivered-To"] == QUEUE
    assert mail["Subject"] == document().subject
    assert stored.replace(b"\r\n", b"\n").endswith(envelope.message.replace(b"\r\n", b"\n"))


async def test_a_mail_that_cannot_be_stored_is_not_taken(post: Post, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "mailbox" / "tmp")
    delivery = await post.send(_envelope())
    assert delivery.outcome is Outcome.DEFERRED
    assert "451" in delivery.reason


async def test_it_takes_mail_for_anybody(post: Post, tmp_path: Path) -> None:
    for to in (QUEUE, CUSTOMER):
        sent = await post.send(Envelope("us@meadow.example", to, b"Subject: x\r\n\r\n.\r\n..\r\n"))
        assert sent.outcome is Outcome.SENT
    assert len(mailbox.Maildir(tmp_path / "mailbox")) == 2


class _Taken:
    """Keeps what it takes; refuses as told."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.error: Exception | None = None

    async def take(self, raw: bytes) -> None:
        if self.error is not None:
            raise self.error
        self.mails.append(raw)


async def test_mail_to_us_is_taken_in_besides(tmp_path: Path) -> None:
    taken = _Taken()
    server = await serve(tmp_path / "mailbox", 0, Inbound(taken.take, REPLY.receives))
    post = Post(Server("127.0.0.1", server.sockets[0].getsockname()[1], tls=False))
    mail = b"Subject: x\r\n\r\nhello\r\n"
    for to in (CUSTOMER, "support@meadow.example", "Support+abc@Meadow.example"):
        assert (await post.send(Envelope(CUSTOMER, to, mail))).outcome is Outcome.SENT
    assert len(taken.mails) == 2
    assert b"Delivered-To: Support+abc@Meadow.example" in taken.mails[1]
    taken.error = StoreUnavailable("away")
    ours = Envelope(CUSTOMER, "support@meadow.example", mail)
    assert (await post.send(ours)).outcome is Outcome.DEFERRED
    taken.error = UnreadableMail("nonsense")
    assert (await post.send(ours)).outcome is Outcome.SENT
    assert len(mailbox.Maildir(tmp_path / "mailbox")) == 4
    await post.close()
    server.close()
