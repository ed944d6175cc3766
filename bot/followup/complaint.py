"""Timer `complaint`: the weeks after which an unsettled complaint may go to the dispute scheme.

They count from when it was received, which nothing changes. In the United Kingdom they are six
(Ofcom, General Condition C4, from 8 April 2026).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock.parts import Parts, Ring
from bot.clock.times import to_ms
from bot.conversation.change import Change
from bot.conversation.events import note_event
from bot.followup.kinds import COMPLAINT
from bot.followup.work import CLOCK, work_on
from bot.staff.audit import Audit

WARNED = "warned"
TOLD = "told"


async def complaint_due(parts: Parts, ring: Ring) -> datetime | None:
    """Warns staff, then tells the customer of the right to go to the scheme."""
    work = await work_on(parts, ring)
    if work is None or not work.stands.is_complaint or work.stands.done:
        return None
    stands, rules = work.stands, work.said.complaints
    state = stands.meta.get("complaint", "")
    deadline = stands.received + timedelta(weeks=rules.weeks)
    warn = deadline - timedelta(days=rules.warn_before_days)
    if state == TOLD:
        return None
    if ring.at < warn:
        return warn
    if ring.at < deadline:
        if state != WARNED:
            told = work.telling.team("team_complaint_due", "1")
            change = Change(mails=told.mails, meta={"complaint": WARNED},
                            timers={COMPLAINT: to_ms(deadline)}, once="complaint:warned")  # fmt: skip
            await parts.conversations.change(stands.conversation, change, fenced=False)
        return deadline
    told = work.telling.customer("six_weeks", "1") + work.telling.team("team_six_weeks", "1")
    note = note_event(CLOCK, f"{rules.weeks} weeks: the customer may go to {rules.scheme}.")
    detail = {"case": stands.case.number or "", "letter": "six_weeks"}
    await Audit(parts.redis).record(CLOCK, "complaint.letter", ring.conversation, detail)
    change = Change(events=[*told.events, note], mails=told.mails, meta={"complaint": TOLD},
                    timers={COMPLAINT: None}, once="complaint:told")  # fmt: skip
    await parts.conversations.change(stands.conversation, change, fenced=False)
    return None
