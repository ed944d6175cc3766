"""The development mailbox: takes mail by real SMTP on loopback and keeps it in a Maildir."""

from __future__ import annotations

import asyncio
import logging
import mailbox
import os
import signal
from pathlib import Path

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.errors import FirstlineError, SettingError
from bot.logs import READY, configure_logging
from bot.settings import load_settings

FOLDER = "mailbox"
LARGEST = 50 * 1024 * 1024

log = structlog.get_logger(__name__)


class MaildirHandler:
    """Stores each mail durably before aiosmtpd answers 250."""

    def __init__(self, folder: Path) -> None:
        self._maildir = mailbox.Maildir(folder, create=True)
        self._new = folder / "new"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd at the final dot."""
        try:
            await asyncio.to_thread(self._store, envelope)
        except OSError as error:
            log.error("mail_not_stored", reason=str(error))
            return "451 4.3.0 Cannot store the mail now"
        log.info("mail_stored")
        return "250 2.0.0 Stored"

    def _store(self, envelope: Envelope) -> None:
        """Maildir syncs the file; the folder that names it is synced here."""
        assert isinstance(envelope.content, bytes)
        receivers = "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos)
        head = f"Return-Path: <{envelope.mail_from}>\r\n{receivers}"
        self._maildir.add(head.encode("utf-8", "replace") + envelope.content)
        descriptor = os.open(self._new, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


async def serve(folder: Path, port: int) -> asyncio.Server:
    """A server on 127.0.0.1:`port` that stores into the Maildir `folder`; port 0 takes a free one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    handler = MaildirHandler(folder)

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
    server = await serve(settings.state_dir / FOLDER, settings.mailbox_port)
    log.info(READY)
    await stop.wait()
    server.close()
    server.close_clients()


if __name__ == "__main__":
    configure_logging("mailbox")
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command
    try:
        asyncio.run(_main())
    except (FirstlineError, OSError) as error:
        log.error("mailbox_cannot_start", reason=str(error))
        raise SystemExit(1) from error
