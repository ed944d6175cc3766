"""An agent ends the chat and the case stays: passed on to the team by mail, or put on record. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.case.fields import CONTACT_EMAIL
from bot.case.filing import filed
from bot.case.model import Case, Handover
from bot.case.view import customer_view
from bot.content import Content
from bot.conversation.change import Change, Place
from bot.conversation.events import (
    AGENT,
    CASE,
    SYSTEM,
    Event,
    case_event,
    in_utc,
    message,
    owner_event,
)
from bot.conversation.keys import BY_MAIL
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation
from bot.desk.moves import OVER
from bot.followup.kinds import NEWS
from bot.handoff.passing import IDLE, as_it_stands
from bot.mail.destinations import Destinations
from bot.mail.filing import Filing, filing_of

PASSED_ON = Handover("email", "an agent passed it on to the team")


@dataclass(frozen=True)
class Record:
    """What filing needs besides the conversation: its whole log, and the number to take if it has none."""

    log: Sequence[Event]
    number: str
    content: Content
    destinations: Destinations

    def filing(self, conversation: str, case: Case) -> Filing:
        """What goes with `case`, which has its number and revision."""
        return filing_of(conversation, case, self.log, self.content, self.destinations)


def pass_on(conversation: Conversation, record: Record, now: int) -> Change:
    """The case goes to the team by mail as it stands, and the bot has the conversation again."""
    case = as_it_stands(conversation.case, record.log, PASSED_ON)
    refiled = case.changed or not case.filed
    if refiled:
        case = filed(case, record.number, in_utc(now), confirmed=case.confirmed_by_customer)
    text = _told(case, conversation.agent_name, record.content)
    events = [owner_event(Owner.BOT.value), message(SYSTEM, text)]
    events.append(case_event(customer_view(case, record.content), by=AGENT))
    change = Change(
        owner=Owner.BOT, case=case, meta=OVER, timers={IDLE: None}, place=Place(BY_MAIL, now),
        events=[Event(it.type, it.body, {**it.private, "staff": conversation.agent}) for it in events],
    )  # fmt: skip
    if not refiled:
        return change
    filing = record.filing(conversation.id, case)
    return replace(
        change, filed=filing.document, mails=filing.mails, counts=filing.counts,
        timers={**filing.timers, IDLE: None},
    )  # fmt: skip


def put_on_record(conversation: Conversation, record: Record, change: Change, now: int) -> Change:
    """`change`, which ends the conversation, with its case filed if it never was.

    It gets a number, is found among the cases of its account and counts in the figures; nobody is
    sent a mail, for in the chat all has been said.
    """
    ended = change.case
    if ended is None or ended.filed or not record.log:
        return change
    case = as_it_stands(ended, record.log, ended.handover or PASSED_ON)
    if not case.begun:
        return change
    case = filed(case, record.number, in_utc(now), confirmed=case.confirmed_by_customer)
    filing = record.filing(conversation.id, case)
    shown = customer_view(case, record.content)
    events = [
        Event(it.type, {"case": shown}, it.private) if it.type == CASE else it
        for it in change.events
    ]
    in_chat = conversation.channel == "widget"
    return replace(
        change, case=case, filed=filing.document, events=events,
        counts={**change.counts, **filing.counts},
        timers={**change.timers, NEWS: None} if in_chat else change.timers,
    )  # fmt: skip


def _told(case: Case, agent: str, content: Content) -> str:
    texts = content.handoff.texts
    email = case.field(CONTACT_EMAIL)
    reachable = email.value is not None and email.invalid is None
    text = texts.passed_on if reachable else texts.passed_on_without_copy
    answered = content.response_times[case.category].text
    return text.format(agent=agent, number=case.number, response_time=answered)
