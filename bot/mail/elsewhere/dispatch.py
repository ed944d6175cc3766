"""Decides for each order whether it is written as a mail or goes elsewhere, and hands it over there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from bot.case.document import decode_document
from bot.conversation.store import Conversations
from bot.errors import SettingError
from bot.mail import smtp
from bot.mail.attachments import read_attachments
from bot.mail.compose import Composer
from bot.mail.destinations import Destination, Destinations
from bot.mail.elsewhere.parcel import Carrier, Parcel
from bot.mail.elsewhere.webhook import Webhook
from bot.mail.elsewhere.zammad import Zammad
from bot.mail.order import CASE_MAIL, MailOrder
from bot.mail.render import case_text
from bot.mail.sheet import Wording
from bot.mail.smtp import Delivery, Envelope, Outcome

SECRETS = "FIRSTLINE_DESTINATION_SECRETS"
NOT_TOLD = Delivery(Outcome.SENT)  # mails about a case, other than the case, are for people to read


class Dispatch:
    """Writes and hands over what is in the outbox, whatever way it goes.

    carriers: by the name of the destination. state_dir: where the customers' files are.
    """

    def __init__(
        self, conversations: Conversations, composer: Composer, post: smtp.Post,
        carriers: Mapping[str, Carrier], state_dir: Path,
    ) -> None:  # fmt: skip
        self._conversations = conversations
        self._composer = composer
        self._post = post
        self._carriers = carriers
        self._state_dir = state_dir

    async def write(self, order: MailOrder, id: str) -> Envelope | Parcel | None:
        """What `order` asks for; None where there is nothing to be handed over.

        Raises as `Composer.compose`.
        """
        if "@" in order.to:
            return await self._composer.compose(order, id)
        if order.kind != CASE_MAIL:
            return None
        stored = await self._conversations.filed_document(order.number, order.revision)
        document = decode_document(stored)
        files = await asyncio.to_thread(
            read_attachments, self._state_dir, order.conversation, document.files
        )
        return Parcel(order.to, id.strip("<>"), document, files)

    async def hand_over(self, written: Envelope | Parcel | None) -> Delivery:
        """Hands over what `write` has written; failures are outcomes, never exceptions."""
        if written is None:
            return NOT_TOLD
        if isinstance(written, Envelope):
            return await self._post.send(written)
        carrier = self._carriers.get(written.to)
        if carrier is None:
            reason = f"no destination is called {written.to!r} any more"
            return Delivery(Outcome.DEFERRED, reason, alarm=True)
        return await carrier.carry(written)

    async def close(self) -> None:
        """Takes leave of all servers."""
        await self._post.close()
        for carrier in self._carriers.values():
            await carrier.close()


def carriers(
    destinations: Destinations, secrets: Mapping[str, str], words: Wording, nobody: str
) -> dict[str, Carrier]:
    """The carriers of all destinations that are no mailbox. Raises `SettingError`.

    nobody: the address that stands for a customer without one.
    """
    return {
        name: _carrier(name, destination, secrets, words, nobody)
        for name, destination in destinations.by_address.items()
        if not destination.is_mail
    }


def _carrier(
    name: str, destination: Destination, secrets: Mapping[str, str], words: Wording, nobody: str
) -> Carrier:
    secret = secrets.get(name)
    if not secret:
        raise SettingError(SECRETS, f"the destination {name!r} has no secret", f"Add {name}=…")
    if destination.webhook:
        return Webhook(destination.webhook, secret)

    def body(parcel: Parcel) -> str:
        return case_text(parcel.document, parcel.files, words)

    return Zammad(destination.zammad, secret, destination.group, nobody, body)


def read_secrets(setting: str) -> dict[str, str]:
    """The secrets by destination, of `name=secret` separated by spaces. Raises `SettingError`."""
    pairs = [pair.partition("=") for pair in setting.split()]
    if not all(name and secret for name, _, secret in pairs):
        raise SettingError(SECRETS, "not all of it can be read",
                           "Write name=secret for each, with spaces in between")  # fmt: skip
    return {name: secret for name, _, secret in pairs}
