"""Showing a whole account number to a member of staff, who is noted for it."""

from __future__ import annotations

from bot.case.fields import ACCOUNT_NUMBER
from bot.case.model import Case
from bot.errors import NotFound
from bot.staff.audit import Audit
from bot.staff.roles import Staff

REVEAL = "account_number.reveal"


async def reveal_account_number(audit: Audit, staff: Staff, conversation: str, case: Case) -> str:
    """The account number of the conversation's case, after the audit log has who asked.

    Raises `NotFound` when the case has none, and whatever keeps the entry from being written:
    without an entry nothing is shown.
    """
    number = case.field(ACCOUNT_NUMBER).value
    if not isinstance(number, str) or not number:
        raise NotFound("this case has no account number")
    await audit.record(staff.id, REVEAL, conversation)
    return number
