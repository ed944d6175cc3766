"""Many reports of one fault within minutes: staff are told once, with an entry that can be used."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.case.fields import LOCATION
from bot.case.model import Case, Field, State
from bot.content.files import read_file
from bot.content.follow_up import Surges
from bot.content.records import Incident
from bot.conversation.keys import conversation_keys
from bot.followup.kinds import FILED
from bot.followup.surge import Surge, staff_know, surge
from tests.clock.support import HandClock
from tests.followup.support import MAILBOX, desk

RULES = Surges(reports=3, minutes=30)


def report(place: str | None = "Leeds", problem: str | None = "no_mobile_data") -> Case:
    case = Case(problem=problem)
    return case.with_field(LOCATION, Field(place, State.STATED)) if place else case


async def test_the_third_report_from_one_place_is_told_of_and_no_later_one(redis: Redis) -> None:
    now = HandClock()
    found = []
    for n, place in enumerate(("Leeds", " leeds", "York", "LEEDS", "Leeds", "Leeds")):
        one = await surge(redis, report(place), f"c{n}", now.at, RULES)
        if one is not None:
            await staff_know(redis, one, now.at)
        found.append(one)
        now.turn(minutes=1)
    assert found == [None, None, None, Surge("no_mobile_data", "leeds", 3), None, None]


async def test_reports_that_are_far_apart_or_of_something_else_are_no_surge(redis: Redis) -> None:
    now = HandClock()
    for n in range(9):
        assert await surge(redis, report(), f"far{n}", now.at, RULES) is None
        now.turn(minutes=16)
    for n, problem in enumerate(("no_calls", "slow_data", "no_sms", None, None, None)):
        assert await surge(redis, report("Hull", problem), f"other{n}", now.at, RULES) is None
    for n in range(5):  # the same customer, filed again and again
        assert await surge(redis, report("Bath"), "same", now.at, RULES) is None, n


@pytest.mark.parametrize("place", ["leeds", ""])
def test_what_is_proposed_can_be_put_into_the_file_as_it_is(tmp_path: Path, place: str) -> None:
    path = tmp_path / "incidents.yml"
    path.write_text(Surge("no_mobile_data", place, 3).proposal(HandClock().at, "no mobile data"))
    [incident] = read_file(path, list[Incident])
    assert incident.problems == ["no_mobile_data"]
    assert incident.areas == ([place.title()] if place else [])
    assert incident.since == HandClock().at


async def test_staff_are_written_to(redis: Redis, tmp_path: Path) -> None:
    async with desk(redis, tmp_path) as case:
        found = await case.conversation()
        rules = Surges(reports=10, minutes=30)
        for n in range(9):
            await surge(redis, found.case, f"other{n}", case.now.at, rules)
        # As if it had not been planned yet.
        await redis.delete(conversation_keys("c1").seen)
        await case.change(meta={"planned": ""}, timers={FILED: 1})
        case.now.at += timedelta(seconds=1)
        [mail] = await case.mails()
        assert mail["To"] == MAILBOX
        assert "10 reports of “no mobile data” in 30 minutes" in mail["Subject"]
        body = mail.get_body(("plain",))
        assert body is not None
        assert "problems: [no_mobile_data]" in body.get_content()
