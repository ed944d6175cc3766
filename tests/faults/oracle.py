"""The oracle: what customers were promised, against the log, the mailbox and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path
from typing import NamedTuple

from tests.faults.customer import PATIENCE, PAUSE, Customer, Ledger

MAILS_PER_CASE = 2  # to the queue and to the customer
STALL = 20.0  # seconds; whoever waits longer for an answer counts as stalled


class Mail(NamedTuple):
    """A mail that came; `follows` an earlier one unless it is among the first of its case."""

    case: str
    revision: str
    to: str
    subject: str
    message_id: str
    follows: bool

    @property
    def about(self) -> tuple[str, ...]:
        """What there may be one of: the subject tells a case from a notice about it."""
        return self.case, self.revision, self.to, self.subject


@dataclass(frozen=True)
class Figures:
    """What a fault did: how often it was `tried`, and what was lost, doubled or late.

    lost: acknowledged messages that are not in the log, and cases of which a mail never came.
    duplicated: mails that came once more. stalled: answers that took longer than `STALL`.
    longest: seconds that the slowest answer took. Both are None where nobody measured it.
    """

    tried: int
    acknowledged: int
    filed: int
    lost: int
    duplicated: int
    stalled: int | None
    longest: float | None


async def settle(
    tried: int,
    mailbox: Path,
    ledger: Ledger,
    customers: Sequence[Customer],
    note: Callable[[str, object], None],
) -> None:
    """Checks every promise of the ledger and notes the figures.

    What was acknowledged is in the log once and answered once; each filed case has come by mail
    to everybody, under one Message-ID each.
    """
    figures = await _figures(tried, mailbox, ledger, customers)
    for name, value in asdict(figures).items():
        if value is not None:
            note(name, value)
    assert figures.lost == 0
    assert set(ledger.filed) <= set(ledger.acknowledged)
    for customer in customers:
        await _log_is_whole(customer, ledger)
    one_message_id_each(mailbox)


async def _figures(
    tried: int, mailbox: Path, ledger: Ledger, customers: Sequence[Customer]
) -> Figures:
    missing = await _never_come(set(ledger.filed.values()), mailbox)
    unlogged = 0
    for customer in customers:
        kept = {event["id"] for event in (await customer.events())["events"]}
        unlogged += len(set(ledger.acknowledged[customer.id]) - kept)
    times = Counter(mail.about for mail in delivered(mailbox))
    return Figures(
        tried=tried,
        acknowledged=ledger.count,
        filed=len(ledger.filed),
        lost=unlogged + len(missing),
        duplicated=sum(times.values()) - len(times),
        stalled=sum(seconds > STALL for seconds in ledger.waits) if ledger.waits else None,
        longest=round(max(ledger.waits), 1) if ledger.waits else None,
    )


async def _never_come(numbers: set[str], mailbox: Path) -> set[str]:
    """The cases of which, after all patience, not every mail has come."""
    until = time.monotonic() + PATIENCE
    while (missing := _lacking(numbers, mailbox)) and time.monotonic() < until:
        await asyncio.sleep(PAUSE)
    return missing


def _lacking(numbers: set[str], mailbox: Path) -> set[str]:
    come = Counter(case for case, to in {
        (mail.case, mail.to) for mail in delivered(mailbox) if not mail.follows
    })  # fmt: skip
    return {number for number in numbers if come[number] < MAILS_PER_CASE}


async def _log_is_whole(customer: Customer, ledger: Ledger) -> None:
    events = (await customer.events())["events"]
    said = [event["id"] for event in events if event.get("from") == "customer"]
    acknowledged = dict(
        sorted(ledger.acknowledged[customer.id].items(), key=lambda it: place(it[0]))
    )
    assert said == list(acknowledged)
    assert [event["text"] for event in events if event["id"] in said] == list(acknowledged.values())
    assert [event["answers"] for event in events if event["type"] == "turn"] == said
    numbers = {event["case"]["case"] for event in events if event["type"] == "case"} - {None}
    filed = ledger.filed.get(customer.id)
    assert numbers == ({filed} if filed else set())
    revisions = [event["case"]["revision"] for event in events if event["type"] == "case"]
    assert max(revisions, default=0) == (1 if filed else 0)


def place(event: str) -> tuple[int, ...]:
    """Where in the log an event stands: messages sent at once are acknowledged in any order."""
    return tuple(map(int, event.split("-")))


def delivered(mailbox: Path) -> Iterator[Mail]:
    """Every mail in the mailbox."""
    parser = BytesHeaderParser(policy=default)
    for path in [*(mailbox / "new").glob("*"), *(mailbox / "cur").glob("*")]:
        mail = parser.parsebytes(path.read_bytes())
        about = (mail["X-Firstline-Case"], mail["X-Firstline-Revision"], mail["Delivered-To"])
        yield Mail(*about, mail["Subject"], mail["Message-ID"], bool(mail["In-Reply-To"]))


def one_message_id_each(mailbox: Path) -> None:
    """Asserts that no mail came under two Message-IDs, and no two under one."""
    ids: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for mail in delivered(mailbox):
        ids[mail.about].add(mail.message_id)
    assert [about for about, found in ids.items() if len(found) != 1] == []
    assert len({id for found in ids.values() for id in found}) == len(ids)
