"""The figures: counted with what happens, read as managers want them."""

from __future__ import annotations

import time
from dataclasses import replace

import msgspec
import pytest
from redis.asyncio import Redis

from bot.case.filing import filed
from bot.case.model import Field, State
from bot.content import load_content
from bot.content.follow_up import Answer
from bot.conversation.change import Change
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation, Conversations
from bot.desk import moves
from bot.desk.figures import FIRST_RESPONSE, Figures, duration, read_figures
from bot.desk.rows import Agent
from bot.followup.survey import Asked, answered
from bot.handoff.passing import to_queue
from bot.mail.destinations import Destinations
from bot.mail.filing import filing_of
from bot.settings import ROOT
from tests.conversation.support import opened

CONTENT = load_content(ROOT / "data")
AGENT = Agent("agent-1", "Agent One")
SECOND = 1000


async def figures(redis: Redis, days: int = 1) -> Figures:
    return await read_figures(redis, CONTENT, days)


async def changed(redis: Redis, id: str, change: Change) -> Conversation:
    conversations = Conversations(redis)
    await conversations.change(await conversations.read(id), change)
    return await conversations.read(id)


async def test_nothing_has_happened_yet(redis: Redis) -> None:
    empty = await figures(redis, 3)
    assert (empty.waiting, empty.longest_wait_seconds, empty.completeness) == (0, None, None)
    assert (empty.first_response_seconds.median, empty.problems) == (None, [])
    assert [day.conversations for day in empty.days] == [0, 0, 0]


async def test_a_conversation_from_hand_over_to_its_end(redis: Redis) -> None:
    now = int(time.time() * SECOND)
    conversation = await opened(redis)
    begun = now - 60 * SECOND
    handed = to_queue(conversation, 1, "asked", begun, CONTENT)
    conversation = await changed(redis, "c1", Change(**handed))
    waiting = await figures(redis)
    assert (waiting.waiting, waiting.with_agents, waiting.days[0].handed_over) == (1, 0, 1)
    assert waiting.longest_wait_seconds == pytest.approx(60, abs=5)
    taken = moves.claim(conversation, AGENT, begun + 20 * SECOND, CONTENT)
    conversation = await changed(redis, "c1", taken)
    for text in ("Hello", "Still there?"):
        at = begun + 30 * SECOND
        said = moves.say(conversation, text, text, at, None, CONTENT)
        conversation = await changed(redis, "c1", said)
    await changed(redis, "c1", moves.resolve(conversation, "solved", "", now, CONTENT))
    done = await figures(redis)
    assert (done.waiting, done.with_agents, done.self_service.all) == (0, 0, 1)
    assert done.first_response_seconds.median == pytest.approx(30, rel=0.13)
    assert done.handling_seconds.p90 == pytest.approx(40, rel=0.13)


async def test_who_goes_back_to_the_queue_is_not_counted_twice(redis: Redis) -> None:
    conversation = await opened(redis)
    conversation = await changed(
        redis, "c1", Change(**to_queue(conversation, 1, "asked", 5, CONTENT))
    )
    again = to_queue(replace(conversation, owner=Owner.AGENT), 1, "asked", 9, CONTENT)
    assert again["counts"] == {}


async def test_filed_cases_how_complete_and_about_what(redis: Redis) -> None:
    for id, problem in (("c1", "slow_data"), ("c2", "slow_data"), ("c3", None)):
        conversation = await opened(redis, id)
        case = conversation.case.with_field("device", Field("Pixel 8", State.STATED))
        case = msgspec.structs.replace(case, problem=problem, category="technical")
        case = filed(case, f"FL-00000{id[1]}", None)
        filing = filing_of(id, case, [], CONTENT, Destinations({}, "cases@meadow.example"))
        assert not filing_of(
            id, filed(case, None, None), [], CONTENT, Destinations({}, "x@y.example")
        ).counts
        await changed(redis, id, Change(case=case, counts=filing.counts))
    found = await figures(redis)
    assert found.days[0].filed == 3
    assert [(it.problem, it.count) for it in found.problems] == [("slow_data", 2), ("", 1)]
    assert found.problems[0].title == CONTENT.problems["slow_data"].title
    assert found.completeness is not None
    assert 0 < found.completeness < 0.5


async def test_median_and_nine_in_ten(redis: Redis) -> None:
    await opened(redis)
    for seconds, times in ((10, 5), (100, 4), (1000, 1)):
        counts = {duration(FIRST_RESPONSE, seconds * SECOND): times}
        await changed(redis, "c1", Change(counts=counts))
    spread = (await figures(redis)).first_response_seconds
    assert spread.median == pytest.approx(10, rel=0.13)
    assert spread.p90 == pytest.approx(100, rel=0.13)


async def test_what_customers_say_afterwards(redis: Redis) -> None:
    conversation = await opened(redis)
    answers: tuple[Answer, ...] = ("solved", "partly")
    for at, answer in enumerate(answers):
        survey = answered(conversation, Asked("c1", at), answer, 5, CONTENT)
        conversation = await changed(redis, "c1", survey)
        again = answered(conversation, Asked("c1", at), answer, 5, CONTENT)
        await changed(redis, "c1", again)
    assert (await figures(redis)).survey == {"solved": 1, "partly": 1}
