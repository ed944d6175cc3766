"""The development mailbox: takes mail by real SMTP on loopback and keeps it in a Maildir.

Mail to the support address is taken into a conversation besides, as the courier does with what it
finds in a real mailbox.
"""

from __future__ import annotations

import asyncio
import logging
import mailbox
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.content import load_content
from bot.errors import FirstlineError, SettingError, StoreUnavailable
from bot.logs import READY, configure_logging
from bot.mail.inbound.message import UnreadableMail
from bot.mail.inbound.parts import make_ingest, make_reply_address
from bot.redis_link import connect
from bot.settings import ROOT, load_settings

FOLDER = "mailbox"
LARGEST = 50 * 1024 * 1024

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Inbound:
    """What takes mail to us in, and which addresses are ours."""

    take: Callable[[bytes], Awaitable[object]]
    is_ours: Callable[[str], bool]


class MaildirHandler:
    """Stores each mail durably, and takes it in if it is to us, before aiosmtpd answers 250."""

    def __init__(self, folder: Path, inbound: Inbound | None = None) -> None:
        self._maildir = mailbox.Maildir(folder, create=True)
        self._new = folder / "new"
        self._inbound = inbound

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd at the final dot."""
        raw = _as_delivered(envelope)
        try:
            await self._take_in(envelope, raw)
            await asyncio.to_thread(self._store, raw)
        except (OSError, StoreUnavailable) as error:
            log.error("mail_not_stored", reason=str(error))
            return "451 4.3.0 Cannot store the mail now"
        log.info("mail_stored")
        return "250 2.0.0 Stored"

    async def _take_in(self, envelope: Envelope, raw: bytes) -> None:
        if self._inbound is None or not any(map(self._inbound.is_ours, envelope.rcpt_tos)):
            return
        try:
            await self._inbound.take(raw)
        except UnreadableMail as error:
            log.error("mail_unreadable", reason=str(error))

    def _store(self, raw: bytes) -> None:
        """Maildir syncs the file; the folder that names it is synced here."""
        self._maildir.add(raw)
        descriptor = os.open(self._new, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _as_delivered(envelope: Envelope) -> bytes:
    """The mail with the lines that a server puts on top when it delivers."""
    assert isinstance(envelope.content, bytes)
    receivers = "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos)
    head = f"Return-Path: <{envelope.mail_from}>\r\n{receivers}"
    return head.encode("utf-8", "replace") + envelope.content


async def serve(folder: Path, port: int, inbound: Inbound | None = None) -> asyncio.Server:
    """A server on 127.0.0.1:`port` that stores into the Maildir `folder`; port 0 takes a free one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    handler = MaildirHandler(folder, inbound)

    def session() -> SMTP:
        return SMTP(handler, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="localhost",
                    ident="Firstline development mailbox")  # fmt: skip

    return await asyncio.get_running_loop().create_server(session, "127.0.0.1", port)


async def _main() -> None:
    settings = load_settings()
    if not settings.mailbox_port:
        raise SettingError("FIRSTLINE_MAILBOX_PORT", "the development mailbox needs a port",
                           "Start it by bin/firstline up, which sets one")  # fmt: skip
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    redis = connect(settings.redis_url)
    ingest = make_ingest(settings, redis, load_content(ROOT / "data"))
    inbound = Inbound(ingest.take, make_reply_address(settings).receives)
    server = await serve(settings.state_dir / FOLDER, settings.mailbox_port, inbound)
    log.info(READY)
    await stop.wait()
    server.close()
    server.close_clients()
    await redis.aclose()


if __name__ == "__main__":
    configure_logging("mailbox")
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command
    try:
        asyncio.run(_main())
    except (FirstlineError, OSError) as error:
        log.error("mailbox_cannot_start", reason=str(error))
        raise SystemExit(1) from error
