"""Timer `filed`: a case has been filed, or filed again; what follows is set going."""

from __future__ import annotations

from datetime import datetime

from bot.clock.parts import Parts, Ring
from bot.clock.times import to_ms
from bot.conversation.change import Change
from bot.followup.kinds import COMPLAINT, ESCALATION, FILED, PROMISE
from bot.followup.work import work_on


async def case_filed(parts: Parts, ring: Ring) -> datetime | None:
    """Sets the other timers of the case, each once."""
    work = await work_on(parts, ring)
    if work is None:
        return None
    stands, now = work.stands, to_ms(ring.at)
    planned = set(stands.meta.get("planned", "").split())
    wanted = {PROMISE} if work.said.promises.watched else set[str]()
    timers: dict[str, int | None] = {FILED: None}
    told = None
    if stands.is_complaint:
        wanted |= {COMPLAINT}
        if COMPLAINT not in planned:
            told = work.telling.customer("complaint", "received")
            timers[ESCALATION] = now
    timers |= dict.fromkeys(wanted - planned, now)
    change = Change(
        events=told.events if told else (), mails=told.mails if told else (),
        meta={"planned": " ".join(sorted(planned | wanted))}, timers=timers,
        once=f"filed:{' '.join(sorted(wanted - planned))}:{stands.case.revision}",
    )  # fmt: skip
    await parts.conversations.change(stands.conversation, change, fenced=False)
    return None
