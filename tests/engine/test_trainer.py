"""The process that does the workbench's work, one job after the other."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from redis.asyncio import Redis

from bot.conversation.work import Wake
from bot.engine import trainer as module
from bot.engine.trainer import Trainer
from bot.training.jobs import CHANNEL, DONE, Job, Jobs

PATIENCE = 30.0
KIND = "inbox"


async def test_a_job_that_is_gone_does_not_end_it(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, gone, done = Jobs(redis), asyncio.Event(), asyncio.Event()

    async def look(_: Redis, jobs: Jobs, job: Job) -> None:
        if not gone.is_set():
            await redis.flushdb()
            gone.set()
            return
        await jobs.keep(msgspec.structs.replace(job, state=DONE))
        done.set()

    monkeypatch.setattr(module, "look", look)
    trainer = Trainer(redis, Wake(redis, CHANNEL))
    running = asyncio.create_task(trainer.run())
    await jobs.order(KIND, "trainer-1", {})
    await asyncio.wait_for(gone.wait(), PATIENCE)
    await jobs.order(KIND, "trainer-1", {})
    await asyncio.wait_for(done.wait(), PATIENCE)
    trainer.stop()
    await asyncio.wait_for(running, PATIENCE)
