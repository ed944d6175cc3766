"""The trainer process: `python -m bot.engine.trainer`. It does the workbench's work, niced, and
answers no customer; training and comparing are done in a process of their own.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.work import Claim, Wake
from bot.engine.trainer_jobs import LOOKS, look
from bot.errors import ClaimLost, FirstlineError, NotFound, StoreUnavailable
from bot.redis_link import connect
from bot.settings import Settings, load_settings
from bot.training.jobs import CHANNEL, FAILED, RUNNING, Job, Jobs

REDIS_TIMEOUT = 5.0
SWEEP = 2.0
NICE = 5

log = structlog.get_logger("bot.engine.trainer")


class Trainer:
    """Takes up one job after the other."""

    def __init__(self, redis: Redis, wake: Wake) -> None:
        self._redis = redis
        self._jobs = Jobs(redis)
        self._queue = self._jobs.queue()
        self._wake = wake
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ends `run`; a job in hand is given back."""
        self._stopping.set()

    async def run(self) -> None:
        """Works until stopped."""
        while not self._stopping.is_set():
            try:
                claim = await self._queue.claim()
                if claim is None:
                    await self._pause()
                else:
                    await self._do(claim)
            except ClaimLost as error:  # the job is somebody else's by now, or nobody's
                log.warning("claim_lost", reason=str(error))
            except (StoreUnavailable, RedisError) as error:
                log.warning("store_unavailable", reason=str(error))
                await asyncio.sleep(SWEEP)

    async def _pause(self) -> None:
        waits = [
            asyncio.create_task(self._wake.wait(SWEEP)),
            asyncio.create_task(self._stopping.wait()),
        ]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _do(self, claim: Claim) -> None:
        async with self._queue.held(claim):
            try:
                job = await self._jobs.read(claim.member)
            except NotFound:
                await self._queue.release(claim)
                return
            working = asyncio.create_task(self._worked(job))
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not working.done():  # somebody else takes it up when the claim has run out
                working.cancel()
                with suppress(asyncio.CancelledError):
                    await working
                return
        await self._queue.release(claim)
        working.result()

    async def _worked(self, job: Job) -> None:
        log.info("job_begun", job=job.id, kind=job.kind)
        await self._jobs.keep(_changed(job, state=RUNNING))
        fault = await (self._looked(job) if job.kind in LOOKS else _in_its_own_process(job))
        try:
            now = await self._jobs.read(job.id)
        except NotFound:
            log.warning("job_gone", job=job.id)
            return
        if fault or not now.ended:
            await self._jobs.keep(
                _changed(now, state=FAILED, fault=fault or "It ended without a result.")
            )
        log.info("job_ended", job=job.id, kind=job.kind, fault=fault)

    async def _looked(self, job: Job) -> str:
        try:
            await look(self._redis, self._jobs, job)
        except (RedisError, StoreUnavailable):
            raise
        except FirstlineError as error:
            return str(error)
        except Exception as error:  # one message that cannot be looked at must not end the trainer
            log.error("job_failed", job=job.id, exc_info=error)
            return "Something went wrong on our side; the log says what."
        return ""


def _changed(job: Job, **changes: object) -> Job:
    return msgspec.structs.replace(job, **changes)


async def _in_its_own_process(job: Job) -> str:
    """Runs a long job; returns why it failed, empty when it did not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.engine.trainer_jobs", job.id, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, words = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode == 0:
        return ""
    lines = words.decode("utf-8", "replace").strip().splitlines()
    log.error("job_failed", job=job.id, said="\n".join(lines[-20:]))
    return lines[-1] if lines else f"It ended with exit code {process.returncode}."


async def run(settings: Settings) -> None:
    """Works for the workbench until told to stop by SIGTERM or SIGINT."""
    redis = connect(settings.redis_url, REDIS_TIMEOUT)
    subscriber = connect(settings.redis_url, answer=None)
    wake = Wake(subscriber, CHANNEL)
    trainer = Trainer(redis, wake)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, trainer.stop)
    listening = asyncio.create_task(wake.listen())
    log.info("ready", pid=os.getpid())
    try:
        await trainer.run()
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await subscriber.aclose()
        await redis.aclose()


def main() -> int:
    """Starts the trainer; returns the exit code."""
    from bot.logs import configure_logging

    configure_logging("trainer")
    os.nice(NICE)
    try:
        asyncio.run(run(load_settings()))
    except FirstlineError as error:
        log.error("cannot_start", reason=str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
