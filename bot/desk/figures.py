"""What managers watch: counted with the changes themselves, day by day (UTC), summed over shards.

Times are counted in classes each a quarter longer than the one before, so a median or 90th
percentile read from them is right to about an eighth.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone

import msgspec
from redis.asyncio import Redis

from bot.content import Content
from bot.conversation.events import in_utc
from bot.conversation.keys import BY_MAIL, SHARD_TAGS, WAITING, WITH_AGENT, figures_key
from bot.desk.queues import length, listed
from bot.desk.reading import answered

CONVERSATIONS = "conversations"
HANDED_OVER = "handed_over"
FILED = "filed"
SELF_SOLVED = "self_solved"
FIELDS_WANTED = "fields_wanted"
FIELDS_KNOWN = "fields_known"
FIRST_RESPONSE = "first_response"
HANDLING = "handling"
PROBLEM = "problem"
SURVEYED = "survey"

CLASSES_A_DECADE = 10
MOST_DAYS = 92
TOP_PROBLEMS = 10


def duration(name: str, milliseconds: int) -> str:
    """The counter for a time called `name` that took so long."""
    seconds = max(0, milliseconds) / 1000
    return f"{name}:{round(CLASSES_A_DECADE * math.log10(seconds + 1))}"


class Spread(msgspec.Struct, frozen=True):
    """Seconds that half, and that nine in ten, took at most; None when nothing was counted."""

    median: float | None
    p90: float | None


class SelfService(msgspec.Struct, frozen=True):
    """Conversations that the bot has solved alone, of all that were opened."""

    solved: int
    all: int


class TopProblem(msgspec.Struct, frozen=True):
    """How often a kind of problem was filed."""

    problem: str
    title: str
    count: int


class Day(msgspec.Struct, frozen=True):
    """One day; times are medians in seconds, completeness a share from 0 to 1."""

    date: str
    conversations: int
    handed_over: int
    filed: int
    self_solved: int
    first_response_seconds: float | None
    handling_seconds: float | None
    completeness: float | None


class Figures(msgspec.Struct, frozen=True):
    """How things stand now, and over the last days; None where there is nothing yet.

    survey: how often customers gave which answer.
    """

    at: str
    waiting: int
    longest_wait_seconds: float | None
    with_agents: int
    open_mail: int
    first_response_seconds: Spread
    handling_seconds: Spread
    self_service: SelfService
    completeness: float | None
    problems: list[TopProblem]
    survey: dict[str, int]
    days: list[Day]


async def read_figures(redis: Redis, content: Content, days: int) -> Figures:
    """The figures of now and of the last `days` days, today among them."""
    now = int(time.time() * 1000)
    counted = await _counted(redis, days)
    total = sum(counted.values(), Counter[str]())
    longest = await listed(redis, WAITING, most=1)
    return Figures(
        at=in_utc(now), waiting=await length(redis, WAITING),
        longest_wait_seconds=(now - longest[0][1]) / 1000 if longest else None,
        with_agents=await length(redis, WITH_AGENT), open_mail=await length(redis, BY_MAIL),
        first_response_seconds=_spread(total, FIRST_RESPONSE),
        handling_seconds=_spread(total, HANDLING),
        self_service=SelfService(total[SELF_SOLVED], total[CONVERSATIONS]),
        completeness=_completeness(total), problems=_problems(total, content),
        survey=_of(total, SURVEYED),
        days=[_day(day, counts) for day, counts in counted.items()],
    )  # fmt: skip


async def _counted(redis: Redis, days: int) -> dict[date, Counter[str]]:
    today = datetime.now(timezone.utc).date()
    wanted = [today - timedelta(days=n) for n in reversed(range(days))]
    pipe = redis.pipeline(transaction=False)
    for day in wanted:
        for shard in SHARD_TAGS:
            pipe.hgetall(figures_key(shard, day.isoformat()))
    found = iter(await answered(pipe.execute()))
    return {day: _summed(next(found) for _ in SHARD_TAGS) for day in wanted}


def _summed(shards: Iterable[Mapping[bytes, bytes]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counts in shards:
        total.update({name.decode(): int(count) for name, count in counts.items()})
    return total


def _day(day: date, counts: Counter[str]) -> Day:
    return Day(
        date=day.isoformat(), conversations=counts[CONVERSATIONS],
        handed_over=counts[HANDED_OVER], filed=counts[FILED], self_solved=counts[SELF_SOLVED],
        first_response_seconds=_spread(counts, FIRST_RESPONSE).median,
        handling_seconds=_spread(counts, HANDLING).median, completeness=_completeness(counts),
    )  # fmt: skip


def _completeness(counts: Counter[str]) -> float | None:
    wanted = counts[FIELDS_WANTED]
    return round(counts[FIELDS_KNOWN] / wanted, 3) if wanted else None


def _problems(counts: Counter[str], content: Content) -> list[TopProblem]:
    found = _of(counts, PROBLEM)
    top = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:TOP_PROBLEMS]
    return [TopProblem(name, _title(name, content), count) for name, count in top]


def _title(problem: str, content: Content) -> str:
    known = content.problems.get(problem)
    return known.title if known else "Other request"


def _spread(counts: Counter[str], name: str) -> Spread:
    classes = sorted((int(one), count) for one, count in _of(counts, name).items())
    return Spread(_at(classes, 0.5), _at(classes, 0.9))


def _at(classes: list[tuple[int, int]], share: float) -> float | None:
    """The seconds of the class in which `share` of all counted is reached."""
    left = share * sum(count for _, count in classes)
    for number, count in classes:
        left -= count
        if left <= 0:
            return round(10 ** (number / CLASSES_A_DECADE) - 1, 1)
    return None


def _of(counts: Counter[str], name: str) -> dict[str, int]:
    prefix = f"{name}:"
    return {it[len(prefix) :]: count for it, count in counts.items() if it.startswith(prefix)}
