"""The schedule: what is too old goes by itself, at night, and nothing else does."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock.clock import Clock, set_timer
from bot.clock.handlers import HANDLERS
from bot.clock.parts import Parts
from bot.clock.times import to_ms
from bot.content.retention import load_retention
from bot.conversation.events import message
from bot.errors import ContentError, NotFound
from bot.privacy.retention import DAILY, RETENTION, next_run, retention, too_old
from bot.settings import ROOT
from bot.staff.audit import Audit
from tests.clock.support import HandClock
from tests.privacy.support import customer, everything, left

LONDON = ZoneInfo("Europe/London")


def night(parts: Parts, now: datetime) -> datetime:
    return next_run(retention(), now, parts.content.hours.time_zone)


async def test_each_kind_is_kept_as_long_as_the_schedule_says_and_then_no_longer(
    parts: Parts,
) -> None:
    schedule = retention()
    one = await customer(parts, "Aaa-_1", "8847201193")
    await parts.conversations.open("Draft1", "hash", "en", [message("customer", "a secret draft")])
    now = HandClock(datetime.now(timezone.utc))
    clock = Clock({RETENTION: HANDLERS[RETENTION]}, parts, now)
    await set_timer(parts, RETENTION, DAILY, to_ms(night(parts, now.at)))

    async def nights_until(days: int) -> None:
        now.at += timedelta(days=days)
        await clock.ring_due()

    await nights_until(schedule.conversations_without_case_days - 1)
    assert (await parts.conversations.read("Draft1")).id == "Draft1"
    await nights_until(2)
    with pytest.raises(NotFound):
        await parts.conversations.read("Draft1")
    assert b"secret draft" not in await everything(parts.redis)
    assert (await parts.conversations.read(one.id)).case.number == one.number
    await nights_until(schedule.cases_days)
    with pytest.raises(NotFound):
        await parts.conversations.read(one.id)
    assert left(await everything(parts.redis), one.secrets) == []
    erased = [entry for entry in await Audit(parts.redis).page() if entry.staff == RETENTION]
    assert {entry.about for entry in erased} == {"Draft1", one.id}


async def test_a_conversation_in_which_something_happened_counts_from_then(parts: Parts) -> None:
    await parts.conversations.open("Draft1", "hash", "en", [message("bot", "Hello")])
    schedule = retention()
    later = datetime.now(timezone.utc) + timedelta(
        days=schedule.conversations_without_case_days, hours=1
    )
    [old] = await too_old(parts.redis, schedule, later)
    assert (old.conversation, old.rule) == ("Draft1", "conversations_without_case")
    await parts.conversations.say("Draft1", "m1", message("customer", "still here"))
    said = datetime.now(timezone.utc)
    days = timedelta(days=schedule.conversations_without_case_days)
    assert await too_old(parts.redis, schedule, said + days - timedelta(minutes=1)) == []


def test_it_runs_at_the_same_time_of_day_whatever_the_clocks_do() -> None:
    schedule = retention()
    before_the_change = datetime(2027, 3, 27, 12, tzinfo=LONDON)
    run = next_run(schedule, before_the_change, "Europe/London")
    assert (run.day, run.hour, run.minute) == (28, 3, 30)
    following = next_run(schedule, run, "Europe/London")
    assert (following.day, following.hour, following.minute) == (29, 3, 30)


def test_a_schedule_that_cannot_be_is_refused(tmp_path: Path) -> None:
    path = ROOT / "data" / "retention.yml"
    broken = tmp_path / "retention.yml"
    broken.write_text(path.read_text().replace("cases_days: 730", "cases_days: 0"))
    with pytest.raises(ContentError, match="cases_days"):
        load_retention(broken)
