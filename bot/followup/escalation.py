"""Timer `escalation`: a case that does not go well rises to the next tier, and everybody is told.

Which tier, when and why is data (`data/escalation.yml`). A case only rises.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock.parts import Parts, Ring
from bot.clock.times import from_ms, to_ms
from bot.content import Content
from bot.content.follow_up import Escalation, Step
from bot.conversation.change import Change, Mail
from bot.conversation.events import Event, note_event
from bot.followup.kinds import ESCALATION
from bot.followup.standing import Standing
from bot.followup.work import CLOCK, Work, work_on
from bot.staff.audit import Audit

TIER = "tier"
NOT_SOLVED_AT = "not_solved_at"


@dataclass(frozen=True)
class Risen:
    """What a change carries when a case rises: for staff only."""

    events: Sequence[Event]
    mails: Sequence[Mail]
    meta: Mapping[str, str]


async def escalation_due(parts: Parts, ring: Ring) -> datetime | None:
    """Takes the highest step that is due, and says when the next one is."""
    work = await work_on(parts, ring)
    if work is None:
        return None
    stands, ladder = work.stands, work.said.escalation
    ahead = steps_ahead(stands, ladder, parts.content)
    due = [step for at, step in ahead if at <= ring.at]
    if not due:
        return min((at for at, _ in ahead), default=None)
    step = max(due, key=lambda step: ladder.rank(step.to))
    later = [at for at, it in ahead if ladder.rank(it.to) > ladder.rank(step.to)]
    told = work.telling.customer(
        "escalated", step.to, tier=ladder.tiers[step.to].title, reason=step.reason
    )
    risen = rise(work, step)
    await record(parts, work, step)
    change = Change(
        events=[*told.events, *risen.events], mails=[*told.mails, *risen.mails], meta=risen.meta,
        timers={ESCALATION: to_ms(min(later)) if later else None}, once=f"escalated:{step.to}",
    )  # fmt: skip
    await parts.conversations.change(stands.conversation, change, fenced=False)
    return None


def steps_ahead(
    stands: Standing, ladder: Escalation, content: Content
) -> list[tuple[datetime, Step]]:
    """The steps that would raise this case as it stands, and when each is due."""
    began = _began(stands)
    rank = ladder.rank(stands.meta.get(TIER, ""))
    ahead = []
    for step in ladder.steps:
        start = began.get(step.when)
        if start is None or ladder.rank(step.to) <= rank:
            continue
        due = (
            content.hours.due(start, step.after_business_hours)
            if step.after_business_hours
            else start
        )
        if due is not None:
            ahead.append((due + timedelta(days=step.after_days), step))
    return ahead


def _began(stands: Standing) -> dict[str, datetime]:
    """Since when each trigger holds; without those that do not."""
    began: dict[str, datetime] = {}
    if stands.done:
        return began
    if (
        stands.promised is not None
        and not stands.answered
        and stands.meta.get("promise") == "missed"
    ):
        began["unanswered"] = stands.promised
    if stands.meta.get(NOT_SOLVED_AT):
        began["not_solved"] = from_ms(int(stands.meta[NOT_SOLVED_AT]))
    if stands.is_complaint:
        began["complaint"] = stands.received
    return began


def rise(work: Work, step: Step) -> Risen:
    """The tier is written to, and staff read in the log why."""
    tier = work.said.escalation.tiers[step.to]
    told = work.telling.team(
        "team_escalated", step.to, tier.address, tier=tier.title, reason=step.reason
    )
    note = note_event(CLOCK, f"Escalated to the {tier.title}. {step.reason}", tier=step.to)
    return Risen([note], told.mails, {TIER: step.to})


async def record(parts: Parts, work: Work, step: Step) -> None:
    """The step in the audit log; before the step itself, so that none is without an entry."""
    detail = {"case": work.stands.case.number or "", "to": step.to, "reason": step.reason}
    await Audit(parts.redis).record(CLOCK, "case.escalate", work.stands.conversation.id, detail)
