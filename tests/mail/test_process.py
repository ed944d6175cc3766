"""The courier as a process of its own: killed, stopped, and told apart from its Redis."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.conversation.keys import shard_of
from bot.mail.order import MailOrder
from bot.mail.outbox import Outbox, State
from bot.mail.worker import LIMITS
from tests.mail import fault_server as at
from tests.mail.conftest import PATIENCE, REPEATS, emptied, until
from tests.mail.fault_server import DROP, STALL, FaultServer
from tests.mail.sample import filed


class Process:
    """`python -m bot.mail` and the log lines it writes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[dict[str, object]] = []
        self._reading = asyncio.create_task(self._read())
        self._ready = asyncio.Event()

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.lines.append(json.loads(line))
            if self.lines[-1]["event"] == "ready":
                self._ready.set()

    async def ready(self) -> None:
        """Returns when it says that it is ready."""
        await asyncio.wait_for(self._ready.wait(), PATIENCE)

    async def ended(self, within: float = PATIENCE) -> int:
        """Its exit code, when it has ended."""
        code = await asyncio.wait_for(self.process.wait(), within)
        await self._reading
        return code


@asynccontextmanager
async def courier_process(
    redis_url: str, server: FaultServer, state_dir: Path
) -> AsyncIterator[Process]:
    """A courier process that is ready; killed at the end of the block if it still runs."""
    environment = {
        **os.environ,
        "FIRSTLINE_REDIS_URL": redis_url,
        "FIRSTLINE_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        "FIRSTLINE_STATE_DIR": str(state_dir),
        "FIRSTLINE_MAIL_FROM": "Meadow Mobile Support <support@meadow.example>",
    }
    started = Process(
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.mail", env=environment, stderr=asyncio.subprocess.PIPE
        )
    )
    try:
        await started.ready()
        yield started
    finally:
        if started.process.returncode is None:
            started.process.kill()
        await started.ended()


async def test_killed_between_the_250_and_its_record(
    redis: Redis, redis_url: str, server: FaultServer, tmp_path: Path
) -> None:
    """The writes of Redis are held back, so the courier has the 250 and cannot record it."""
    answered = asyncio.Event()

    async def hold_back() -> None:
        await redis.client_pause(60_000, all=False)
        answered.set()

    for round in range(REPEATS):
        order = await _only_case_mail(redis, f"conversation{round}")
        server.before_reply = hold_back
        async with courier_process(redis_url, server, tmp_path) as courier:
            await asyncio.wait_for(answered.wait(), PATIENCE)
            await until(lambda: _is_recording(redis))
            courier.process.kill()
            await courier.ended()
        await until(lambda: _nobody_is_held_back(redis))
        await redis.client_unpause()
        answered.clear()
        server.before_reply = None

        outbox = Outbox(redis)
        assert (await outbox.read(order.id)).state is State.SENDING
        await _run_out(redis, order)
        async with courier_process(redis_url, server, tmp_path):
            await emptied(outbox)
        entry = await outbox.read(order.id)
        assert (entry.state, entry.attempts) == (State.SENT, 2)
        assert Counter(server.message_ids)[entry.message_id] == 2
    assert len(Counter(server.message_ids)) == REPEATS


@pytest.mark.parametrize("stage", [at.GREETING, at.MAIL, at.RCPT, at.DATA, at.DOT])
async def test_killed_in_the_middle_of_a_sending(
    stage: str, redis: Redis, redis_url: str, server: FaultServer, tmp_path: Path
) -> None:
    order = await _only_case_mail(redis, "conversation")
    server.faults.planned = [(stage, STALL)]
    async with courier_process(redis_url, server, tmp_path) as courier:
        await until(lambda: _reached(server))
        courier.process.kill()
        await courier.ended()
    outbox = Outbox(redis)
    await _run_out(redis, order)
    async with courier_process(redis_url, server, tmp_path):
        await emptied(outbox)
    entry = await outbox.read(order.id)
    assert entry.state is State.SENT
    assert Counter(server.message_ids) == {entry.message_id: 2 if stage == at.DOT else 1}


