"""Reading the support mailbox over IMAP: each mail is taken into a conversation, then moved away.

A mail leaves the inbox only when it is in its conversation, so whatever happens in between it is
read again; it is taken in once all the same (`ingest`). Several workers may read one mailbox.
"""

from __future__ import annotations

import asyncio
import imaplib
import random
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import structlog
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from bot.errors import SettingError, StoreUnavailable
from bot.mail.inbound.ingest import Ingested
from bot.mail.inbound.message import MAX_BYTES, UnreadableMail
from bot.mail.smtp import LOOPBACK

TAKEN = "Firstline"  # the folders that mails are moved to
UNREADABLE = "Firstline unreadable"
TIMEOUT = 30.0  # seconds the server may take to answer
LOOK_EVERY = 5.0  # seconds between looks; a server that can (RFC 2177) tells at once
MOST_AT_ONCE = 50
ATTEMPTS = 3  # how often a mail may fail for a reason that nobody knows
LONGEST_PAUSE = 300.0
# What passes by itself: a server or a store that is away.
EXPECTED = (imaplib.IMAP4.error, ImapToolsError, OSError, StoreUnavailable)

log = structlog.get_logger(__name__)

T = TypeVar("T")
Take = Callable[[bytes], Awaitable[Ingested]]


@dataclass(frozen=True)
class Account:
    """The mailbox of `FIRSTLINE_IMAP_URL`."""

    host: str
    port: int
    tls: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


def parse_account(url: str) -> Account:
    """The mailbox of an `imap://` or `imaps://` address. Raises `SettingError`."""
    parts = urlsplit(url)
    tls = parts.scheme == "imaps"
    if not parts.hostname or not parts.username or parts.password is None:
        raise SettingError("FIRSTLINE_IMAP_URL", "host, user and password are needed",
                           "Write imaps://user:password@host/INBOX")  # fmt: skip
    try:
        port = parts.port or (993 if tls else 143)
    except ValueError as error:
        raise SettingError("FIRSTLINE_IMAP_URL", "the port is not a number",
                           "Write imaps://user:password@host:993/INBOX") from error  # fmt: skip
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Account(
        parts.hostname, port, tls, unquote(parts.username), unquote(parts.password), folder
    )


class Inbox:
    """One connection to the mailbox. Every call blocks: run it in a thread.

    Raises `imaplib.IMAP4.error`, `ImapToolsError` or `OSError`.
    """

    def __init__(self, account: Account) -> None:
        self._folder = account.folder
        self._box = _connected(account)
        self._box.login(account.user, account.password, initial_folder=account.folder)
        for folder in (TAKEN, UNREADABLE):
            if not self._box.folder.exists(folder):
                self._box.folder.create(folder)

    def waiting(self) -> list[str]:
        """The UIDs of what is in the inbox, oldest first."""
        self._box.client.noop()
        return [uid for uid in self._box.uids("ALL") if uid][:MOST_AT_ONCE]

    def read(self, uid: str) -> bytes | None:
        """A mail as it came; None when it is there no more. Raises `UnreadableMail` if too large."""
        size = self._fetched(uid, "(RFC822.SIZE)")
        if size is None:
            return None
        digits = size.rpartition(b"RFC822.SIZE")[2].strip(b" )")
        if digits.isdigit() and int(digits) > MAX_BYTES:
            raise UnreadableMail(f"it is larger than {MAX_BYTES // 1024 // 1024} MB")
        return self._fetched(uid, "(BODY.PEEK[])")

    def _fetched(self, uid: str, what: str) -> bytes | None:
        status, data = self._box.client.uid("FETCH", uid, what)
        first = data[0] if status == "OK" and data else None
        if isinstance(first, tuple):
            return bytes(first[1])
        return first if isinstance(first, bytes) else None

    def move(self, uid: str, folder: str) -> None:
        """Puts a mail away; another worker may have been quicker."""
        self._box.move(uid, folder)

    def counts(self) -> dict[str, int]:
        """How many mails are in the inbox and in the folders that they are moved to."""
        folders = (self._folder, TAKEN, UNREADABLE)
        return {name: self._box.folder.status(name)["MESSAGES"] for name in folders}

    def wait(self, seconds: float) -> bool:
        """Waits for new mail; whether the server can tell at all."""
        if "IDLE" not in self._box.client.capabilities:
            return False
        self._box.idle.wait(timeout=seconds)
        return True

    def close(self) -> None:
        """Takes leave of the server."""
        with suppress(Exception):
            self._box.logout()


class ImapWorker:
    """Takes in what is in the mailbox until told to stop; `ready` is set while it can be read."""

    def __init__(self, account: Account, take: Take, look_every: float = LOOK_EVERY) -> None:
        self._account = account
        self._take = take
        self._look_every = look_every
        self._failures: Counter[str] = Counter()
        self.ready = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, through broken connections and servers that are away."""
        failed = 0
        while not stop.is_set():
            try:
                await self._session(stop)
                failed = 0
            except (
                Exception
            ) as error:  # whatever a mailbox does, the mail that goes out must not mind
                self.ready.clear()
                failed += 1
                pause = min(LONGEST_PAUSE, 2.0 ** min(failed, 20)) * (1 - random.random() / 4)
                log.warning("inbox_unavailable", reason=f"{type(error).__name__}: {error}"[:300],
                            seconds=round(pause, 1), exc_info=not isinstance(error, EXPECTED))  # fmt: skip
                await _until(stop, pause)

    async def _session(self, stop: asyncio.Event) -> None:
        inbox = await asyncio.to_thread(Inbox, self._account)
        try:
            while not stop.is_set():
                for uid in await asyncio.to_thread(inbox.waiting):
                    await self._handle(inbox, uid)
                    if stop.is_set():
                        return
                if not self.ready.is_set():
                    self.ready.set()
                    log.info("inbox_ready", host=self._account.host)
                if not await asyncio.to_thread(inbox.wait, self._look_every):
                    await _until(stop, self._look_every)
        finally:
            await asyncio.to_thread(inbox.close)

    async def _handle(self, inbox: Inbox, uid: str) -> None:
        """One mail; what fails for an unknown reason is tried again, then put aside for a person."""
        try:
            raw = await asyncio.to_thread(inbox.read, uid)
            if raw is None:
                return
            await self._take(raw)
        except UnreadableMail as error:
            log.error("mail_unreadable", uid=uid, reason=str(error))
            await asyncio.to_thread(inbox.move, uid, UNREADABLE)
            return
        except EXPECTED:
            raise
        except Exception:
            self._failures[uid] += 1
            log.exception("mail_not_taken_in", uid=uid, attempt=self._failures[uid])
            if self._failures[uid] >= ATTEMPTS:
                await asyncio.to_thread(inbox.move, uid, UNREADABLE)
            return
        await asyncio.to_thread(inbox.move, uid, TAKEN)


def _connected(account: Account) -> BaseMailBox:
    """A connection whose password cannot be overheard."""
    if account.tls:
        context = ssl.create_default_context()
        return MailBox(account.host, account.port, timeout=TIMEOUT, ssl_context=context)
    if account.host in LOOPBACK:
        return MailBoxUnencrypted(account.host, account.port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    return MailBoxStartTls(account.host, account.port, timeout=TIMEOUT, ssl_context=context)


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
