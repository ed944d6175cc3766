"""Whether somebody can take one more, and how long it takes about."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from redis.asyncio import Redis

from bot.content import Content, load_content
from bot.desk.presence import Presence
from bot.handoff.people import Desk, People, nobody
from bot.settings import ROOT

SUNDAY_NIGHT = datetime(2026, 11, 22, 23, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(ROOT / "data")


@pytest.mark.parametrize(
    ("people", "can"),
    [
        (People(open=False, present=2, places=6), False),
        (People(open=True), False),
        (People(open=True, present=1, places=1), True),
        (People(open=True, present=1, places=0, waiting=4), True),
        (People(open=True, present=1, places=0, waiting=5), False),
    ],
)
def test_who_can_take_one_more(content: Content, people: People, can: bool) -> None:
    assert people.can_take(content.handoff) is can


def test_nobody_waits_for_a_free_place_and_the_tenth_longer_than_the_first(
    content: Content,
) -> None:
    people = People(open=True, present=1, places=1, waiting=9)
    waits = [people.expected_minutes(place, content.handoff) for place in (1, 2, 10)]
    assert waits[0] == 0
    assert 0 < waits[1] < waits[2]


def test_closed_says_when_it_opens(content: Content) -> None:
    closed = nobody(content, SUNDAY_NIGHT)
    assert not closed.open
    assert f"{closed.next_opening:%A %H:%M}" == "Monday 08:00"


async def test_whoever_is_away_has_no_place(redis: Redis, content: Content) -> None:
    presence = Presence(redis)
    always = Desk(redis, _always_open(content))
    assert (await always.people()).present == 0
    await presence.beat("agent-1", "Agent One")
    await presence.beat("agent-2", "Agent Two")
    await presence.set_status("agent-2", "Agent Two", "away")
    there = await always.people()
    assert (there.present, there.places) == (1, content.handoff.places_per_agent)


def _always_open(content: Content) -> Content:
    import msgspec

    from bot.content.hours import DAYS, Span

    spans = [Span(opens="00:00", closes="23:59")]
    hours = msgspec.structs.replace(content.hours, weekly=dict.fromkeys(DAYS, spans), holidays=[])
    return msgspec.structs.replace(content, hours=hours)
