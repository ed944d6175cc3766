"""Fetches what an order needs and has its mail written, ready to be handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from pathlib import Path

import msgspec

from bot.case.document import CaseDocument, decode_document
from bot.conversation.store import Conversations
from bot.mail import headers
from bot.mail.attachments import read_attachments
from bot.mail.destinations import Destinations
from bot.mail.order import ACKNOWLEDGEMENT, MailOrder
from bot.mail.render import Heading, acknowledgement, case_mail
from bot.mail.sheet import Wording
from bot.mail.smtp import Envelope


class Composer:
    """Writes the mails of orders.

    state_dir: where the customers' files are. clock: the present, for the Date header.
    """

    def __init__(
        self, conversations: Conversations, destinations: Destinations, words: Wording,
        sender: Address, state_dir: Path, clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._conversations = conversations
        self._destinations = destinations
        self._words = words
        self._sender = sender
        self._state_dir = state_dir
        self._clock = clock

    def message_id(self, order: MailOrder) -> str:
        """The Message-ID of an order that was never tried."""
        return headers.message_id(order, self._sender.domain)

    async def compose(self, order: MailOrder, message_id: str) -> Envelope:
        """The mail of `order`. Raises `NotFound`, `HeaderRefused` or `StoreUnavailable`."""
        stored = await self._conversations.filed_document(order.number, order.revision)
        return await asyncio.to_thread(self._write, order, decode_document(stored), message_id)

    def _write(self, order: MailOrder, document: CaseDocument, message_id: str) -> Envelope:
        first = msgspec.structs.replace(order, revision=1)
        heading = Heading(self._sender, order.to, message_id, self.message_id(first), self._clock())
        if order.kind == ACKNOWLEDGEMENT:
            message = acknowledgement(document, self._words, heading)
        else:
            files = read_attachments(self._state_dir, order.conversation, document.files)
            destination = self._destinations.of(order.to)
            message = case_mail(document, files, self._words, heading, destination)
        return Envelope(self._sender.addr_spec, order.to, message.as_bytes())
