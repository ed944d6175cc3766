"""Passing a conversation on, as changes: to the queue, back to the bot, and out of patience.

Each is a function from how things stand to a `Change`; who calls them commits it. Used by the
engine, the edge and the clock. The timers: `wait` ends a wait that has become too long, `position`
tells the customer of a better place in the queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from bot.case.fields import CONTACT_EMAIL, DESCRIPTION
from bot.case.filing import filed
from bot.case.model import Case, Field, Handover, State
from bot.case.view import customer_view
from bot.content import Content
from bot.content.handoff import Handoff
from bot.conversation.change import Change, Place
from bot.conversation.events import (
    CUSTOMER,
    MESSAGE,
    SYSTEM,
    Event,
    case_event,
    message,
    owner_event,
)
from bot.conversation.keys import BY_MAIL, WAITING, WITH_AGENT
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation
from bot.desk.figures import HANDED_OVER
from bot.handoff.people import People
from bot.mail.destinations import Destinations
from bot.mail.filing import filing_of

WAIT = "wait"
POSITION = "position"
IDLE = "idle"
STOP_WAITING = "/stop_waiting"
POSITION_EVERY = 15_000  # ms between looks at who is how far in the queue
MINUTE = 60_000
NOBODY_FREE = Handover("email", "nobody was free in time")


def to_queue(
    conversation: Conversation,
    position: int,
    reason: str,
    now: int,
    content: Content,
) -> dict[str, Any]:
    """What a turn or change adds to pass the conversation to the queue at `now` (ms since 1970).

    Whoever has waited before and comes back keeps the time from then.
    """
    since = conversation.waiting_since or now
    return {
        "owner": Owner.WAITING,
        "meta": {"waiting_since": since, "handover_reason": reason, "agent": "", "agent_name": "",
                 "scope": "", "position": position},
        "timers": {WAIT: now + content.handoff.longest_wait_minutes * MINUTE,
                   POSITION: now + POSITION_EVERY, IDLE: None},
        "place": Place(WAITING, since),
        "counts": {} if conversation.waiting_since else {HANDED_OVER: 1},
    }  # fmt: skip


def waiting_event(people: People, position: int, handoff: Handoff) -> Event:
    """The customer's place in the queue, and about how many minutes it takes."""
    minutes = people.expected_minutes(position, handoff)
    return owner_event(Owner.WAITING.value, position=position, expected_minutes=minutes)


def back_to_agent(conversation: Conversation, now: int) -> dict[str, Any]:
    """What a turn adds when the bot has got what the agent who has the conversation asked for."""
    return {
        "owner": Owner.AGENT,
        "meta": {"scope": ""},
        "timers": {WAIT: None, POSITION: None},
        "place": Place(WITH_AGENT, now),
    }


def agent_event(conversation: Conversation) -> Event:
    """The conversation is with the agent who has it."""
    return owner_event(Owner.AGENT.value, agent=conversation.agent_name)


def stopped_waiting(said: Event, client_id: str) -> Change:
    """The customer, by `said`, would rather go on with the bot, which answers it."""
    return Change(
        owner=Owner.BOT, events=[owner_event(Owner.BOT.value), said], owed=True, once=client_id,
        meta={"waiting_since": 0}, timers={WAIT: None, POSITION: None}, place=Place(""),
    )  # fmt: skip


def timed_out(
    conversation: Conversation,
    log: Sequence[Event],
    number: str,
    at: str,
    content: Content,
    destinations: Destinations,
) -> Change:
    """Nobody was free in time: the case is filed as it stands, and the bot goes on from there.

    number: the case number to take if there is none yet; at: RFC 3339.
    """
    case = as_it_stands(conversation.case, log, NOBODY_FREE)
    if case.changed or not case.filed:
        case = filed(case, number, at, confirmed=False)
    refiled = case.revision > conversation.case.revision
    filing = filing_of(conversation.id, case, log, content, destinations) if refiled else None
    events = [owner_event(Owner.BOT.value), message(SYSTEM, _timed_out_text(case, content))]
    if refiled:
        events.append(case_event(customer_view(case, content), by=SYSTEM))
    return Change(
        owner=Owner.BOT, events=events, case=case if refiled else None,
        filed=filing.document if filing else b"", mails=filing.mails if filing else (),
        meta={"waiting_since": 0}, place=Place(BY_MAIL, conversation.waiting_since),
        timers={**(filing.timers if filing else {}), WAIT: None, POSITION: None},
        counts=filing.counts if filing else {},
    )  # fmt: skip


def as_it_stands(case: Case, log: Sequence[Event], handover: Handover) -> Case:
    """The case with the customer's own words as its description, if it has none, handed to `handover`."""
    said = [it for it in log if it.type == MESSAGE and it.body["from"] == CUSTOMER
            and not it.private and "file" not in it.body]  # fmt: skip
    if case.field(DESCRIPTION).value is None and said:
        words = "\n".join(event.body["text"] for event in said)
        events = tuple(event.id for event in said)
        case = case.with_field(DESCRIPTION, Field(words, State.STATED, words, events))
    return msgspec.structs.replace(case, handover=handover)


def _timed_out_text(case: Case, content: Content) -> str:
    texts = content.handoff.texts
    email = case.field(CONTACT_EMAIL)
    reachable = email.value is not None and email.invalid is None
    text = texts.timed_out if reachable else texts.timed_out_without_copy
    answered = content.response_times[case.category].text
    return text.format(number=case.number, response_time=answered)
