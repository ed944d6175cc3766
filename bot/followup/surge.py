"""Many reports of the same problem from the same place within minutes: staff are told, once, and
an entry for `data/incidents.yml` is proposed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis.asyncio import Redis

from bot.case.fields import LOCATION
from bot.case.model import Case
from bot.clock.times import to_ms
from bot.content.follow_up import Surges
from bot.conversation.keys import shard_of

MINUTE = 60_000
TOLD = "told"  # the member that says that staff know


@dataclass(frozen=True)
class Surge:
    """So many reports of a problem; `place` in lower case, empty where nobody said."""

    problem: str
    place: str
    count: int

    def proposal(self, since: datetime, title: str) -> str:
        """The entry of `data/incidents.yml` that would tell customers of it."""
        where = f" in {self.place.title()}" if self.place else ""
        return (
            f"- name: {self.problem}-{since:%Y-%m-%d-%H%M}\n"
            f'  title: "{title}{where}"\n'
            f'  text: "We have a fault{where} and are working on it."\n'
            f"  problems: [{self.problem}]\n"
            f"  areas: [{self.place.title()}]\n"
            f"  since: {since:%Y-%m-%dT%H:%M:%SZ}"
        )


async def surge(
    redis: Redis, case: Case, conversation: str, at: datetime, rules: Surges
) -> Surge | None:
    """Counts this report; the surge that it makes, if staff do not know of it yet.

    Not counted is what is part of a known incident, or no known kind of problem.
    """
    if case.problem is None or case.incident is not None:
        return None
    said = case.field(LOCATION).value
    place = " ".join(said.casefold().split()) if isinstance(said, str) else ""
    key, now = _key(case.problem, place), to_ms(at)
    pipe = redis.pipeline(transaction=True)
    pipe.zremrangebyscore(key, "-inf", now - rules.minutes * MINUTE)
    pipe.zadd(key, {conversation: now})
    pipe.zcard(key)
    pipe.zscore(key, TOLD)
    pipe.pexpire(key, rules.minutes * MINUTE)
    answers: Any = await pipe.execute()
    count, told = int(answers[2]), answers[3]
    if count < rules.reports or told is not None:
        return None
    return Surge(case.problem, place, count)


async def staff_know(redis: Redis, found: Surge, at: datetime) -> None:
    """Staff are not told of this surge again while it lasts, unless it outlasts the minutes."""
    await redis.zadd(_key(found.problem, found.place), {TOLD: to_ms(at)})


def _key(problem: str, place: str) -> str:
    name = hashlib.sha256(f"{problem}\0{place}".encode()).hexdigest()[:24]
    return f"{shard_of(name)}:surge:{name}"
