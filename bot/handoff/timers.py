"""What the clock does for a conversation on its way to a person: kinds `wait`, `position`, `idle`."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.case.filing import rfc3339
from bot.clock.parts import Parts, Ring
from bot.clock.times import to_ms
from bot.conversation.change import Change
from bot.conversation.events import AGENT, CUSTOMER, MESSAGE, SYSTEM, Event, message
from bot.conversation.numbers import propose_number
from bot.conversation.owner import Owner
from bot.conversation.scripts import AlreadyThere, CaseChanged
from bot.conversation.store import Conversation
from bot.desk.queues import position
from bot.errors import NotOwner
from bot.handoff.passing import POSITION_EVERY, timed_out, to_queue, waiting_event
from bot.handoff.people import Desk

ATTEMPTS = 5
SILENCE = "the agent fell silent"


async def wait_is_over(parts: Parts, ring: Ring) -> datetime | None:
    """The customer has waited as long as anybody should: files the case, back to the bot."""
    for _ in range(ATTEMPTS):
        conversation = await parts.conversations.read(ring.conversation)
        if conversation.owner is not Owner.WAITING:
            return None
        log = await parts.conversations.all_events(ring.conversation)
        change = timed_out(
            conversation, log, propose_number(ring.conversation), rfc3339(ring.at),
            parts.content, parts.destinations,
        )  # fmt: skip
        try:
            await parts.conversations.change(conversation, change)
        except NotOwner:  # somebody has just taken it
            return None
        except (CaseChanged, AlreadyThere):
            continue
        return None
    return ring.at + timedelta(seconds=1)


async def place_in_queue(parts: Parts, ring: Ring) -> datetime | None:
    """Tells the customer of a better place in the queue."""
    conversation = await parts.conversations.read(ring.conversation)
    if conversation.owner is not Owner.WAITING:
        return None
    place = await position(parts.redis, ring.conversation)
    if place and str(place) != conversation.meta.get("position"):
        people = await Desk(parts.redis, parts.content).people()
        event = waiting_event(people, place, parts.content.handoff)
        try:
            change = Change(events=[event], meta={"position": place})
            await parts.conversations.change(conversation, change)
        except NotOwner:
            return None
    return ring.at + timedelta(milliseconds=POSITION_EVERY)


async def agent_is_silent(parts: Parts, ring: Ring) -> datetime | None:
    """Puts a conversation back whose agent has left the customer without a word for too long."""
    conversation = await parts.conversations.read(ring.conversation)
    if conversation.owner is not Owner.AGENT:
        return None
    patience = timedelta(minutes=parts.content.handoff.agent_silence_minutes)
    since = _unanswered_since(await parts.conversations.all_events(ring.conversation))
    if since is None or ring.at - since < patience:
        return (since or ring.at) + patience
    try:
        await parts.conversations.change(conversation, await _put_back(parts, conversation, ring))
    except NotOwner:
        return ring.at + patience
    return None


async def _put_back(parts: Parts, conversation: Conversation, ring: Ring) -> Change:
    people = await Desk(parts.redis, parts.content).people()
    now = to_ms(ring.at)
    moved = to_queue(conversation, people.waiting + 1, SILENCE, now, parts.content)
    text = parts.content.handoff.texts.put_back.format(agent=conversation.agent_name)
    events = [
        message(SYSTEM, text),
        waiting_event(people, people.waiting + 1, parts.content.handoff),
    ]
    return Change(events=events, **moved)


def _unanswered_since(log: list[Event]) -> datetime | None:
    """When the customer wrote what no agent has answered yet, or was accepted without a word."""
    since: datetime | None = None
    for event in log:
        if event.type == MESSAGE and event.body["from"] == AGENT:
            since = None
        elif since is None and (_is_said(event) or event.body.get("owner") == AGENT):
            since = event.at
    return since


def _is_said(event: Event) -> bool:
    return event.type == MESSAGE and bool(event.body["from"] == CUSTOMER)
