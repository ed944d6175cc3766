"""Timer `filed`: a case has been filed, or filed again; what follows is set going.

A case that was done and is filed again, because the customer wrote, is promised an answer anew, and
stands in the mail queue for staff to see.
"""

from __future__ import annotations

from datetime import datetime

from bot.clock.parts import Parts, Ring
from bot.clock.times import to_ms
from bot.conversation.change import Change, Place
from bot.conversation.keys import BY_MAIL
from bot.conversation.owner import Owner
from bot.followup.kinds import COMPLAINT, ESCALATION, FILED, PROMISE
from bot.followup.notices import Told
from bot.followup.standing import OPENED_AGAIN_AT, Standing
from bot.followup.surge import Surge, staff_know, surge
from bot.followup.work import Work, work_on


async def case_filed(parts: Parts, ring: Ring) -> datetime | None:
    """Sets the other timers of the case, each once."""
    work = await work_on(parts, ring)
    if work is None:
        return None
    stands, told, found = work.stands, Told(), None
    planned = set(stands.meta.get("planned", "").split())
    wanted = {COMPLAINT} if stands.is_complaint else set[str]()
    wanted |= {PROMISE} if work.said.promises.watched else set()
    if not planned:
        found = await surge(parts.redis, stands.case, ring.conversation, ring.at, work.said.surges)
    if COMPLAINT in wanted - planned:
        told += work.telling.customer("complaint", "received")
    if found is not None:
        told += _surging(parts, ring, work, found)
    change = _planned(stands, planned, wanted, told, to_ms(ring.at))
    await parts.conversations.change(stands.conversation, change, fenced=False)
    if found is not None:
        await staff_know(parts.redis, found, ring.at)
    return None


def _planned(stands: Standing, planned: set[str], wanted: set[str], told: Told, now: int) -> Change:
    """The change that sets what is wanted and not planned yet; all of it for a case opened again."""
    again = was_done(stands)
    timers: dict[str, int | None] = {FILED: None}
    timers |= dict.fromkeys(wanted if again else wanted - planned, now)
    if COMPLAINT in timers:
        timers[ESCALATION] = now
    alone = stands.conversation.owner is Owner.BOT and not stands.conversation.queue
    return Change(
        events=told.events, mails=told.mails, timers=timers,
        meta={"planned": " ".join(sorted(planned | wanted)), **(anew(now) if again else {})},
        place=Place(BY_MAIL, now) if again and alone else None,
        once=f"filed:{' '.join(sorted(wanted - planned))}:{stands.case.revision}",
    )  # fmt: skip


def _surging(parts: Parts, ring: Ring, work: Work, found: Surge) -> Told:
    """What staff are told when this report is one of many."""
    title = parts.content.problems[found.problem].title
    return work.telling.team(
        "team_surge", ring.conversation, count=str(found.count), minutes=str(work.said.surges.minutes),
        proposal=found.proposal(ring.at, title),
    )  # fmt: skip


def was_done(stands: Standing) -> bool:
    """Whether the customer has been told that the case is done, and it is no more."""
    name = stands.meta.get("told", "").partition(":")[0]
    return not stands.done and name in ("resolved", "duplicate", "closed", "deadlock")


def anew(now: int) -> dict[str, str | int]:
    """The notes of a case that is opened again at `now` (ms since 1970): an answer is due again."""
    return {OPENED_AGAIN_AT: now, "promise": "", "told": ""}
