"""The trainers' calls at a real edge, with a real trainer process behind it."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator

import httpx
import pytest
from redis.asyncio import Redis

from bot.conversation.events import CUSTOMER, encode_event, message, owner_event, turn_event
from bot.conversation.keys import conversation_keys
from bot.conversation.store import Conversations
from bot.settings import ROOT
from bot.staff.roles import Role
from bot.supervisor.stack import ENGINE, python_of
from bot.training.jobs import Jobs
from tests.edge.conftest import problem
from tests.support.processes import end
from tests.support.staff import Colleague, add_account, sign_in

PATH = "/api/v1/staff/train"
UNSURE = {"model": "m", "intent": "faq", "alone": "faq", "confidence": 0.2, "found": [],
          "corrects": [], "did": [], "asked": None, "asks": None}  # fmt: skip


@pytest.fixture
async def trainer(client: httpx.Client, redis: Redis) -> Colleague:
    return sign_in(client, (await add_account(redis, Role.TRAINER)).login)


@pytest.fixture(scope="module")
def trainer_process(redis_url: str) -> Iterator[None]:
    """The process that looks, trains and compares."""
    environment = {**os.environ, "FIRSTLINE_REDIS_URL": redis_url, "PYTHONPATH": str(ROOT)}
    command = [str(python_of(ENGINE)), "-m", "bot.engine.trainer"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        yield
        assert end(process, within=60) == 0


@pytest.fixture
async def misread(redis: Redis) -> str:
    """A message that the bot was unsure of; its name in the inbox."""
    conversations = Conversations(redis)
    await conversations.open("c1", "hash", "en", [owner_event("bot")])
    said = message(CUSTOMER, "who records my missed rings, jo@post.example")
    id, _ = await conversations.say("c1", "m1", said)
    kind, body, private = encode_event(turn_event(id, UNSURE))
    await redis.xadd(conversation_keys("c1").log, {"t": kind, "d": body, "p": private})
    return f"c1/{id}"


async def test_the_inbox_has_the_message_with_its_nearest_examples(
    trainer: Colleague, misread: str, trainer_process: None
) -> None:
    answer = await asyncio.to_thread(trainer.get, f"{PATH}/inbox")
    [group] = answer.json()["groups"]
    [row] = group["messages"]
    assert row["id"] == misread
    assert row["text"] == "who records my missed rings, ••@post.example"
    assert row["reasons"] == ["unsure"]
    assert len(row["nearest"]) == 3
    assert "jo@" not in answer.text


async def test_a_sentence_that_would_teach_nothing(
    trainer: Colleague, trainer_process: None
) -> None:
    known = {"text": "how do I listen to my voicemail", "label": "faq/voicemail"}
    looked = await asyncio.to_thread(trainer.post, f"{PATH}/nearest", json=known)
    assert "is an example already" in looked.json()["nothing_new"]
    new = {"text": "who records my missed rings", "label": "faq/voicemail"}
    looked = await asyncio.to_thread(trainer.post, f"{PATH}/nearest", json=new)
    assert looked.json()["nothing_new"] == ""


async def test_what_is_put_away_does_not_come_back(
    trainer: Colleague, misread: str, trainer_process: None
) -> None:
    trainer.post(f"{PATH}/dismissed", json={"messages": [misread]})
    answer = await asyncio.to_thread(trainer.get, f"{PATH}/inbox")
    assert answer.json()["groups"] == []


async def test_an_example_is_proposed_without_personal_data(
    trainer: Colleague, misread: str
) -> None:
    answer = trainer.get(f"{PATH}/message", params={"id": misread})
    assert answer.json() == {"text": "who records my missed rings, name@mail.example"}
    problem(trainer.get(f"{PATH}/message", params={"id": "c1/1-0"}), 404)
    problem(trainer.get(f"{PATH}/message", params={"id": "nothing"}), 404)


async def test_a_job_of_a_comparison_needs_models(
    trainer: Colleague, redis: Redis, trainer_process: None
) -> None:
    problem(trainer.post(f"{PATH}/jobs", json={"kind": "compare"}), 422)
    problem(trainer.post(f"{PATH}/jobs", json={"kind": "dance"}), 422)
    wants = {"kind": "compare", "model": "f" * 16}
    job = trainer.post(f"{PATH}/jobs", json=wants).json()
    jobs = Jobs(redis)
    async with asyncio.timeout(60):
        while not (await jobs.read(job["id"])).ended:
            await asyncio.sleep(0.05)
    ended = trainer.get(f"{PATH}/jobs/{job['id']}").json()
    assert (ended["state"], ended["result"]) == ("failed", None)
    assert "There is no model called" in ended["fault"]
    problem(trainer.get(f"{PATH}/jobs/none"), 404)


async def test_content_is_browsed_and_looked_at_without_writing(trainer: Colleague) -> None:
    found = trainer.get(f"{PATH}/content", params={"q": "change my voicemail greeting"}).json()
    assert "voicemail" in [item["name"] for item in found["items"]]
    assert len(found["items"]) < 5
    before = trainer.get(f"{PATH}/content/article/voicemail").json()
    change = {"fields": {"title": "Voicemail and more"}, "write": False}
    looked = trainer.request("PUT", f"{PATH}/content/article/voicemail", json=change).json()
    assert "+title: Voicemail and more" in looked["patch"]
    assert looked["written"] is False
    assert trainer.get(f"{PATH}/content/article/voicemail").json() == before
    problem(trainer.get(f"{PATH}/content/article/boats"), 404)
    wrong = {"fields": {"colour": "red"}}
    refused = trainer.request("PUT", f"{PATH}/content/article/voicemail", json=wrong)
    assert "has no colour" in problem(refused, 422)["detail"]


async def test_rules_checks_versions_and_the_patch(trainer: Colleague) -> None:
    ways = trainer.get(f"{PATH}/ways").json()["ways"]
    assert any(way["name"] == "Goodbye" for way in ways)
    findings = trainer.get(f"{PATH}/check").json()["findings"]
    assert all(finding["severity"] == "warning" for finding in findings)
    versions = trainer.get(f"{PATH}/versions").json()
    assert versions["history"] == []
    assert len(versions["present"]) == 16
    patch = trainer.get(f"{PATH}/patch")
    assert (patch.text, patch.headers["content-type"]) == ("", "text/x-diff; charset=utf-8")


async def test_going_live_needs_a_model_and_going_back_a_former_one(trainer: Colleague) -> None:
    problem(trainer.post(f"{PATH}/live", json={"model": "f" * 16}), 404)
    problem(trainer.post(f"{PATH}/live", json={"model": "../../../etc"}), 422)
    problem(trainer.post(f"{PATH}/back", json={}), 409)
