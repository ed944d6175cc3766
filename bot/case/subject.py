"""The subject line of a case: short, routable, nothing in it the customer can shout with."""

from __future__ import annotations

import re

from bot.case import account_number
from bot.case.fields import ACCOUNT_NUMBER, DEVICE
from bot.case.model import Case
from bot.content import Content

LONGEST = 78  # RFC 5322 section 2.1.1
DASH = " – "


def subject_line(case: Case, content: Content) -> str:
    """`[FL-7K3M2Q] Technical – No mobile data – Apple iPhone 14 – account ••4821`.

    At most 78 characters: the device is shortened first, then the problem; the case number and the
    end of the account number always stand.
    """
    head = f"[{case.number}] " if case.number else ""
    category = case.category.capitalize()
    problem = _plain(problem_in_words(case, content))
    device = _plain(_text(case, DEVICE))
    account = _plain(_text(case, ACCOUNT_NUMBER))
    tail = f"account {account_number.masked(account)}" if account else ""
    room = LONGEST - len(head) - len(category) - len(DASH) - (len(DASH) + len(tail) if tail else 0)
    problem = _cut(problem, room)
    room -= len(problem) + len(DASH)
    device = _cut(device, room) if room >= 4 else ""
    return head + DASH.join(part for part in (category, problem, device, tail) if part)


def problem_in_words(case: Case, content: Content) -> str:
    """What the kind of problem is called; a general word when the kind is not known."""
    problem = content.problems.get(case.problem or "")
    return problem.title if problem else "Other request"


def _text(case: Case, name: str) -> str:
    value = case.field(name).value
    return value if isinstance(value, str) else ""


def _plain(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"
