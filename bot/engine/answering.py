"""What each of the engine's worker processes does: connect to Redis and answer customers."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

import structlog

from bot.content import Content
from bot.conversation.keys import READY_CHANNEL
from bot.conversation.store import Conversations
from bot.conversation.work import Wake, WorkQueue
from bot.engine.serving import Serving
from bot.engine.worker import LEASE, Worker
from bot.engine.workers import SIGNALS
from bot.handoff.people import Desk
from bot.mail.destinations import load_destinations
from bot.redis_link import connect
from bot.settings import ROOT, Settings

PARENT_EVERY = 1.0

log = structlog.get_logger(__name__)


def answer(
    settings: Settings, content: Content, serving: Serving, ready: Callable[[], None]
) -> None:
    """Answers customers until SIGTERM or SIGINT, or until the process that forked this one is gone.

    `ready` is called once customers are answered.
    """
    asyncio.run(_answer(settings, content, serving, ready))


async def _answer(
    settings: Settings, content: Content, serving: Serving, ready: Callable[[], None]
) -> None:
    destinations = load_destinations(ROOT / "data" / "destinations.yml", settings.case_mailbox)
    redis = connect(settings.redis_url)
    subscriber = connect(settings.redis_url, answer=None)
    wake = Wake(subscriber, READY_CHANNEL)
    worker = Worker(
        Conversations(redis), WorkQueue(redis, "ready", LEASE), wake, serving, content,
        destinations, Desk(redis, content).people,
    )  # fmt: skip
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, worker.stop)
    beside = [asyncio.create_task(wake.listen()), asyncio.create_task(_stop_alone(worker))]
    ready()
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


async def _stop_alone(worker: Worker) -> None:
    """Stops a worker whose parent is gone: nobody would tell it of another model or to end."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - the kernel tells nobody of its end
        await asyncio.sleep(PARENT_EVERY)
    worker.stop()
