"""Where case mails go: the operator's destinations, read from `data/destinations.yml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bot.content.files import read_file
from bot.content.records import Category, Priority, Record
from bot.errors import ContentError
from bot.mail.order import ACKNOWLEDGEMENT, CASE_MAIL, MailOrder

ADDRESS = re.compile(r"[^\s@,;<>\"()\[\]\\]+@[^\s@,;<>\"()\[\]\\]+")
# Extra headers may steer a help desk (X-Zammad-…) but not the mail itself.
_EXTRA_HEADER = re.compile(r"X-(?!Firstline-)[A-Za-z0-9-]{1,60}", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{1,200}")


class Destination(Record, frozen=True):
    """One receiver of cases: by mail, by a signed webhook, or by the API of a Zammad help desk.

    address: empty stands for `FIRSTLINE_CASE_MAILBOX`. categories, priorities: empty means all.
    reply_to: whom the agent's "Reply" writes to. auto_submitted: whether the mail says that a
    machine sent it (RFC 3834); some help desks discard such mail. headers: sent as they are.
    webhook, zammad: where the case goes instead of an address; group: Zammad's group for it.
    """

    address: str = ""
    webhook: str = ""
    zammad: str = ""
    group: str = "Users"
    categories: list[Category] = []
    priorities: list[Priority] = []
    reply_to: Literal["customer", "support"] = "customer"
    auto_submitted: bool = False
    headers: dict[str, str] = {}

    @property
    def is_mail(self) -> bool:
        """Whether the case goes there by mail."""
        return not (self.webhook or self.zammad)

    def takes(self, category: str, priority: str) -> bool:
        """Whether a case of this category and priority goes here."""
        return (not self.categories or category in self.categories) and (
            not self.priorities or priority in self.priorities
        )


@dataclass(frozen=True)
class Destinations:
    """All destinations by address, or by name where they have none, which no address can be.

    fallback: the address that takes what no other takes.
    """

    by_address: Mapping[str, Destination]
    fallback: str

    def of(self, address: str) -> Destination:
        """What is configured for this address; the defaults for one that is configured no more."""
        return self.by_address.get(address, Destination(address=address))

    def addresses(self, category: str, priority: str) -> Sequence[str]:
        """Where a case of this category and priority goes: never nowhere, nowhere twice."""
        fitting = [a for a, d in self.by_address.items() if d.takes(category, priority)]
        return fitting or [self.fallback]

    def orders(
        self, conversation: str, number: str, revision: int, category: str, priority: str,
        customer: str | None,
    ) -> list[MailOrder]:  # fmt: skip
        """The mails due when a revision is filed: one a destination, one to `customer` if known."""
        orders = [MailOrder(CASE_MAIL, conversation, number, revision, address)
                  for address in self.addresses(category, priority)]  # fmt: skip
        if customer:
            orders.append(MailOrder(ACKNOWLEDGEMENT, conversation, number, revision, customer))
        return orders


def load_destinations(path: Path, case_mailbox: str) -> Destinations:
    """Reads and checks the destinations. Raises `ContentError`, naming file, key and fix."""
    by_address: dict[str, Destination] = {}
    for name, destination in read_file(path, dict[str, Destination]).items():
        to = (destination.address or case_mailbox) if destination.is_mail else name
        _check(path, name, to, destination)
        if to in by_address:
            raise ContentError(f"{path}: {name}: {to} is there already. Merge the two entries")
        by_address[to] = destination
    return Destinations(by_address, case_mailbox)


def _check(path: Path, name: str, to: str, destination: Destination) -> None:
    if destination.is_mail and not ADDRESS.fullmatch(to):
        raise ContentError(f"{path}: {name}: {to!r} is not an address. Write name@host")
    if not destination.is_mail:
        _check_elsewhere(path, name, destination)
    for header, value in destination.headers.items():
        if not _EXTRA_HEADER.fullmatch(header):
            raise ContentError(
                f"{path}: {name}: the header {header!r} cannot be set here. Use one that begins with X-"
            )
        if not _HEADER_VALUE.fullmatch(value):
            raise ContentError(
                f"{path}: {name}: {header}: not fit for a header. Use one line of plain characters"
            )


def _check_elsewhere(path: Path, name: str, destination: Destination) -> None:
    given = [it for it in (destination.address, destination.webhook, destination.zammad) if it]
    if len(given) > 1:
        raise ContentError(
            f"{path}: {name}: address, webhook and zammad exclude each other. Make an entry for each"
        )
    if not _NAME.fullmatch(name):
        raise ContentError(f"{path}: {name!r}: not fit for a name. Use letters, digits, - and _")
    parts = urlsplit(given[0])
    if not parts.hostname or (parts.scheme != "https" and parts.hostname not in LOOPBACK):
        raise ContentError(
            f"{path}: {name}: {given[0]!r} cannot be used. Write an address that begins with https://"
        )
