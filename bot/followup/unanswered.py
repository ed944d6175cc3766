"""Timer `unanswered`: we wait for the customer, who is reminded, until the case is closed."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from bot.case.filing import rfc3339
from bot.case.model import Resolution
from bot.case.view import customer_view
from bot.clock.parts import Parts, Ring
from bot.clock.times import to_ms
from bot.conversation.change import Change, Place
from bot.conversation.events import SYSTEM, case_event, owner_event
from bot.conversation.owner import Owner
from bot.errors import NotOwner
from bot.followup.kinds import ESCALATION, PROMISE, UNANSWERED
from bot.followup.work import Work, work_on
from bot.handoff.passing import IDLE

REMINDED = "reminded"


async def unanswered_due(parts: Parts, ring: Ring) -> datetime | None:
    """Reminds, or closes; nothing when the customer or somebody else has spoken since."""
    work = await work_on(parts, ring)
    waits = work.stands.waits_for_customer if work else None
    if work is None or waits is None:
        return None
    rules = work.said.unanswered
    if ring.at >= waits.at + timedelta(days=rules.close_after_days):
        return await _close(parts, ring, work)
    about, _, count = work.stands.meta.get(REMINDED, "").partition(" ")
    reminded = int(count) if about == waits.id else 0
    plan = [waits.at + timedelta(days=days) for days in sorted(rules.remind_after_days)]
    due = len([at for at in plan if at <= ring.at])
    later = [*plan[max(due, reminded) :], waits.at + timedelta(days=rules.close_after_days)]
    if due <= reminded:
        return later[0]
    told = work.telling.customer("reminder", f"{waits.id}.{due}")
    change = Change(
        mails=told.mails, events=told.events, meta={REMINDED: f"{waits.id} {due}"},
        timers={UNANSWERED: to_ms(later[0])}, once=f"reminded:{waits.id}:{due}",
    )  # fmt: skip
    await parts.conversations.change(work.stands.conversation, change, fenced=False)
    return None


async def _close(parts: Parts, ring: Ring, work: Work) -> datetime | None:
    """Closes the case for want of an answer; a reply opens it again."""
    stands = work.stands
    at = rfc3339(ring.at)
    case = msgspec.structs.replace(stands.case, resolution=Resolution("no_reply", at))
    told = work.telling.customer("closed", at)
    closed = stands.conversation.owner is Owner.CLOSED
    events = [*told.events, case_event(customer_view(case, parts.content), by=SYSTEM)]
    change = Change(
        owner=None if closed else Owner.CLOSED, case=case, mails=told.mails,
        events=events if closed else [*events, owner_event(Owner.CLOSED.value)],
        meta={"agent": "", "agent_name": "", "scope": "", "waiting_since": 0,
              "told": f"closed:{at}"},
        timers=dict.fromkeys((UNANSWERED, PROMISE, ESCALATION, IDLE)), place=Place(""),
    )  # fmt: skip
    try:
        await parts.conversations.change(stands.conversation, change)
    except NotOwner:
        return ring.at + timedelta(minutes=1)
    return None
