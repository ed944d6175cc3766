"""The courier: claims mails of the outbox, has them written, hands them over, records what came of it."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec
import structlog

from bot.conversation.work import Claim, Wake
from bot.errors import ClaimLost, FirstlineError, NotFound, StoreUnavailable
from bot.mail.backoff import Backoff
from bot.mail.caps import HELD, Caps
from bot.mail.order import MailOrder
from bot.mail.outbox import Entry, Outbox
from bot.mail.smtp import Delivery, Outcome

SWEEP = 1.0  # seconds between looks at the outbox when nobody wakes us
BEAT = 5.0  # seconds between signs of life
PATIENCE = 3.0  # seconds to finish the mails in hand when told to stop
RECORDING = 30.0  # seconds to go on trying to record an outcome while Redis is away

log = structlog.get_logger(__name__)

T = TypeVar("T")  # what an order becomes when it is written


@dataclass(frozen=True)
class Limits:
    """How many mails are in hand at once, in all and for one destination."""

    in_hand: int = 16
    per_destination: int = 2


BACKOFF = Backoff()
LIMITS = Limits()


class Courier(Generic[T]):
    """Delivers what is in the outbox until told to stop; any number of couriers may run.

    compose: writes the mail of an order under a Message-ID. send: hands it to the server.
    message_id: the Message-ID of an order, always the same. caps: which mails have to wait.
    """

    def __init__(
        self, outbox: Outbox, compose: Callable[[MailOrder, str], Awaitable[T]],
        send: Callable[[T], Awaitable[Delivery]], message_id: Callable[[MailOrder], str], wake: Wake,
        backoff: Backoff = BACKOFF, limits: Limits = LIMITS, caps: Caps | None = None,
    ) -> None:  # fmt: skip
        self._outbox = outbox
        self._compose = compose
        self._send = send
        self._message_id = message_id
        self._wake = wake
        self._backoff = backoff
        self._caps = caps
        self._in_hand: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(limits.in_hand)
        self._destinations: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(limits.per_destination)
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, then finishes or gives back the mails in hand."""
        background = [asyncio.create_task(self._wake.listen()), asyncio.create_task(self._beat())]
        try:
            while not stop.is_set():
                claim = await self._claim()
                if claim is None:
                    await _first(stop.wait(), self._wake.wait(SWEEP))
                    continue
                await self._room.acquire()
                task = asyncio.create_task(self._handle(claim))
                self._in_hand.add(task)
                task.add_done_callback(self._handed)
        finally:
            for task in background:
                task.cancel()
            await self._finish()
            await asyncio.gather(*background, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            with suppress(StoreUnavailable):
                await self._outbox.beat()
            await asyncio.sleep(BEAT)

    def _handed(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        self._room.release()
        if not task.cancelled() and task.exception() is not None:
            log.error("mail_failed", exc_info=task.exception())

    async def _finish(self) -> None:
        if self._in_hand:
            _, unfinished = await asyncio.wait(self._in_hand, timeout=PATIENCE)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    async def _claim(self) -> Claim | None:
        try:
            return await self._outbox.queue.claim()
        except StoreUnavailable as error:
            log.warning("outbox_unavailable", reason=str(error))
            return None

    async def _handle(self, claim: Claim) -> None:
        """One mail from claim to outcome. Whatever fails, the claim's lease brings the mail back."""
        try:
            async with self._outbox.queue.held(claim):
                entry = await self._read(claim)
                if entry is None:
                    return
                async with self._destinations[entry.order.to]:
                    await self._attempt(claim, entry)
        except ClaimLost:
            log.warning("claim_lost", mail=claim.member)
        except StoreUnavailable as error:
            log.warning("outbox_unavailable", mail=claim.member, reason=str(error))
        except asyncio.CancelledError:
            await asyncio.shield(self._give_back(claim))
            raise

    async def _read(self, claim: Claim) -> Entry | None:
        try:
            return await self._outbox.read(claim.member)
        except NotFound:
            await self._outbox.begin(claim, "")
            log.error("mail_without_order", mail=claim.member)
        except (msgspec.MsgspecError, ValueError) as error:
            await self._bury(claim, f"the order cannot be read: {error}")
        return None

    async def _attempt(self, claim: Claim, entry: Entry) -> None:
        if entry.crashes >= self._backoff.crashes:
            await self._bury(claim, f"{entry.crashes} couriers ended while they had it in hand")
            return
        wait = await self._caps.wait(entry.order) if self._caps else 0
        if wait:
            await _insist(lambda: self._outbox.defer(claim, HELD, wait))
            log.info("mail_held", mail=entry.id, seconds=wait / 1000)
            return
        message_id = entry.message_id or self._message_id(entry.order)
        if not await self._outbox.begin(claim, message_id):
            return
        try:
            written = await self._compose(entry.order, message_id)
        except (StoreUnavailable, OSError) as error:
            await self._again(claim, entry, f"cannot be written now: {error}")
        except Exception as error:
            # Another try would fail alike; whoever mends the cause replays the mail.
            log.exception("mail_unwritable", mail=claim.member)
            known = isinstance(error, FirstlineError)
            await self._bury(
                claim, f"cannot be written: {error if known else type(error).__name__}"
            )
        else:
            await self._record(claim, entry, await self._send(written))

    async def _record(self, claim: Claim, entry: Entry, delivery: Delivery) -> None:
        about = {"mail": entry.id, "kind": entry.order.kind, "attempt": entry.attempts + 1}
        if delivery.outcome is Outcome.SENT:
            await _insist(lambda: self._outbox.sent(claim))
            log.info("mail_sent", **about)
        elif delivery.outcome is Outcome.REFUSED:
            await self._bury(claim, delivery.reason)
        else:
            if delivery.alarm:
                log.error("mail_server_refuses_us", reason=delivery.reason, **about)
            await self._again(claim, entry, delivery.reason)

    async def _again(self, claim: Claim, entry: Entry, reason: str) -> None:
        delay = self._backoff.delay(entry.attempts + 1, random.random())
        if delay is None:
            await self._bury(claim, f"given up after {entry.attempts + 1} attempts: {reason}")
            return
        await _insist(lambda: self._outbox.defer(claim, reason, delay))
        log.warning("mail_deferred", mail=entry.id, attempt=entry.attempts + 1,
                    reason=reason, seconds=delay / 1000)  # fmt: skip

    async def _bury(self, claim: Claim, reason: str) -> None:
        await _insist(lambda: self._outbox.bury(claim, reason))
        log.error("mail_dead", mail=claim.member, reason=reason)

    async def _give_back(self, claim: Claim) -> None:
        try:
            await self._outbox.defer(claim, "the courier was stopped", 0)
        except (ClaimLost, StoreUnavailable):  # settled already, or left to the lease
            return


async def _insist(record: Callable[[], Awaitable[None]]) -> None:
    """Repeats `record` while Redis is away: an outcome not recorded is a mail sent twice."""
    deadline = asyncio.get_running_loop().time() + RECORDING
    while True:
        try:
            return await record()
        except StoreUnavailable:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.2)


async def _first(*waits: Awaitable[object]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
