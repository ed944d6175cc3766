"""`bin/firstline mail`: taking in a mail that a mail server hands over by a pipe."""

from __future__ import annotations

import asyncio
import imaplib
import logging
import os
import sys
from typing import NoReturn

import click
import structlog
from imap_tools.errors import ImapToolsError

from bot.content import load_content
from bot.errors import FirstlineError, SettingError, StoreUnavailable
from bot.mail.inbound.imap import UNREADABLE, Inbox, parse_account
from bot.mail.inbound.ingest import Ingested
from bot.mail.inbound.message import MAX_BYTES, UnreadableMail
from bot.mail.inbound.parts import make_ingest
from bot.redis_link import connect
from bot.settings import ROOT, load_settings
from bot.supervisor.ports import kept_ports
from bot.supervisor.private import with_private

ANSWER_TIMEOUT = 5.0


@click.group()
def mail() -> None:
    """Take in mail; look at the mailbox it comes from."""


@mail.command()
def ingest() -> None:
    """Take in the mail on standard input, as a mail server's pipe hands it over.

    Exit codes are those of sysexits.h: 0 taken in, 65 no mail, 75 try again later.
    """
    raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        taken = asyncio.run(_taken(raw))
    except UnreadableMail as error:
        _leave(os.EX_DATAERR, str(error))
    except FirstlineError as error:
        _leave(os.EX_TEMPFAIL, str(error))
    except Exception as error:
        _leave(os.EX_TEMPFAIL, f"{type(error).__name__}: {error}")
    about = f" {taken.conversation}" if taken.conversation else ""
    reason = f" ({taken.reason})" if taken.reason else ""
    click.echo(f"{taken.outcome.value}{about}{reason}")


@mail.command()
def status() -> None:
    """How many mails wait in the mailbox; exit code 1 when a person should look."""
    url = load_settings().imap_url
    if not url:
        raise SettingError("FIRSTLINE_IMAP_URL", "no mailbox is named", "Set it to read one")
    try:
        inbox = Inbox(parse_account(url))
        counts = inbox.counts()
        inbox.close()
    except (imaplib.IMAP4.error, ImapToolsError, OSError) as error:
        raise click.ClickException(f"The mailbox cannot be read: {error}") from error
    for folder, count in counts.items():
        click.echo(f"{folder:22} {count}")
    if counts[UNREADABLE]:
        raise SystemExit(1)


async def _taken(raw: bytes) -> Ingested:
    settings = load_settings()
    if kept_ports(settings.state_dir):
        settings = with_private(settings)
    if not settings.redis_url:
        raise StoreUnavailable("no Redis is known: FIRSTLINE_REDIS_URL is empty and no desk runs")
    content = load_content(ROOT / "data")
    async with connect(settings.redis_url, ANSWER_TIMEOUT) as redis:
        return await make_ingest(settings, redis, content).take(raw)


def _leave(code: int, reason: str) -> NoReturn:
    """Ends with a code that mail servers know: with any other they send the mail back to the customer,
    who can do nothing about a setting or a Redis of ours."""
    click.echo(reason, err=True)
    raise SystemExit(code)
