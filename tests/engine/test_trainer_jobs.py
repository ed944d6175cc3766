"""Long jobs of the workbench: their progress is told, and they end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.engine import trainer_jobs
from bot.engine.trainer_jobs import run_job
from bot.errors import FirstlineError
from bot.settings import Settings
from bot.training.jobs import DONE, FAILED, TRAIN, Job, Jobs

PATIENCE = 30.0
Tell = Callable[[str, float], None]


async def done(redis_url: str, jobs: Jobs, work: Any, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.setitem(trainer_jobs._LONG, TRAIN, work)
    job = await jobs.order(TRAIN, "trainer-1", {"why": "to try"})
    await asyncio.wait_for(run_job(Settings(redis_url=redis_url), job.id), PATIENCE)
    return await jobs.read(job.id)


async def test_a_job_tells_and_ends(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(_: Redis, job: Job, tell: Tell) -> dict[str, Any]:
        await asyncio.to_thread(lambda: [tell(f"step {n}", n / 50) for n in range(50)])
        return {"model": job.wants["why"]}

    ended = await done(redis_url, Jobs(redis), work, monkeypatch)
    assert (ended.state, ended.part, ended.result) == (DONE, 1.0, {"model": "to try"})


async def test_a_job_that_cannot_be_done_says_why_in_full(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(_: Redis, job: Job, tell: Tell) -> dict[str, Any]:
        tell("Checking the data", 0.0)
        raise FirstlineError("one fault\nanother fault")

    ended = await done(redis_url, Jobs(redis), work, monkeypatch)
    assert (ended.state, ended.fault) == (FAILED, "one fault\nanother fault")
