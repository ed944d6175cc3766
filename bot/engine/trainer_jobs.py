"""What the trainer process can be asked for. Long jobs run as `python -m bot.engine.trainer_jobs <id>`.

inbox: the misread messages in groups; nearest: the examples nearest to a sentence, and whether it
would teach anything; train: a model of the present data; compare: two models side by side.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

import msgspec
from redis.asyncio import Redis

from bot.engine.models import MODELS
from bot.engine.similar import Similar, grouped, teaches_nothing
from bot.errors import FirstlineError
from bot.redis_link import connect
from bot.settings import ROOT, Settings, load_settings
from bot.training.check import ERROR, check
from bot.training.collect import DAYS, inbox, logs
from bot.training.corpus import Example, read_corpus
from bot.training.jobs import COMPARE, DONE, FAILED, INBOX, NEAREST, RUNNING, TRAIN, Job, Jobs
from bot.training.masking import anonymous
from bot.training.versions import SUFFIX, Versions

LOOKS = (INBOX, NEAREST)
MOST_REPLAYED = 500
# Where in a training each stage begins, as a share of the whole.
STAGES = {
    "Checking the data": 0.0, "Reading the data": 0.1, "Learning to find facts": 0.2,
    "Learning intents": 0.25, "Learning stories": 0.8, "Learning rules": 0.85, "Packing the model": 0.95,
}  # fmt: skip


async def look(redis: Redis, jobs: Jobs, job: Job) -> None:
    """Does a short job in this process."""
    similar = await asyncio.to_thread(similar_now)
    result: dict[str, Any]
    if job.kind == INBOX:
        found = await inbox(redis, float(job.wants.get("days", DAYS)))
        result = {"groups": await asyncio.to_thread(grouped, similar, found)}
    else:
        text = anonymous(str(job.wants.get("text", "")))
        [near] = await asyncio.to_thread(similar.nearest, [text])
        told = teaches_nothing(
            near, str(job.wants.get("label", "")), job.wants.get("thought") or {}
        )
        result = {"text": text, "nearest": msgspec.to_builtins(near), "nothing_new": told}
    await jobs.keep(msgspec.structs.replace(job, state=DONE, part=1.0, result=result))


def similar_now() -> Similar:
    """The examples of the present data."""
    corpus = read_corpus(ROOT)
    return similar_to(tuple(corpus.examples))


@lru_cache(maxsize=1)
def similar_to(examples: tuple[Example, ...]) -> Similar:
    """The examples as vectors; only what is new is encoded. Raises `FirstlineError` without an encoder."""
    from bot.nlu.encoder import sentence_encoder

    return Similar(sentence_encoder(), examples)


async def train_job(redis: Redis, job: Job, tell: Callable[[str, float], None]) -> dict[str, Any]:
    """Checks and trains. Raises `FirstlineError` naming what is wrong in the data."""
    tell("Checking the data", 0.0)
    faults = [it.text for it in await asyncio.to_thread(check, ROOT) if it.severity == ERROR]
    if faults:
        raise FirstlineError("\n".join(faults))
    from bot.engine.train import train

    path = await asyncio.to_thread(
        train, MODELS, lambda stage: tell(stage, STAGES.get(stage, 0.5)), job.by, str(job.wants.get("why", ""))
    )  # fmt: skip
    return {"model": path.name.removesuffix(SUFFIX)}


async def compare_job(redis: Redis, job: Job, tell: Callable[[str, float], None]) -> dict[str, Any]:
    """Compares the model wanted with another, by default the live one. Raises `FirstlineError`."""
    from bot.engine.compare import compare, other_model

    settings = load_settings()
    wanted, against = str(job.wants["model"]), str(job.wants.get("against") or "")
    now = Versions(MODELS, settings.state_dir).path(wanted)
    was = other_model(wanted, against, MODELS, settings.state_dir)
    tell("Loading both models", 0.02)
    recorded = await logs(redis, float(job.wants.get("days", DAYS)), MOST_REPLAYED)
    found = await asyncio.to_thread(compare, was, now, recorded, tell)
    result: dict[str, Any] = msgspec.to_builtins(found)
    return result


_LONG: dict[
    str, Callable[[Redis, Job, Callable[[str, float], None]], Awaitable[dict[str, Any]]]
] = {
    TRAIN: train_job,
    COMPARE: compare_job,
}


async def run_job(settings: Settings, id: str) -> None:
    """Does a long job, telling how far it is. Raises `NotFound`."""
    redis = connect(settings.redis_url)
    jobs = Jobs(redis)
    job = await jobs.read(id)
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[Job | None] = asyncio.Queue()

    def tell(stage: str, part: float) -> None:
        now = msgspec.structs.replace(job, state=RUNNING, stage=stage, part=round(part, 3))
        loop.call_soon_threadsafe(told.put_nowait, now)

    async def pass_on() -> None:
        while (now := await told.get()) is not None:
            await jobs.keep(now)

    passing = asyncio.create_task(pass_on())
    try:
        result = await _LONG[job.kind](redis, job, tell)
        ended = msgspec.structs.replace(job, state=DONE, part=1.0, result=result)
    except FirstlineError as error:
        ended = msgspec.structs.replace(job, state=FAILED, fault=str(error))
    finally:  # not cancelled: what is under way to Redis is to arrive before the end
        loop.call_soon(told.put_nowait, None)
        await passing
    await jobs.keep(ended)
    await redis.aclose()


def main() -> int:
    """Does the long job named on the command line; returns the exit code."""
    from bot.engine.rasa import prepare

    try:
        prepare()
        asyncio.run(run_job(load_settings(), sys.argv[1]))
    except FirstlineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
