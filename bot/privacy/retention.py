"""The retention schedule at work: timer `retention`, once a day; what is too old is erased."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.case.model import decode_case
from bot.clock.clock import set_timer
from bot.clock.parts import Parts, Ring
from bot.clock.times import to_ms, utc_now
from bot.content.retention import Retention, load_retention
from bot.conversation.keys import conversation_keys
from bot.mail.mailbox import FOLDER as MAILBOX
from bot.privacy.erase import Erased, erase
from bot.privacy.find import all_conversations
from bot.settings import ROOT, Settings
from bot.staff.keys import AUDIT

RETENTION = "retention"
DAILY = "daily"  # the name of its one timer
AT_ONCE = 200
DAY = 86_400_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Old:
    """A conversation that is too old, and the rule by which it is."""

    conversation: str
    rule: str


async def retention_due(parts: Parts, ring: Ring) -> datetime | None:
    """Removes what is too old; again tomorrow."""
    schedule = retention()
    done = await clean(parts.redis, parts.settings, schedule, ring.at)
    log.info("retention_done", conversations=done.conversations, keys=done.keys, files=done.files)
    return next_run(schedule, ring.at, parts.content.hours.time_zone)


async def begin_retention(parts: Parts) -> None:
    """Sets the timer, unless it is set; a Redis that is away now is asked again at the next start."""
    at = next_run(retention(), utc_now(), parts.content.hours.time_zone)
    with suppress(RedisError):
        await set_timer(parts, RETENTION, DAILY, to_ms(at))


async def clean(redis: Redis, settings: Settings, schedule: Retention, now: datetime) -> Erased:
    """Erases what is too old at `now`, in portions."""
    old = [it.conversation for it in await too_old(redis, schedule, now)]
    total = Erased()
    for start in range(0, len(old), AT_ONCE):
        done = await erase(redis, settings, old[start : start + AT_ONCE], RETENTION)
        total = _sum(total, done)
    oldest = to_ms(now) - schedule.audit_days * DAY
    await redis.xtrim(AUDIT, minid=f"{oldest}-0", approximate=False)
    mails = await asyncio.to_thread(
        _old_mails,
        settings.state_dir / MAILBOX,
        now - timedelta(days=schedule.development_mailbox_days),
    )
    return _sum(total, Erased(mails=mails))


async def too_old(redis: Redis, schedule: Retention, now: datetime) -> list[Old]:
    """The conversations in which nothing has happened for longer than the schedule allows."""
    found: list[Old] = []
    page: list[str] = []
    async for id in all_conversations(redis):
        page.append(id)
        if len(page) == AT_ONCE:
            found += await _old_of(redis, page, schedule, now)
            page = []
    return found + await _old_of(redis, page, schedule, now)


async def _old_of(
    redis: Redis, page: Sequence[str], schedule: Retention, now: datetime
) -> list[Old]:
    pipe = redis.pipeline(transaction=False)
    for id in page:
        keys = conversation_keys(id)
        pipe.hmget(keys.meta, "changed", "opened")
        pipe.get(keys.case)
        pipe.xrevrange(keys.log, count=1)
    answers: Any = await pipe.execute() if page else []
    rows = zip(page, answers[0::3], answers[1::3], answers[2::3], strict=True)
    found = []
    for id, (changed, opened), stored, last in rows:
        times = [int(it) for it in (changed, opened) if it]
        times += [int(entry_id.partition(b"-")[0]) for entry_id, _ in last]
        rule, days = _rule(stored, schedule)
        if to_ms(now) - max(times, default=0) > days * DAY:
            found.append(Old(id, rule))
    return found


def _rule(stored: bytes | None, schedule: Retention) -> tuple[str, int]:
    case = decode_case(stored) if stored else None
    if case is None or not case.filed:
        return "conversations_without_case", schedule.conversations_without_case_days
    if case.category == "complaint":
        return "complaints", schedule.complaints_days
    return "cases", schedule.cases_days


def next_run(schedule: Retention, after: datetime, zone: str) -> datetime:
    """The next time of day at which the schedule is run, after `after`."""
    local = after.astimezone(ZoneInfo(zone))
    run = datetime.combine(local.date(), time.fromisoformat(schedule.at), ZoneInfo(zone))
    return run if run > local else datetime.combine(
        local.date() + timedelta(days=1), run.timetz()
    )  # fmt: skip


@cache
def retention() -> Retention:
    """The schedule of this checkout, read once per process."""
    return load_retention(ROOT / "data" / "retention.yml")


def _old_mails(maildir: Path, before: datetime) -> int:
    old = [
        path
        for folder in ("new", "cur", "tmp")
        for path in (maildir / folder).glob("*")
        if path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _sum(one: Erased, other: Erased) -> Erased:
    return Erased(
        one.conversations + other.conversations, one.keys + other.keys,
        one.entries + other.entries, one.files + other.files, one.mails + other.mails,
        one.rewritten and other.rewritten,
    )  # fmt: skip
