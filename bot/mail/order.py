"""What the engine asks the courier to send: an outbox entry, made when a case is filed."""

from __future__ import annotations

import hashlib

import msgspec

from bot.conversation.change import Mail
from bot.conversation.keys import SHARD_TAGS, shard_of

CASE_MAIL = "case"
ACKNOWLEDGEMENT = "acknowledgement"
REPLY = "reply"
NOTICE = "notice"
UNFILED = "conversation"  # stands in an order's id for a case number


class MailOrder(msgspec.Struct, frozen=True):
    """One mail to one destination about one revision of a case; the payload is read when sending.

    kind: `case` (to a queue of the operator), `acknowledgement` (to the customer) or `reply` (what
    was said in the conversation, to a customer who writes mail) or `notice` (what became of the case:
    `about` is its name, a colon, and which one it is). number: empty, with revision 0,
    where a reply is about no filed case. to: the destination's address. about: tells apart several
    orders of one kind; for a reply it is what its messages are marked with (`bot.mail.thread`).
    facts: what a notice says beside the case, none of it said by the customer.
    """

    kind: str
    conversation: str
    number: str
    revision: int
    to: str
    about: str = ""
    facts: dict[str, str] = {}

    @property
    def id(self) -> str:
        """The same for the same (case, revision, destination), so that none is ordered twice."""
        apart = f":{self.conversation}:{self.about}" if self.about else ""
        destination = hashlib.sha256(f"{self.kind}:{self.to}{apart}".encode()).hexdigest()[:12]
        shard = SHARD_TAGS.index(shard_of(self.conversation))
        return f"{shard:02d}-{self.number or UNFILED}.{self.revision}.{destination}"

    def mail(self) -> Mail:
        """The outbox entry of this order."""
        return Mail(self.id, msgspec.json.encode(self))


def decode_order(data: bytes) -> MailOrder:
    """The order kept in an outbox entry."""
    return msgspec.json.decode(data, type=MailOrder)
