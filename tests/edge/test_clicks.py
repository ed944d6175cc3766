"""Choices that the edge acts on itself: to stop waiting, and the survey."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from bot.content import Content, load_content
from bot.conversation.change import Change
from bot.conversation.events import Choice
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation, Conversations
from bot.desk.moves import claim, resolve
from bot.desk.rows import Agent
from bot.handoff.passing import STOP_WAITING, to_queue
from bot.settings import ROOT
from tests.edge.conftest import Customer

AGENT = Agent("agent-1", "Agent One")
NOW = 1_795_000_000_000


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(ROOT / "data")


def click(customer: Customer, choice: str, id: str = "") -> httpx.Response:
    body = {"id": id or str(uuid.uuid4()), "choice": choice}
    return customer.post("messages", json=body)


async def changed(redis: Redis, customer: Customer, change: Change) -> Conversation:
    conversations = Conversations(redis)
    await conversations.change(await conversations.read(customer.id), change)
    return await conversations.read(customer.id)


async def test_whoever_stops_waiting_is_with_the_bot_once(
    redis: Redis, customer: Customer, content: Content
) -> None:
    known = await Conversations(redis).read(customer.id)
    choice = Choice("stop", "Stop waiting", STOP_WAITING)
    moved: dict[str, Any] = to_queue(known, 1, "a wish", NOW, content)
    waiting = await changed(redis, customer, Change(choices=[choice], **moved))
    id = str(uuid.uuid4())
    answers = [click(customer, "stop", id) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    after = await Conversations(redis).read(customer.id)
    assert (after.owner, after.epoch) == (Owner.BOT, waiting.epoch + 1)
    assert customer.said() == ["Stop waiting"]
    assert after.heard == answers[0].json()["event"] != after.cursor


async def with_survey(redis: Redis, customer: Customer, content: Content) -> dict[str, str]:
    """A conversation that an agent has ended; the survey's choices by their labels."""
    known = await Conversations(redis).read(customer.id)
    taken = await changed(redis, customer, claim(known, AGENT, NOW, content))
    await changed(redis, customer, resolve(taken, "solved", "", NOW, content))
    asked = customer.events()[-1]
    assert asked["from"] == "system"
    return {choice["label"]: choice["id"] for choice in asked["choices"]}


async def test_a_happy_answer_is_kept_and_opens_nothing(
    redis: Redis, customer: Customer, content: Content
) -> None:
    choices = await with_survey(redis, customer, content)
    assert click(customer, choices["Yes, it is solved"]).status_code == 202
    after = await Conversations(redis).read(customer.id)
    assert after.owner is Owner.CLOSED
    assert after.meta["survey"] == "solved"
    assert customer.events()[-1]["text"].startswith("Thank you")


async def test_not_solved_opens_the_case_again_for_staff(
    redis: Redis, customer: Customer, content: Content
) -> None:
    choices = await with_survey(redis, customer, content)
    assert click(customer, choices["No, it is still a problem"]).status_code == 202
    after = await Conversations(redis).read(customer.id)
    assert (after.owner, after.queue) == (Owner.BOT, "mail")
    assert after.case.resolution is None


async def test_a_survey_is_answered_once(
    redis: Redis, customer: Customer, content: Content
) -> None:
    choices = await with_survey(redis, customer, content)
    first = click(customer, choices["Partly"])
    second = click(customer, choices["No, it is still a problem"])
    assert first.status_code == second.status_code == 202
    assert (await Conversations(redis).read(customer.id)).meta["survey"] == "partly"
    assert customer.said() == ["Partly"]
