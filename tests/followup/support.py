"""A filed case whose weeks go by at the turn of a hand, with a courier at work on real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bot.case.fields import CONTACT_EMAIL, DESCRIPTION
from bot.case.filing import filed
from bot.case.model import Case, Field, State
from bot.clock.clock import Clock
from bot.clock.handlers import HANDLERS
from bot.clock.parts import Parts
from bot.clock.times import from_ms, to_ms, utc_now
from bot.conversation.change import Change
from bot.conversation.events import AGENT, CUSTOMER, message, owner_event
from bot.conversation.keys import conversation_keys
from bot.conversation.numbers import propose_number
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation
from bot.mail.destinations import Destinations
from bot.mail.filing import filing_of
from bot.mail.outbox import Outbox
from tests.clock.support import HandClock, parts_of
from tests.conversation.support import opened
from tests.mail.conftest import emptied, working_courier
from tests.mail.fault_server import FaultServer

EMAIL = "customer@customer.example"
MAILBOX = "cases@meadow.example"


@dataclass
class Desk:
    """One conversation `c1` with a filed case, the clock in hand, and every mail that went out."""

    parts: Parts
    now: HandClock
    clock: Clock
    outbox: Outbox
    server: FaultServer
    seen: int = 0

    async def conversation(self) -> Conversation:
        return await self.parts.conversations.read("c1")

    async def case(self) -> Case:
        return (await self.conversation()).case

    async def change(self, **change: Any) -> None:
        await self.parts.conversations.change(await self.conversation(), Change(**change))

    async def at(self, moment: datetime) -> list[str]:
        """Lets time go by until then, from timer to timer; what was mailed: receiver and subject."""
        while (due := await self._next_due()) and due <= moment:
            self.now.at = max(self.now.at, due)
            await self.clock.ring_due()
        self.now.at = moment
        return await self.mailed()

    async def _next_due(self) -> datetime | None:
        timers = conversation_keys("c1").timers
        first: Any = await self.parts.redis.zrange(timers, 0, 0, withscores=True)
        return from_ms(first[0][1]) if first else None

    async def mailed(self) -> list[str]:
        """The mails that went out since the last time this was asked: receiver and subject."""
        return [
            f"{mail['To']}: {mail['Subject'].partition('] ')[2]}" for mail in await self.mails()
        ]

    async def mails(self) -> list[EmailMessage]:
        """The mails themselves, in the order in which they were ordered as far as that is known."""
        await self.clock.ring_due()
        await emptied(self.outbox)
        new = self.server.stored[self.seen :]
        self.seen += len(new)
        return [message for _, message in new if isinstance(message, EmailMessage)]

    async def answer(self, text: str, **more: Any) -> None:
        """An agent takes the case, if nobody has it, and says something."""
        taken = (await self.conversation()).owner is Owner.AGENT
        given = {} if taken else {
            "owner": Owner.AGENT, "meta": {"agent": "agent-1", "agent_name": "Agent One"}
        }  # fmt: skip
        events = [] if taken else [owner_event("agent", agent="Agent One")]
        await self.change(events=[*events, message(AGENT, text)], **given, **more)


@asynccontextmanager
async def desk(
    redis: Redis, state_dir: Path, email: str = EMAIL, category: str = "technical"
) -> AsyncIterator[Desk]:
    """A desk with a case just filed; its two first mails have gone out."""
    server = FaultServer()
    await server.start()
    parts = parts_of(redis, state_dir)
    now = HandClock(from_ms(to_ms(utc_now())))  # to the millisecond, as Redis has it
    clock = Clock(HANDLERS, parts, now)
    async with working_courier(redis, server, state_dir) as outbox:
        made = Desk(parts, now, clock, outbox, server)
        await _file(redis, made, email, category)
        yield made
    await server.stop()


async def _file(redis: Redis, desk: Desk, email: str, category: str) -> None:
    conversation = await opened(redis)
    await desk.parts.conversations.say("c1", "m1", message(CUSTOMER, "no data since friday"))
    case = Case(problem="no_mobile_data", category=category)  # type: ignore[arg-type]
    case = case.with_field(DESCRIPTION, Field("no data since friday", State.STATED))
    if email:
        case = case.with_field(CONTACT_EMAIL, Field(email, State.STATED))
    at = desk.now.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    case = filed(case, propose_number("c1"), at)
    log = await desk.parts.conversations.all_events("c1")
    filing = filing_of("c1", case, log, desk.parts.content, Destinations({}, MAILBOX))
    await desk.parts.conversations.change(
        conversation,
        Change(case=case, filed=filing.document, mails=filing.mails, timers=filing.timers),
    )
    expected = 2 + (category == "complaint") if email else 1
    assert len(await desk.mails()) == expected
