"""Where case mails go: the operator's destinations, read from `data/destinations.yml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.content.files import read_file
from bot.content.records import Category, Priority, Record
from bot.errors import ContentError
from bot.mail.order import ACKNOWLEDGEMENT, CASE_MAIL, MailOrder

ADDRESS = re.compile(r"[^\s@,;<>\"()\[\]\\]+@[^\s@,;<>\"()\[\]\\]+")
# Extra headers may steer a help desk (X-Zammad-…) but not the mail itself.
_EXTRA_HEADER = re.compile(r"X-(?!Firstline-)[A-Za-z0-9-]{1,60}", re.IGNORECASE)
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{1,200}")


class Destination(Record, frozen=True):
    """One receiver of case mails.

    address: empty stands for `FIRSTLINE_CASE_MAILBOX`. categories, priorities: empty means all.
    reply_to: whom the agent's "Reply" writes to. auto_submitted: whether the mail says that a
    machine sent it (RFC 3834); some help desks discard such mail. headers: sent as they are.
    """

    address: str = ""
    categories: list[Category] = []
    priorities: list[Priority] = []
    reply_to: Literal["customer", "support"] = "customer"
    auto_submitted: bool = False
    headers: dict[str, str] = {}

    def takes(self, category: str, priority: str) -> bool:
        """Whether a case of this category and priority goes here."""
        return (not self.categories or category in self.categories) and (
            not self.priorities or priority in self.priorities
        )


@dataclass(frozen=True)
class Destinations:
    """All destinations by address; `fallback` is the address that takes what no other takes."""

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
        address = destination.address or case_mailbox
        _check(path, name, address, destination)
        if address in by_address:
            raise ContentError(f"{path}: {name}: {address} is there already. Merge the two entries")
        by_address[address] = destination
    return Destinations(by_address, case_mailbox)


def _check(path: Path, name: str, address: str, destination: Destination) -> None:
    if not ADDRESS.fullmatch(address):
        raise ContentError(f"{path}: {name}: {address!r} is not an address. Write name@host")
    for header, value in destination.headers.items():
        if not _EXTRA_HEADER.fullmatch(header):
            raise ContentError(
                f"{path}: {name}: the header {header!r} cannot be set here. Use one that begins with X-"
            )
        if not _HEADER_VALUE.fullmatch(value):
            raise ContentError(
                f"{path}: {name}: {header}: not fit for a header. Use one line of plain characters"
            )
