"""A second matter that comes up while a case is being taken down. Pure."""

from __future__ import annotations

import re

from bot.case import fields as names
from bot.case.heard import Heard
from bot.case.model import Case
from bot.content import Content

SURE = 0.6
FEW_WORDS = 3
_APART = re.compile(
    r"\b(?:(?:another|separate|second|different|unrelated|other) (?:\w+ )?(?:thing|problem|issue|matter|question|fault)|"
    r"one more thing|something else|unrelated|while i'?m (?:here|at it|on)|on (?:an)?other note)\b",
    re.IGNORECASE,
)


def is_second_matter(case: Case, heard: Heard, content: Content) -> bool:
    """Whether a report is about something else than the case that is being taken down.

    That is so when it is of another category, or worded as a thing apart; more of the same trouble
    belongs to the same case.
    """
    new, old = content.problems.get(heard.problem or ""), content.problems.get(case.problem or "")
    if (
        heard.intent != "report_problem"
        or heard.clicked
        or case.filed
        or new is None
        or old is None
    ):
        return False
    if not case.field(names.DESCRIPTION).settled or heard.problem == case.problem:
        return False
    if heard.nothing and len(heard.text.split()) <= FEW_WORDS:
        return False  # "no message": there is no error, not no texts
    apart = _APART.search(heard.text) is not None
    return apart or (new.category != old.category and heard.problem_confidence >= SURE)
