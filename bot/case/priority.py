"""How urgent a case is, computed from what it says and never from how loudly."""

from __future__ import annotations

import msgspec

from bot.case.fields import DESCRIPTION
from bot.case.model import Case
from bot.content import Content

LEVELS = ("P1", "P2", "P3", "P4")
USUAL = "P3"


class Priority(msgspec.Struct, frozen=True):
    """P1 (most urgent) to P4, with the reasons in words."""

    level: str
    reasons: tuple[str, ...]


def priority(case: Case, content: Content) -> Priority:
    """The priority of `case` under the operator's rules."""
    problem = content.problems.get(case.problem or "")
    level: str = USUAL
    reasons = ["no known kind of problem: the usual priority"]
    if problem is not None:
        level, reasons = problem.priority, [f"{problem.title}: usually {problem.priority}"]
    if case.category == "complaint":
        level = _raised_to("P2", level)
        reasons.append("a complaint, on the clock of the dispute rules")
    said = case.field(DESCRIPTION).value
    for trigger in content.handoff.triggers:
        if trigger.at_once and isinstance(said, str) and trigger.named_in(said):
            level = _raised_to("P1", level)
            reasons.append(trigger.reason)
    if case.incident:
        reasons.append(f"part of the known incident {case.incident}")
    return Priority(level, tuple(reasons))


def _raised_to(wanted: str, level: str) -> str:
    return min(wanted, level, key=LEVELS.index)
