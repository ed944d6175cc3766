"""Fetches what an order needs and has its mail written, ready to be handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from email.headerregistry import Address
from pathlib import Path

import msgspec

from bot.case.document import CaseDocument, decode_document
from bot.conversation.events import Event
from bot.conversation.store import Conversations
from bot.mail import headers
from bot.mail.attachments import read_attachments
from bot.mail.destinations import Destinations
from bot.mail.notice import TEAM, NoticeWriter
from bot.mail.order import ACKNOWLEDGEMENT, CASE_MAIL, NOTICE, REPLY, MailOrder
from bot.mail.render import Heading, acknowledgement, case_mail, notice, reply
from bot.mail.reply_address import ReplyAddress
from bot.mail.sheet import Wording
from bot.mail.smtp import Envelope
from bot.mail.thread import exchange


class Composer:
    """Writes the mails of orders.

    state_dir: where the customers' files are. clock: the present, for the Date header. reply: makes
    the addresses whose mail lands in a conversation; None where no mail is read. notices: the words
    of what becomes of cases.
    """

    def __init__(
        self, conversations: Conversations, destinations: Destinations, words: Wording,
        sender: Address, state_dir: Path, clock: Callable[[], datetime], notices: NoticeWriter,
        reply: ReplyAddress | None = None,
    ) -> None:  # fmt: skip
        self._conversations = conversations
        self._destinations = destinations
        self._words = words
        self._sender = sender
        self._state_dir = state_dir
        self._clock = clock
        self._notices = notices
        self._reply = reply

    def message_id(self, order: MailOrder) -> str:
        """The Message-ID of an order that was never tried."""
        return headers.message_id(order, self._sender.domain)

    async def compose(self, order: MailOrder, message_id: str) -> Envelope:
        """The mail of `order`. Raises `NotFound`, `HeaderRefused` or `StoreUnavailable`."""
        document = None
        if order.number:
            stored = await self._conversations.filed_document(order.number, order.revision)
            document = decode_document(stored)
        log = await self._conversations.all_events(order.conversation) if _says(order) else []
        return await asyncio.to_thread(self._write, order, document, log, message_id)

    def _write(
        self, order: MailOrder, document: CaseDocument | None, log: Sequence[Event], message_id: str
    ) -> Envelope:
        heading = self._heading(order, message_id)
        if document is None or order.kind == REPLY:
            message = reply(exchange(log, order.about), document, self._words, heading)
        elif order.kind == NOTICE:
            said = self._notices.text(order, document, log)
            message = notice(said, document, self._words, heading)
        elif order.kind == ACKNOWLEDGEMENT:
            message = acknowledgement(document, self._words, heading)
        else:
            files = read_attachments(self._state_dir, order.conversation, document.files)
            destination = self._destinations.of(order.to)
            message = case_mail(document, files, self._words, heading, destination)
        # A mail that cannot be delivered comes back to the address that names the conversation.
        return Envelope(heading.answers.addr_spec, order.to, message.as_bytes())

    def _heading(self, order: MailOrder, message_id: str) -> Heading:
        first = msgspec.structs.replace(_opening(order), revision=1)
        reply_to = self._reply.of(order.conversation) if self._reply else None
        return Heading(
            self._sender, order.to, message_id, self.message_id(first), self._clock(), reply_to
        )


def _says(order: MailOrder) -> bool:
    """Whether the mail repeats messages of the log."""
    return order.kind in (REPLY, NOTICE)


def _opening(order: MailOrder) -> MailOrder:
    """The order of the mail that the one of `order` belongs under."""
    if order.kind != NOTICE:
        return order
    kind = CASE_MAIL if order.about.startswith(TEAM) else ACKNOWLEDGEMENT
    return msgspec.structs.replace(order, kind=kind, about="", facts={})
