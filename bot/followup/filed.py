"""Timer `filed`: a case has been filed, or filed again; what follows is set going.

A case that was done and is filed again, because the customer wrote, is promised an answer anew, and
stands in the mail queue for staff to see.
"""

from __future__ import annotations

from datetime import datetime

from bot.clock.parts import Parts, Ring
from bot.clock.times import to_ms
from bot.conversation.change import Change, Place
from bot.conversation.owner import Owner
from bot.followup.kinds import COMPLAINT, ESCALATION, FILED, PROMISE
from bot.followup.standing import OPENED_AGAIN_AT, Standing
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
    again = was_done(stands)
    timers |= dict.fromkeys(wanted if again else wanted - planned, now)
    alone = stands.conversation.owner is Owner.BOT and not stands.conversation.queue
    change = Change(
        events=told.events if told else (), mails=told.mails if told else (),
        meta={"planned": " ".join(sorted(planned | wanted)), **(anew(now) if again else {})},
        timers=timers, place=Place("mail", now) if again and alone else None,
        once=f"filed:{' '.join(sorted(wanted - planned))}:{stands.case.revision}",
    )  # fmt: skip
    await parts.conversations.change(stands.conversation, change, fenced=False)
    return None


def was_done(stands: Standing) -> bool:
    """Whether the customer has been told that the case is done, and it is no more."""
    name = stands.meta.get("told", "").partition(":")[0]
    return not stands.done and name in ("resolved", "duplicate", "closed", "deadlock")


def anew(now: int) -> dict[str, str | int]:
    """The notes of a case that is opened again at `now` (ms since 1970): an answer is due again."""
    return {OPENED_AGAIN_AT: now, "promise": "", "told": ""}
