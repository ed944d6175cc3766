"""The subject line of a case: short, routable, nothing in it the customer can shout with."""

from __future__ import annotations

import re

from bot.case import account_number
from bot.case.fields import ACCOUNT_NUMBER, DEVICE
from bot.case.model import Case
from bot.content import Content

LONGEST = 78  # RFC 5322 section 2.1.1
DASH = " – "
_SHOUTS = re.compile(
    r"\b(?:urgent(?:ly)?|asap|emergency|immediately|important)\b[:,]?|!", re.IGNORECASE
)


def subject_line(case: Case, content: Content) -> str:
    """`[FL-7K3M2Q] Technical – No mobile data – Apple iPhone 14 – account ••4821`.

    At most 78 characters: the device is shortened first, then the problem; the case number and the
    end of the account number always stand.
    """
    head = f"[{case.number}] " if case.number else ""
    category = case.category.capitalize()
    problem = _plain(problem_in_words(case, content))
    device = _calm(_plain(_text(case, DEVICE)))
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
    field = case.field(name)
    return field.value if isinstance(field.value, str) and field.invalid is None else ""


def _plain(text: str) -> str:
    """`text` on one line: whatever cannot be printed, or would turn the line round, is a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _calm(text: str) -> str:
    return " ".join(_SHOUTS.sub(" ", text).split())


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"
