"""The survey page: looking changes nothing, sending does, once; nobody can make a link."""

from __future__ import annotations

import time

import httpx
import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.case.filing import filed
from bot.case.model import Case, Resolution
from bot.clock.times import to_ms, utc_now
from bot.content.follow_up import Answer, follow_up
from bot.conversation.change import Change
from bot.conversation.events import SYSTEM, owner_event
from bot.conversation.keys import conversation_keys
from bot.conversation.numbers import propose_number
from bot.conversation.owner import Owner
from bot.conversation.store import Conversations
from bot.followup.survey import DAY, Asked, SurveyLinks
from tests.conversation.support import dump, texts
from tests.edge.conftest import Customer, Edge

EXPLAINED = "We are sorry. Your case is open again"


@pytest.fixture
def asked(customer: Customer) -> Asked:
    return Asked(customer.id, int(time.time() * 1000))


@pytest.fixture
async def redis(redis_url: str) -> Redis:
    """The edge's own Redis, not emptied: the customer is in it."""
    return Redis.from_url(redis_url)


async def closed(redis: Redis, id: str, category: str = "technical") -> None:
    """The conversation as it is after an agent has ended it."""
    conversations = Conversations(redis)
    now = utc_now().isoformat(timespec="seconds")
    case = filed(Case(problem="no_mobile_data", category=category), propose_number(id), now)  # type: ignore[arg-type]
    case = replace(case, resolution=Resolution("solved", now))
    await conversations.change(
        await conversations.read(id),
        Change(owner=Owner.CLOSED, case=case, events=[owner_event("closed")]),
    )


def links(edge: Edge) -> SurveyLinks:
    return SurveyLinks(edge.url, (edge.state_dir / "secret").read_text())


def send(client: httpx.Client, edge: Edge, asked: Asked, answer: str) -> httpx.Response:
    path = f"/survey/{links(edge).token(asked)}"
    return client.post(path, data={"answer": answer}, headers={"Origin": edge.url})


async def test_looking_changes_nothing(
    client: httpx.Client, edge: Edge, redis: Redis, asked: Asked
) -> None:
    await closed(redis, asked.conversation)
    before = await dump(redis)
    for answer in ("solved", "not_solved", "nonsense"):
        page = client.get(links(edge).link(asked, "solved").replace("=solved", f"={answer}"))
        assert page.status_code == 200
        assert ("required checked>" in page.text) is (answer != "nonsense")
    assert client.head(f"/survey/{links(edge).token(asked)}").status_code == 200
    assert await dump(redis) == before


async def test_not_solved_opens_the_case_again_once_and_raises_it(
    client: httpx.Client, edge: Edge, redis: Redis, asked: Asked
) -> None:
    await closed(redis, asked.conversation, "complaint")
    for answer in ("not_solved", "not_solved", "solved"):
        page = send(client, edge, asked, answer)
        assert page.status_code == 200
        assert EXPLAINED in page.text
    after = await Conversations(redis).read(asked.conversation)
    assert (after.owner, after.queue, after.meta["survey"]) == (Owner.BOT, "mail", "not_solved")
    assert after.case.resolution is None
    told = follow_up().survey.words.opened_again
    assert (await texts(redis, asked.conversation, SYSTEM)).count(told) == 1
    keys = conversation_keys(asked.conversation)
    for kind in ("escalation", "complaint"):
        due = await redis.zscore(keys.timers, f"{kind}:{asked.conversation}")
        assert due is not None
        assert due <= to_ms(utc_now())
    assert EXPLAINED in client.get(f"/survey/{links(edge).token(asked)}").text


@pytest.mark.parametrize("answer", ["solved", "partly"])
async def test_other_answers_are_kept_and_leave_the_case_closed(
    client: httpx.Client, edge: Edge, redis: Redis, asked: Asked, answer: Answer
) -> None:
    await closed(redis, asked.conversation)
    assert "Thank you" in send(client, edge, asked, answer).text
    after = await Conversations(redis).read(asked.conversation)
    assert (after.owner, after.meta["survey"]) == (Owner.CLOSED, answer)
    log = await Conversations(redis).all_events(asked.conversation)
    assert [it.private["survey"] for it in log if it.type == "note"] == [answer]


async def test_without_an_answer_the_question_is_asked_again(
    client: httpx.Client, edge: Edge, redis: Redis, asked: Asked
) -> None:
    await closed(redis, asked.conversation)
    page = send(client, edge, asked, "perhaps")
    assert page.status_code == 422
    assert "<form" in page.text
    assert "survey" not in (await Conversations(redis).read(asked.conversation)).meta


async def test_links_that_are_not_ours_too_old_or_of_erased_cases_do_nothing(
    client: httpx.Client, edge: Edge, redis: Redis, asked: Asked
) -> None:
    await closed(redis, asked.conversation)
    real = links(edge).token(asked)
    later = Asked(asked.conversation, asked.at + 1)
    old = Asked(asked.conversation, asked.at - (follow_up().survey.open_days + 1) * DAY)
    forged = SurveyLinks(edge.url, "another secret").token(asked)
    swapped = f"{later.conversation}.{later.at}.{real.rpartition('.')[2]}"
    gone = links(edge).token(Asked("never-was", asked.at))
    before = await dump(redis)
    for token in (
        forged,
        swapped,
        links(edge).token(old),
        gone,
        "x",
        "%ED%A0%80.1.x",
        real[:-1],
    ):
        for answer in (
            client.get(f"/survey/{token}"),
            client.post(f"/survey/{token}", data={"answer": "not_solved"}),
        ):
            assert answer.status_code == 404
            assert answer.headers["content-security-policy"]
    assert await dump(redis) == before


async def test_pages_of_others_cannot_answer_for_a_customer(
    client: httpx.Client, edge: Edge, redis: Redis, asked: Asked
) -> None:
    await closed(redis, asked.conversation)
    path = f"/survey/{links(edge).token(asked)}"
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = client.post(path, data={"answer": "not_solved"}, headers=headers)
        assert refused.status_code == 403
    assert (await Conversations(redis).read(asked.conversation)).owner is Owner.CLOSED
