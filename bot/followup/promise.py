"""Timer `promise`: an answer has been promised; staff are warned before it is late, and the customer
is told when it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock.parts import Parts, Ring
from bot.clock.times import to_ms
from bot.conversation.change import Change
from bot.followup.escalation import TIER, Risen, record, rise
from bot.followup.kinds import ESCALATION, PROMISE
from bot.followup.work import Work, work_on

WARNED = "warned"
MISSED = "missed"


async def promise_due(parts: Parts, ring: Ring) -> datetime | None:
    """Warns, then tells; nothing when a person has answered."""
    work = await work_on(parts, ring)
    if work is None or work.stands.promised is None:
        return None
    stands, due = work.stands, work.stands.promised
    state = stands.meta.get("promise", "")
    if stands.answered or stands.done or state == MISSED:
        return None
    if ring.at >= due:
        await _missed(parts, ring, work)
        return None
    warn = due - timedelta(minutes=work.said.promises.warn_before_minutes)
    if ring.at < warn:
        return warn
    if state != WARNED:
        told = work.telling.team("team_promise_soon", _which(work))
        change = Change(mails=told.mails, meta={"promise": WARNED}, timers={PROMISE: to_ms(due)},
                        once=f"promise:warned:{_which(work)}")  # fmt: skip
        await parts.conversations.change(stands.conversation, change, fenced=False)
    return due


async def _missed(parts: Parts, ring: Ring, work: Work) -> None:
    """The customer reads that we are late, and who has the case now."""
    step = work.said.escalation.at_once("unanswered")
    assert step is not None  # checked when the file is read
    ladder = work.said.escalation
    now = work.stands.meta.get(TIER, "")
    rises = ladder.rank(step.to) > ladder.rank(now)
    tier = ladder.tiers[step.to if rises else now]
    told = work.telling.customer("promise_missed", _which(work), tier=tier.title)
    risen = rise(work, step) if rises else Risen((), (), {})
    if rises:
        await record(parts, work, step)
    change = Change(
        events=[*told.events, *risen.events], mails=[*told.mails, *risen.mails],
        meta={"promise": MISSED, **risen.meta},
        timers={PROMISE: None, ESCALATION: to_ms(ring.at)}, once=f"promise:missed:{_which(work)}",
    )  # fmt: skip
    await parts.conversations.change(work.stands.conversation, change, fenced=False)


def _which(work: Work) -> str:
    """Tells the promises of a case apart that was opened again."""
    return str(to_ms(work.stands.since))
