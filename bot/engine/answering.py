"""What each of the engine's worker processes does: connect to Redis and answer customers."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

import structlog

from bot.content import Content
from bot.conversation.keys import READY_CHANNEL
from bot.conversation.store import Conversations
from bot.conversation.work import Wake, WorkQueue
from bot.engine.serving import Serving
from bot.engine.worker import LEASE, Worker
from bot.engine.workers import SIGNALS, Seat
from bot.errors import StoreUnavailable
from bot.handoff.people import Desk
from bot.mail.destinations import load_destinations
from bot.redis_link import connect
from bot.settings import ROOT, Settings

PARENT_EVERY = 1.0
# Milliseconds until what a dead worker had in hand is due again: a message that kills whoever reads
# it must not keep everybody busy.
LEFT_DUE_IN = 500

log = structlog.get_logger(__name__)


def answer(settings: Settings, content: Content, serving: Serving, seat: Seat) -> None:
    """Answers customers until SIGTERM or SIGINT, or until the process that forked this one is gone."""
    asyncio.run(_answer(settings, content, serving, seat))


async def _answer(settings: Settings, content: Content, serving: Serving, seat: Seat) -> None:
    destinations = load_destinations(ROOT / "data" / "destinations.yml", settings.case_mailbox)
    redis = connect(settings.redis_url)
    subscriber = connect(settings.redis_url, answer=None)
    wake = Wake(subscriber, READY_CHANNEL)
    queue = WorkQueue(redis, "ready", LEASE, holder=seat.name)
    worker = Worker(
        Conversations(redis), queue, wake, serving, content, destinations,
        Desk(redis, content).people,
    )  # fmt: skip
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, worker.stop)
    beside = [
        asyncio.create_task(wake.listen()),
        asyncio.create_task(_stop_alone(worker, seat.parent)),
    ]
    with suppress(StoreUnavailable):  # the leases end by themselves
        await queue.give_back(LEFT_DUE_IN)
    seat.ready = True
    log.info("ready", pid=os.getpid())
    try:
        await worker.run()
    finally:
        for task in beside:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await subscriber.aclose()
        await redis.aclose()


async def _stop_alone(worker: Worker, parent: int) -> None:
    """Stops a worker whose parent is gone: nobody would tell it of another model or to end."""
    while os.getppid() == parent:  # noqa: ASYNC110 - the kernel tells nobody of its end
        await asyncio.sleep(PARENT_EVERY)
    worker.stop()