async def test_killed_again_and_again_at_any_moment(
    redis: Redis, redis_url: str, server: FaultServer, tmp_path: Path
) -> None:
    """Acknowledged mails are delivered, each under one Message-ID, twice only if a kill hit them."""
    outbox = Outbox(redis)
    ordered: list[MailOrder] = []
    for round in range(REPEATS):
        for n in range(6):
            ordered += await filed(redis, f"conversation{round}.{n}")
        stored, wanted = asyncio.Event(), len(server.stored) + random.randint(1, 8)
        server.before_reply = lambda: _tell(stored, len(server.stored) >= wanted)  # noqa: B023
        async with courier_process(redis_url, server, tmp_path) as courier:
            await asyncio.wait_for(stored.wait(), PATIENCE)
            await asyncio.sleep(random.random() / 50)
            courier.process.kill()
            await courier.ended()
        for order in ordered:
            await _run_out(redis, order)
    async with courier_process(redis_url, server, tmp_path):
        await emptied(outbox)
    delivered = Counter(server.message_ids)
    assert set(delivered) == {(await outbox.read(order.id)).message_id for order in ordered}
    assert len(delivered) == len(ordered)
    assert sum(delivered.values()) <= len(ordered) + REPEATS * LIMITS.in_hand


async def _tell(event: asyncio.Event, now: bool) -> None:
    if now:
        event.set()


async def test_stopped_it_finishes_the_mail_in_hand(
    redis: Redis, redis_url: str, server: FaultServer, tmp_path: Path
) -> None:
    stored, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        stored.set()
        await go_on.wait()

    server.before_reply = wait
    order = await _only_case_mail(redis, "conversation")
    async with courier_process(redis_url, server, tmp_path) as courier:
        await asyncio.wait_for(stored.wait(), PATIENCE)
        courier.process.terminate()
        go_on.set()
        assert await courier.ended() == 0
    assert (await Outbox(redis).read(order.id)).state is State.SENT


async def test_stopped_it_gives_back_a_mail_that_the_server_does_not_answer(
    redis: Redis, redis_url: str, server: FaultServer, tmp_path: Path
) -> None:
    order = await _only_case_mail(redis, "conversation")
    server.faults.planned = [(at.RCPT, STALL)]
    async with courier_process(redis_url, server, tmp_path) as courier:
        await until(lambda: _reached(server))
        courier.process.terminate()
        assert await courier.ended() == 0
    outbox = Outbox(redis)
    assert (await outbox.read(order.id)).state is State.DEFERRED
    assert await outbox.queue.claim() is not None, "another courier can take it at once"


async def test_its_log_names_no_customer(
    redis: Redis, redis_url: str, server: FaultServer, tmp_path: Path
) -> None:
    server.faults.planned = [(at.RCPT, "550 5.1.1 <jo@customer.example> account 8847201193 unknown"),
                             (at.DOT, DROP)]  # fmt: skip
    await filed(redis, "conversation")
    async with courier_process(redis_url, server, tmp_path) as courier:
        await emptied(Outbox(redis))
        courier.process.terminate()
        assert await courier.ended() == 0
    written = json.dumps(courier.lines)
    assert {"mail_dead", "mail_sent"} <= {str(line["event"]) for line in courier.lines}
    assert "jo@" not in written
    assert "8847201193" not in written


async def _only_case_mail(redis: Redis, conversation: str) -> MailOrder:
    case, acknowledgement = await filed(redis, conversation)
    await redis.zrem(f"{shard_of(conversation)}:outbox", acknowledgement.id)
    return case


async def _run_out(redis: Redis, order: MailOrder) -> None:
    """As if the lease of the dead courier had passed."""
    await redis.zadd(f"{shard_of(order.conversation)}:outbox", {order.id: 0}, xx=True)


async def _reached(server: FaultServer) -> bool:
    return not server.faults.planned


async def _is_recording(redis: Redis) -> bool:
    return int((await redis.info("clients"))["blocked_clients"]) > 0


async def _nobody_is_held_back(redis: Redis) -> bool:
    return not await _is_recording(redis)
