"""From an event of the log to a turn ready to be committed, and back to what the log will hold."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.case.filing import rfc3339
from bot.case.view import customer_view
from bot.content import Content
from bot.conversation.change import Place, Turn
from bot.conversation.events import (
    BOT,
    CASE,
    OWNER,
    Choice,
    Event,
    bot_message,
    case_event,
    turn_event,
)
from bot.conversation.keys import BY_MAIL
from bot.conversation.store import Conversation
from bot.desk.figures import SELF_SOLVED
from bot.engine.dialogue import Incoming, Outcome, Said
from bot.handoff.passing import agent_event, back_to_agent, to_queue, waiting_event
from bot.handoff.people import People
from bot.mail.destinations import Destinations
from bot.mail.filing import Filing, filing_of
from bot.mail.thread import mail_facts, mail_note, reply_order, sent_by_mail

CHOICE_BYTES = 9


def incoming(event: Event, number: str) -> Incoming:
    """What the customer did in `event`, with the case number that a filing would take."""
    at = rfc3339(event.at)
    facts = {"event": event.id, "at": at, "number": number, **mail_facts(event)}
    if event.type == OWNER:
        asked = {"asks": event.private["asks"], "said": event.private["said"], "clicked": True}
        return Incoming("", "/fields_requested", facts | asked)
    if event.type == CASE:
        return Incoming(
            "", "/case_edited", facts | {"edit": event.private["edit"], "clicked": True}
        )
    file = event.body.get("file")
    if file:
        return Incoming(file["name"], "/file_sent", facts | {"file": file["file"], "clicked": True})
    payload = event.private.get("payload", "")
    return Incoming(event.body["text"], payload, facts | {"clicked": bool(payload)})


def turn_of(
    conversation: Conversation,
    answered: Event,
    outcome: Outcome,
    log: Sequence[Event],
    content: Content,
    destinations: Destinations,
) -> Turn:
    """The turn that answers `answered`; `log` is the whole log when the case is filed by it."""
    events, choices = _spoken(outcome.said)
    note = mail_note(answered)
    if note is not None:
        events = [sent_by_mail(event, answered.id) for event in events]
    by_mail = bool(events) and note is not None
    case = outcome.case if outcome.case != conversation.case else None
    if case is not None:
        events.append(case_event(customer_view(case, content), by=BOT))
    events.append(turn_event(answered.id, outcome.thought))
    filing = None
    if case is not None and case.revision > conversation.case.revision:
        filing = filing_of(
            conversation.id, case, log, content, destinations, acknowledged=not by_mail
        )
    mails = list(filing.mails) if filing else []
    if by_mail and note is not None:
        known = case or conversation.case
        order = reply_order(conversation.id, known.number, known.revision, note.sender, answered.id)
        mails.append(order.mail())
    return Turn(
        answers=answered.id, events=events, choices=choices, case=case, tracker=outcome.tracker,
        filed=filing.document if filing else b"", mails=mails,
        timers=filing.timers if filing else {}, **_recorded(conversation, outcome, filing),
    )  # fmt: skip


def handing_over(
    conversation: Conversation, turn: Turn, outcome: Outcome, people: People, content: Content
) -> Turn:
    """`turn` with the conversation passed on: back to the agent who asked the bot, else to the queue."""
    now = int(time.time() * 1000)
    if conversation.scope and conversation.agent:
        back = back_to_agent(conversation, now)
        return replace(turn, events=[*turn.events, agent_event(conversation)],
                       **back | {"timers": {**turn.timers, **back["timers"]}})  # fmt: skip
    position = people.waiting + 1
    moved = to_queue(conversation, position, outcome.hand_over, now, content)
    event = waiting_event(people, position, content.handoff)
    return replace(turn, events=[*turn.events, event],
                   **moved | {"timers": {**turn.timers, **moved["timers"]},
                              "counts": {**turn.counts, **moved["counts"]}})  # fmt: skip


def _recorded(
    conversation: Conversation, outcome: Outcome, filing: Filing | None
) -> dict[str, Any]:
    """What a turn adds to the figures, and where staff find a case that was filed for them."""
    more: dict[str, Any] = {"counts": dict(filing.counts) if filing else {}}
    if filing and not conversation.queue:
        more["place"] = Place(BY_MAIL, int(time.time() * 1000))
    if _solved(outcome) and not conversation.meta.get(SELF_SOLVED):
        more["counts"][SELF_SOLVED] = 1
        more["meta"] = {SELF_SOLVED: 1}
    return more


def _solved(outcome: Outcome) -> bool:
    """Whether the customer has just said that an answer or a step was all that was needed."""
    over = not (outcome.case.begun or outcome.case.filed)
    return over and "action_solved" in outcome.thought.get("did", ())


def _spoken(said: Sequence[Said]) -> tuple[list[Event], list[Choice]]:
    """The messages as events, each quick reply under an id that says nothing of what it stands for."""
    events: list[Event] = []
    offered: list[Choice] = []
    for one in said:
        choices = tuple(
            Choice(secrets.token_urlsafe(CHOICE_BYTES), label, payload)
            for label, payload in one.choices
        )
        events.append(bot_message(one.text, choices))
        offered += choices
    return events, offered
