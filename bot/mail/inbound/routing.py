"""Which conversation a mail belongs to: by the address it was sent to or the mails it answers, and
always by its sender too. What does not fit together is for a person to look at, never merged silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.case.fields import CONTACT_EMAIL
from bot.conversation.store import Conversation, Conversations
from bot.errors import NotFound
from bot.mail.inbound.message import Inbound
from bot.mail.reply_address import ReplyAddress

MAIL_FROM = "mail_from"  # in a conversation's hash: the address whose mail opened it

_OURS = re.compile(r"<(fl-[0-9a-z]{6})\.\d+\.[0-9a-f]{12}@([^<>@]+)>", re.IGNORECASE)
_NUMBER = re.compile(r"\bFL-[0-9A-HJKMNP-TV-Z]{6}\b")


@dataclass(frozen=True)
class Route:
    """Where a mail goes: into `conversation`, or, without one, into a new conversation.

    doubt: why a person has to look at it first; `conversation` is then the one it may be about.
    sure: whether the reply address itself names the conversation.
    """

    conversation: Conversation | None = None
    doubt: str = ""
    sure: bool = False


class Routing:
    """Finds the conversations of mails. domain: that of our Message-IDs."""

    def __init__(self, conversations: Conversations, reply: ReplyAddress, domain: str) -> None:
        self._conversations = conversations
        self._reply = reply
        self._domain = domain.lower()

    def is_us(self, sender: str) -> bool:
        """Whether a mail comes from the address that mail to us goes to."""
        return self._reply.receives(sender)

    async def route(self, mail: Inbound) -> Route:
        """Where a person's mail goes. Raises `StoreUnavailable`."""
        found = await self.find(mail.recipients, mail.references)
        if found.conversation is not None:
            if mail.sender in known_senders(found.conversation):
                return found
            return Route(found.conversation, "it answers a case, but comes from another address")
        if self._reply.is_forged(mail.recipients):
            return Route(None, "its reply address is not one that we gave out")
        number = _NUMBER.search(mail.subject)
        if number:
            return Route(
                await self._of_number(number[0]), f"it names {number[0]} but answers no mail"
            )
        return Route()

    async def find(self, recipients: Iterable[str], references: Iterable[str]) -> Route:
        """The conversation of a reply address, else of one of our Message-IDs; the sender unseen."""
        id = self._reply.conversation(recipients)
        if id is not None:
            conversation = await self._read(id)
            if conversation is not None:
                return Route(conversation, sure=True)
        for reference in reversed(tuple(references)):
            ours = _OURS.fullmatch(reference)
            if ours and ours[2].lower() == self._domain:
                conversation = await self._of_number(ours[1].upper())
                if conversation is not None:
                    return Route(conversation)
        return Route()

    async def _of_number(self, number: str) -> Conversation | None:
        try:
            return await self._read(await self._conversations.of_number(number))
        except NotFound:
            return None

    async def _read(self, id: str) -> Conversation | None:
        try:
            return await self._conversations.read(id)
        except NotFound:
            return None


def known_senders(conversation: Conversation) -> set[str]:
    """The addresses that write in this conversation, lower case."""
    stated = conversation.case.field(CONTACT_EMAIL)
    known = {conversation.meta.get(MAIL_FROM, "")}
    if isinstance(stated.value, str) and not stated.invalid:
        known.add(stated.value.lower())
    return known - {""}
