"""What goes to a destination that is no mailbox, and what an HTTP answer means for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import httpx

from bot.case.document import CaseDocument
from bot.mail.attachments import Attachment
from bot.mail.smtp import Delivery, Outcome

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
# Not about this parcel but about how we are set up, or about now: worth another try.
SET_UP_WRONG = frozenset({401, 403, 404, 405, 407})
NOT_NOW = frozenset({408, 409, 423, 425, 429})


@dataclass(frozen=True)
class Parcel:
    """One revision of a case for one destination.

    to: the name of the destination. id: always the same for the same parcel, so that a receiver can
    tell a second one; what a Message-ID is for a mail.
    """

    to: str
    id: str
    document: CaseDocument
    files: Sequence[Attachment]


class Carrier(Protocol):
    """Takes parcels to one destination."""

    async def carry(self, parcel: Parcel) -> Delivery:
        """Hands one parcel over; failures are outcomes, never exceptions."""

    async def close(self) -> None:
        """Takes leave."""


def answered(response: httpx.Response) -> Delivery:
    """What an answer means for the parcel it answers."""
    code = response.status_code
    if response.is_success:
        return Delivery(Outcome.SENT)
    reason = f"HTTP {code}"
    if code >= 500 or code in NOT_NOW:
        return Delivery(Outcome.DEFERRED, reason)
    if response.is_redirect or code in SET_UP_WRONG:
        return Delivery(Outcome.DEFERRED, reason, alarm=True)
    return Delivery(Outcome.REFUSED, reason, alarm=True)


def failed(error: httpx.HTTPError) -> Delivery:
    """What a broken connection means: once something was sent, nobody knows."""
    never_there = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    outcome = Outcome.DEFERRED if isinstance(error, never_there) else Outcome.UNKNOWN
    return Delivery(outcome, f"{type(error).__name__}: {error}"[:300])


def client(headers: dict[str, str]) -> httpx.AsyncClient:
    """A client that goes where it is told and nowhere else."""
    return httpx.AsyncClient(
        headers={"User-Agent": "Firstline", **headers}, timeout=TIMEOUT, follow_redirects=False,
        trust_env=False,
    )  # fmt: skip
