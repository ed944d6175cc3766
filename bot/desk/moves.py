"""What an agent does with a conversation, each as a change; whoever calls them commits it. Pure.

    claim      WAITING, BOT ──▶ AGENT      release  AGENT ──▶ WAITING, or BOT in the mail queue
    transfer   AGENT ──▶ AGENT             return   AGENT ──▶ BOT
    reopen     CLOSED ──▶ AGENT            resolve  AGENT ──▶ CLOSED

`waiting_since` stays what it was until the conversation is over: whoever goes back to the queue has
waited all the time. `taken_from` remembers the queue that a conversation was taken from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from bot.case.model import Case, Outcome, Resolution
from bot.case.view import customer_view
from bot.content import Content
from bot.content.handoff import HandoffTexts
from bot.conversation.change import Change, Place
from bot.conversation.events import (
    AGENT,
    SYSTEM,
    Choice,
    Event,
    asking_event,
    case_event,
    in_utc,
    message,
    note_event,
    owner_event,
)
from bot.conversation.keys import BY_MAIL, WITH_AGENT
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation
from bot.desk.earlier import ACCOUNT
from bot.desk.figures import FIRST_RESPONSE, HANDLING, duration
from bot.desk.rows import Agent
from bot.followup.news import news_at
from bot.followup.survey_in_chat import question
from bot.handoff.passing import IDLE, MINUTE, POSITION, WAIT, to_queue, waiting_event
from bot.handoff.people import People
from bot.mail.thread import MailNote, reply_order, sent_by_mail

ASKED_ABOUT = ("solved", "not_solved")
NO_AGENT: Mapping[str, str | int] = {"agent": "", "agent_name": "", "scope": "", "taken_from": ""}
OVER: Mapping[str, str | int] = {**NO_AGENT, "waiting_since": 0, "taken_at": 0, "first_said": 0}


def claim(conversation: Conversation, agent: Agent, now: int, content: Content) -> Change:
    """`agent` takes the conversation, from whichever queue or from the bot; `now` in ms since 1970."""
    first = int(conversation.meta.get("taken_at") or now)
    return Change(
        owner=Owner.AGENT, events=_assigned(agent, agent.id, content.handoff.texts),
        meta={"agent": agent.id, "agent_name": agent.name, "scope": "", "taken_at": first,
              "taken_from": conversation.queue},
        timers={WAIT: None, POSITION: None, IDLE: now + _silence(content), **news_at(now)},
        place=Place(WITH_AGENT, now),
    )  # fmt: skip


def transfer(conversation: Conversation, to: Agent, by: str, now: int, content: Content) -> Change:
    """The conversation passes from the agent `by` to another."""
    return Change(
        owner=Owner.AGENT, events=_assigned(to, by, content.handoff.texts),
        meta={"agent": to.id, "agent_name": to.name, "scope": ""},
        timers={IDLE: now + _silence(content)}, place=Place(WITH_AGENT, now),
    )  # fmt: skip


def release(
    conversation: Conversation, people: People, position: int, now: int, content: Content
) -> Change:
    """Back to the queue it was taken from, at `position` there."""
    if conversation.meta.get("taken_from") == BY_MAIL:
        since = conversation.waiting_since or conversation.opened
        return Change(
            owner=Owner.BOT, events=[_by(owner_event(Owner.BOT.value), conversation.agent)],
            meta=NO_AGENT, timers={IDLE: None}, place=Place(BY_MAIL, since),
        )  # fmt: skip
    reason = conversation.meta.get("handover_reason", "")
    moved = to_queue(conversation, position, reason, now, content)
    text = content.handoff.texts.put_back.format(agent=conversation.agent_name)
    waiting = waiting_event(people, position, content.handoff)
    events = [_by(waiting, conversation.agent), message(SYSTEM, text)]
    return Change(events=events, **{**moved, "meta": {**NO_AGENT, **moved["meta"]}})


def return_to_bot(
    conversation: Conversation, fields: Sequence[str], text: str, content: Content
) -> Change:
    """The bot has it again: it asks for `fields` and hands back, or without any goes on by itself.

    text: what the agent says first, if anything.
    """
    said = [_spoken(conversation, text)] if text else []
    passed = content.handoff.texts.back_with_bot.format(agent=conversation.agent_name)
    asking = _by(asking_event(fields, passed), conversation.agent)
    change = Change(
        owner=Owner.BOT, events=[*said, asking], owed=True, meta={"scope": " ".join(fields)},
        timers={IDLE: None},
    )  # fmt: skip
    if fields:
        return change  # it stays among the agent's own
    return replace(change, meta=OVER, place=Place(""))


def say(
    conversation: Conversation, id: str, text: str, now: int, by_mail: MailNote | None,
    content: Content,
) -> Change:  # fmt: skip
    """The agent says something, once per client id; to a customer who writes mail, by mail."""
    spoken = _spoken(conversation, text)
    meta = {} if _has_spoken(conversation) else {"first_said": now}
    change = Change(
        events=[spoken], once=f"agent:{id}", meta=meta,
        timers={IDLE: now + _silence(content), **news_at(now)},
        counts=_first_response(conversation, now),
    )  # fmt: skip
    if by_mail is None:
        return change
    case = conversation.case
    order = reply_order(conversation.id, case.number, case.revision, by_mail.sender, id)
    return replace(change, events=[sent_by_mail(spoken, id)], mails=[order.mail()])


def note(id: str, text: str, by: Agent) -> Change:
    """What staff write for staff, once per client id."""
    return Change(events=[note_event(by.name, text, staff=by.id)], once=f"note:{id}")


def resolve(
    conversation: Conversation, outcome: Outcome, text: str, now: int, content: Content
) -> Change:
    """The end: what came of it, the agent's last words if any, and nobody has it any more."""
    said = [_spoken(conversation, text)] if text else []
    ended = content.handoff.texts.ended.format(agent=conversation.agent_name)
    case = resolved(conversation.case, outcome, now)
    closed = owner_event(Owner.CLOSED.value)
    taken = int(conversation.meta.get("taken_at") or 0)
    asked, choices = _survey(conversation, outcome, now)
    return Change(
        owner=Owner.CLOSED, case=case, meta=OVER, choices=choices,
        events=[
            *said,
            message(SYSTEM, ended),
            _by(case_event(customer_view(case, content), by=AGENT), conversation.agent),
            _by(closed, conversation.agent, outcome=outcome),
            *asked,
        ],
        timers={WAIT: None, POSITION: None, IDLE: None, ACCOUNT: now, **news_at(now)},
        place=Place(""), counts={duration(HANDLING, now - taken): 1} if taken else {},
    )  # fmt: skip


