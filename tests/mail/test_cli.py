"""`bin/firstline outbox` against a real Redis."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner, Result
from redis.asyncio import Redis

from bot.conversation.work import Claim
from bot.mail.cli import outbox as command
from bot.mail.outbox import Outbox
from tests.mail.sample import CUSTOMER, QUEUE, filed


@pytest.fixture(autouse=True)
def _here(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTLINE_REDIS_URL", redis_url)


async def _run(*arguments: str) -> Result:
    """The command as a person calls it; in a thread because it runs a loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, command, arguments)


async def _claims(redis: Redis) -> list[Claim]:
    queue = Outbox(redis).queue
    claims = []
    while claim := await queue.claim():
        claims.append(claim)
    return claims


async def test_an_empty_outbox(redis: Redis) -> None:
    assert "empty" in (await _run("list")).output
    assert "empty; 0 dead" in (await _run("drain")).output


async def test_list_show_and_replay(redis: Redis) -> None:
    case, acknowledgement = await filed(redis, "conversation")
    outbox = Outbox(redis)
    for claim in await _claims(redis):
        await outbox.begin(claim, "<1@x>")
        if claim.member == acknowledgement.id:
            await outbox.bury(claim, "550 nobody here")
        else:
            await outbox.sent(claim)

    listed = (await _run("list")).output
    assert acknowledgement.id in listed
    assert "550 nobody here" in listed
    assert case.id not in listed
    assert QUEUE in (await _run("list", "--state", "sent")).output

    shown = (await _run("show", acknowledgement.id)).output
    assert CUSTOMER in shown
    assert "<1@x>" in shown
    assert "dead" in shown

    assert (await _run("drain")).output.strip().endswith("1 dead letters.")
    assert "1 to be sent again" in (await _run("replay", "--all")).output
    assert (await outbox.read(acknowledgement.id)).state.value == "due"
    late = await _run("replay", acknowledgement.id)
    assert late.exit_code == 1
    assert "neither dead nor deferred" in late.output
    status = await _run("status")
    assert status.exit_code == 1
    assert "waiting       1" in status.output
    assert "none at work" in status.output
    waiting = await _run("drain", "--timeout", "0.1")
    assert waiting.exit_code == 1
    assert "1 mails are still waiting" in waiting.output


async def test_mistakes_are_one_line(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no mail of the outbox" in (await _run("show", "nonsense")).output
    assert (await _run("replay")).exit_code == 2
    monkeypatch.setenv("FIRSTLINE_REDIS_URL", "redis://127.0.0.1:1/0")
    away = await _run("list")
    assert away.exit_code == 1
    assert "Redis does not answer" in away.output
