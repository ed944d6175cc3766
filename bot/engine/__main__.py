"""The engine process: `python -m bot.engine`. It opens no port; Redis is its only wire."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress

import structlog

from bot.engine import rasa_patches
from bot.engine.rasa import prepare
from bot.errors import FirstlineError
from bot.settings import ROOT, Settings, load_settings

# What Rasa's pinned libraries warn of cannot be acted on; each action is announced by name.
QUIET = ("py.warnings", "rasa_sdk.executor")


async def run(settings: Settings) -> None:
    """Answers customers until told to stop by SIGTERM or SIGINT."""
    from bot.content import load_content
    from bot.conversation.keys import READY_CHANNEL
    from bot.conversation.store import Conversations
    from bot.conversation.work import Wake, WorkQueue
    from bot.engine.serving import Serving
    from bot.engine.worker import LEASE, Worker
    from bot.handoff.people import Desk
    from bot.mail.destinations import load_destinations
    from bot.redis_link import connect

    content = load_content(ROOT / "data")
    destinations = load_destinations(ROOT / "data" / "destinations.yml", settings.case_mailbox)
    serving = Serving(content, settings.state_dir)
    redis = connect(settings.redis_url)
    subscriber = connect(settings.redis_url, answer=None)
    wake = Wake(subscriber, READY_CHANNEL)
    worker = Worker(
        Conversations(redis), WorkQueue(redis, "ready", LEASE), wake, serving, content,
        destinations, Desk(redis, content).people,
    )  # fmt: skip
    await serving.warm_up()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    listening = asyncio.create_task(wake.listen())
    following = asyncio.create_task(serving.follow())
    structlog.get_logger("bot.engine").info("ready", pid=os.getpid())
    try:
        await worker.run()
    finally:
        for task in (listening, following):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await subscriber.aclose()
        await redis.aclose()


def main() -> int:
    """Starts the engine; returns the exit code."""
    prepare()
    rasa_patches.apply()
    from bot.logs import configure_logging

    configure_logging("engine")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        asyncio.run(run(load_settings()))
    except FirstlineError as error:
        structlog.get_logger("bot.engine").error("cannot_start", reason=str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