def _survey(
    conversation: Conversation, outcome: Outcome, now: int
) -> tuple[list[Event], list[Choice]]:
    """Whoever is in the chat is asked there; whoever writes mail, by mail."""
    if outcome not in ASKED_ABOUT or conversation.channel != "widget":
        return [], []
    asked, choices = question(now)
    return [asked], choices


def reopen(conversation: Conversation, agent: Agent, now: int, content: Content) -> Change:
    """A closed conversation is `agent`'s to go on with."""
    case = msgspec.structs.replace(conversation.case, resolution=None)
    taken = claim(conversation, agent, now, content)
    return replace(taken, case=case)


def resolved(case: Case, outcome: Outcome, now: int) -> Case:
    """The case with what came of it."""
    return msgspec.structs.replace(case, resolution=Resolution(outcome, in_utc(now)))


def _has_spoken(conversation: Conversation) -> bool:
    return bool(int(conversation.meta.get("first_said") or 0))


def _first_response(conversation: Conversation, now: int) -> dict[str, int]:
    if _has_spoken(conversation) or not conversation.waiting_since:
        return {}
    return {duration(FIRST_RESPONSE, now - conversation.waiting_since): 1}


def _assigned(agent: Agent, by: str, texts: HandoffTexts) -> list[Event]:
    owner = _by(owner_event(Owner.AGENT.value, agent=agent.name), by, to=agent.id)
    return [owner, message(SYSTEM, texts.assigned.format(agent=agent.name))]


def _spoken(conversation: Conversation, text: str) -> Event:
    spoken = message(AGENT, text, agent=conversation.agent_name)
    return _by(spoken, conversation.agent)


def _by(event: Event, staff: str, **more: Any) -> Event:
    """The event with the id of the member of staff who made it, for staff to see."""
    return Event(event.type, event.body, {**event.private, "staff": staff, **more})


def _silence(content: Content) -> int:
    return content.handoff.agent_silence_minutes * MINUTE
