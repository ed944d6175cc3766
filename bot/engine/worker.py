"""The engine's worker: claims conversations with unread customer events and answers them in order.

A turn is computed on what was read and committed whole; whatever happens in between, the customer's
event stays unread and is taken again, by this worker or another.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from actions.turn import PEOPLE
from bot.content import Content
from bot.conversation.events import Event, is_owed_an_answer
from bot.conversation.numbers import propose_number
from bot.conversation.scripts import AlreadyThere, CaseChanged
from bot.conversation.store import Conversation, Conversations, Unread
from bot.conversation.work import Claim, Wake, WorkQueue
from bot.engine.dialogue import Incoming, Outcome, TakesTurns, TurnFailed
from bot.engine.direct import FILE_AS_IT_IS, TRY_AGAIN, apology, file_as_it_is
from bot.engine.turns import handing_over, incoming, turn_of
from bot.errors import ClaimLost, NotFound, NotOwner, StoreUnavailable
from bot.handoff.people import People, nobody
from bot.mail.destinations import Destinations
from bot.mail.thread import MAIL_NOTE

LEASE = 5_000
SWEEP = 1.0
PAUSE_WITHOUT_STORE = 0.5
LONGEST_TURN = 8.0
ATTEMPTS = 2
SET_ASIDE = 60_000

log = structlog.get_logger(__name__)


class Worker:
    """Answers customers, one turn at a time."""

    def __init__(
        self,
        conversations: Conversations,
        ready: WorkQueue,
        wake: Wake,
        dialogue: TakesTurns,
        content: Content,
        destinations: Destinations,
        people: Callable[[], Awaitable[People]] | None = None,
    ) -> None:
        self._conversations = conversations
        self._ready = ready
        self._wake = wake
        self._dialogue = dialogue
        self._content = content
        self._destinations = destinations
        self._people = people or self._nobody
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ends `run` after the turn in hand."""
        self._stopping.set()
        self._wake.rouse()

    async def run(self) -> None:
        """Works until stopped: what the wake-ups name at once, and everything each `SWEEP`."""
        PEOPLE.set(self._people)
        swept = float("-inf")
        hint: str | None = None
        away = False
        while not self._stopping.is_set():
            try:
                if away:
                    # A Redis that stood still carries out afterwards what it was asked meanwhile:
                    # claims that nobody knows of.
                    await self._ready.give_back(0)
                    swept, away = float("-inf"), False
                if time.monotonic() - swept >= SWEEP:
                    await self._serve_due(None)
                    swept = time.monotonic()
                if hint is not None:
                    await self._serve_due(hint)
                hint = await self._wake.wait(SWEEP)
            except StoreUnavailable as error:
                log.warning("store_unavailable", reason=str(error))
                away = True
                await asyncio.sleep(PAUSE_WITHOUT_STORE)

    async def _serve_due(self, hint: str | None) -> None:
        """Serves one conversation of the shard hinted at, as each has a hint of its own, or all."""
        while not self._stopping.is_set():
            claim = await self._ready.claim(hint)
            if claim is None:
                return
            await self._serve(claim)
            if hint is not None:
                return

    async def _serve(self, claim: Claim) -> None:
        try:
            async with self._ready.held(claim):
                await self._answer_all(claim)
        except (ClaimLost, NotOwner) as error:
            log.info("turn_dropped", conversation=claim.member, reason=str(error))
        except NotFound:
            await self._ready.release(claim)
        except StoreUnavailable:
            raise
        except Exception as error:  # nothing one conversation holds may stop the others
            log.error("conversation_set_aside", conversation=claim.member, exc_info=error)
            await self._ready.release(claim, SET_ASIDE)

    async def _answer_all(self, claim: Claim) -> None:
        more = True
        while more:
            unread = await self._conversations.unread(claim.member)
            event = await self._first_owed(unread)
            if event is None:
                more = await self._conversations.rest(unread.conversation, claim)
                continue
            with suppress(CaseChanged, AlreadyThere):
                more = await self._answer(unread, claim, event)

    async def _first_owed(self, unread: Unread) -> Event | None:
        page = unread.events
        while page:
            for event in page:
                if is_owed_an_answer(event):
                    return event
            page = await self._conversations.events(unread.conversation.id, page[-1].id)
        return None

    async def _answer(self, unread: Unread, claim: Claim, event: Event) -> bool:
        conversation = unread.conversation
        heard = incoming(event, propose_number(conversation.id))
        outcome = await self._outcome(conversation, unread.tracker, heard)
        filing = outcome.case.revision > conversation.case.revision
        whole = await self._conversations.all_events(conversation.id) if filing else []
        turn = turn_of(conversation, event, outcome, whole, self._content, self._destinations)
        if outcome.hand_over:
            turn = handing_over(conversation, turn, outcome, await self._people(), self._content)
        return await self._conversations.commit(conversation, claim, turn)

    async def _nobody(self) -> People:
        return nobody(self._content)

    async def _outcome(
        self, conversation: Conversation, tracker: bytes, heard: Incoming
    ) -> Outcome:
        if heard.payload == FILE_AS_IT_IS:
            events = await self._conversations.all_events(conversation.id)
            return file_as_it_is(conversation.case, heard, events)
        if heard.payload == TRY_AGAIN:
            heard = await self._failed_before(conversation, heard)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await asyncio.wait_for(
                    self._dialogue.turn(conversation.id, tracker, conversation.case, heard),
                    LONGEST_TURN,
                )
            except (TurnFailed, asyncio.TimeoutError) as error:
                log.error(
                    "turn_failed", conversation=conversation.id, attempt=attempt, exc_info=error
                )
        if MAIL_NOTE in heard.facts:  # nobody can click "try again" in a mail
            events = await self._conversations.all_events(conversation.id)
            return file_as_it_is(conversation.case, heard, events)
        return apology(conversation.case, tracker)

    async def _failed_before(self, conversation: Conversation, heard: Incoming) -> Incoming:
        """What the customer did last before asking to try it again."""
        events = await self._conversations.all_events(conversation.id)
        here = [event.id for event in events].index(heard.facts["event"])
        before = [
            event for event in events[:here]
            if is_owed_an_answer(event) and event.private.get("payload") != TRY_AGAIN
        ]  # fmt: skip
        return incoming(before[-1], heard.facts["number"]) if before else heard
