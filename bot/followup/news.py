"""Timer `news`: something has changed that the customer should hear of by mail.

Whoever changes a conversation sets it a moment ahead (`news_at`), so that several changes at once
are one mail. It looks at how things stand, not at what happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock.parts import Parts, Ring
from bot.clock.times import to_ms
from bot.content.follow_up import follow_up
from bot.conversation.change import Change
from bot.conversation.events import note_event
from bot.conversation.owner import Owner
from bot.followup.kinds import COMPLAINT, ESCALATION, NEWS, PROMISE, UNANSWERED
from bot.followup.standing import Standing
from bot.followup.work import CLOCK, Work, work_on
from bot.mail.thread import MAILED
from bot.staff.audit import Audit

TOLD = "told"


@dataclass(frozen=True)
class Item:
    """A notice that is due, and which one of its name it is."""

    name: str
    which: str

    @property
    def mark(self) -> str:
        """By which it is known that it has been told."""
        return f"{self.name}:{self.which}"


def news_at(now: int) -> dict[str, int | None]:
    """The timer, for a change made at `now` (ms since 1970) that the customer should hear of."""
    return {NEWS: now + follow_up().news.after_minutes * 60_000}


async def news_due(parts: Parts, ring: Ring) -> datetime | None:
    """Tells what is new since the last time, unless the customer is in the chat just now."""
    work = await work_on(parts, ring)
    if work is None:
        return None
    stands = work.stands
    item = _item(stands)
    if item is None or stands.meta.get(TOLD) == item.mark:
        return None
    there_until = _there_until(work)
    if not stands.done and there_until is not None and ring.at < there_until:
        return there_until
    told = work.telling.customer(item.name, item.which)
    events = list(told.events)
    if item.name == "deadlock":
        events.append(note_event(CLOCK, "The deadlock letter has been sent."))
        detail = {"case": stands.case.number or "", "letter": "deadlock"}
        await Audit(parts.redis).record(CLOCK, "complaint.letter", ring.conversation, detail)
    change = Change(
        events=events, mails=told.mails, meta={TOLD: item.mark, **_marks(item)},
        timers={NEWS: None, **_timers(work, ring.at)}, once=f"news:{item.mark}",
    )  # fmt: skip
    await parts.conversations.change(stands.conversation, change, fenced=False)
    return None


def _item(stands: Standing) -> Item | None:
    resolution = stands.case.resolution
    if stands.done and resolution is not None:
        names = {"duplicate": "duplicate", "no_reply": "closed"}
        name = names.get(resolution.outcome, "resolved")
        if resolution.outcome == "not_solved" and stands.is_complaint:
            name = "deadlock"
        return Item(name, resolution.at)
    waits = stands.waits_for_customer
    if waits is not None:
        return None if MAILED in waits.private else Item("waiting_for_you", waits.id)
    if stands.conversation.owner is Owner.AGENT and not stands.answered:
        return Item("assigned", stands.conversation.agent)
    return None


def _marks(item: Item) -> dict[str, str]:
    return {COMPLAINT: TOLD} if item.name == "deadlock" else {}


def _there_until(work: Work) -> datetime | None:
    last = work.stands.last_of_customer
    return last.at + timedelta(minutes=work.said.news.quiet_minutes) if last else None


def _timers(work: Work, at: datetime) -> dict[str, int | None]:
    """What follows: nothing more when all is done, else reminders while we wait for the customer."""
    stands = work.stands
    if stands.done:
        return dict.fromkeys((PROMISE, COMPLAINT, ESCALATION, UNANSWERED))
    timers: dict[str, int | None] = {}
    if stands.is_complaint:  # its clock goes on when it has been opened again
        timers |= {COMPLAINT: to_ms(at), ESCALATION: to_ms(at)}
    waits = stands.waits_for_customer
    return timers | ({UNANSWERED: to_ms(waits.at)} if waits else {})
