"""A stream of staff ends when its session does, however long it would go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from redis.asyncio import Redis

from bot.edge.open_requests import OpenRequests, SessionEnded
from bot.staff.accounts import Accounts
from bot.staff.keys import SESSIONS_ENDED_CHANNEL
from bot.staff.roles import Role
from bot.staff.sessions import Session, Sessions
from tests.support.staff import SESSION, add_account, sign_in

QUEUES = "/api/v1/staff/queues/events"


@pytest.fixture
def accounts(redis: Redis) -> Accounts:
    return Accounts(redis)


@pytest.fixture
def sessions(redis: Redis, accounts: Accounts) -> Sessions:
    return Sessions(redis, accounts)


@pytest.fixture
async def open_requests(redis: Redis, sessions: Sessions) -> AsyncIterator[OpenRequests]:
    made = OpenRequests(redis, sessions)
    running = asyncio.create_task(made.run())
    async with asyncio.timeout(5):
        while not dict(await redis.pubsub_numsub(SESSIONS_ENDED_CHANNEL))[
            SESSIONS_ENDED_CHANNEL.encode()
        ]:
            await asyncio.sleep(0.01)
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class Streaming:
    """A request that goes on until its session ends."""

    def __init__(self, open_requests: OpenRequests, session: Session) -> None:
        self.begun = asyncio.Event()
        self.task = asyncio.create_task(self._go_on(open_requests, session))

    async def _go_on(self, open_requests: OpenRequests, session: Session) -> None:
        async with open_requests.of(session):
            self.begun.set()
            await asyncio.Event().wait()

    async def ended(self) -> bool:
        with pytest.raises(SessionEnded):
            await asyncio.wait_for(self.task, 5)
        return True


async def started(open_requests: OpenRequests, session: Session) -> Streaming:
    streaming = Streaming(open_requests, session)
    await streaming.begun.wait()
    return streaming


async def test_signing_out_ends_the_streams_of_that_session_only(
    redis: Redis, sessions: Sessions, open_requests: OpenRequests
) -> None:
    account = await add_account(redis, Role.AGENT)
    one, other = await sessions.begin(account), await sessions.begin(account)
    ending = [await started(open_requests, one) for _ in range(2)]
    staying = await started(open_requests, other)
    await sessions.end(one)
    assert all([await it.ended() for it in ending])
    assert not staying.task.done()
    staying.task.cancel()


@pytest.mark.parametrize("how", ["disable", "end_sessions"])
async def test_disabling_and_signing_out_everywhere_end_all_streams(
    redis: Redis, accounts: Accounts, sessions: Sessions, open_requests: OpenRequests, how: str
) -> None:
    account, other = await add_account(redis, Role.AGENT), await add_account(redis, Role.AGENT)
    ending = [await started(open_requests, await sessions.begin(account)) for _ in range(3)]
    staying = await started(open_requests, await sessions.begin(other))
    await getattr(accounts, how)(account.login, "console")
    assert all([await it.ended() for it in ending])
    assert not staying.task.done()
    staying.task.cancel()


async def test_a_stream_ends_with_the_longest_a_session_may_last(
    redis: Redis, sessions: Sessions, open_requests: OpenRequests
) -> None:
    session = await sessions.begin(await add_account(redis, Role.AGENT))
    soon = Session(session.token, session.staff, time.time() + 0.05)
    assert await (await started(open_requests, soon)).ended()


async def test_a_lost_hint_is_made_up_for(
    redis: Redis, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.edge.open_requests.PING_EVERY", 0.05)
    open_requests = OpenRequests(redis, sessions)
    running = asyncio.create_task(open_requests.run())
    session = await sessions.begin(await add_account(redis, Role.AGENT))
    streaming = await started(open_requests, session)
    await redis.delete(*await redis.keys("{staff}:session:*"))
    assert await streaming.ended()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_time_out_of_its_own_stays_one(sessions: Sessions, redis: Redis) -> None:
    session = await sessions.begin(await add_account(redis, Role.AGENT))
    with pytest.raises(TimeoutError):
        async with OpenRequests(redis, sessions).of(session):
            raise TimeoutError


async def test_a_stream_of_the_desk_ends_with_its_session(
    client: httpx.Client, redis: Redis
) -> None:
    agent = sign_in(client, (await add_account(redis, Role.AGENT)).login)
    # Gone quiet for longer than a read may take, the stream fails the test by its time-out.
    with client.stream("GET", QUEUES, headers=agent.headers, timeout=10) as stream:
        assert stream.status_code == 200
        chunks = stream.iter_raw()
        assert next(chunks)
        assert agent.request("DELETE", SESSION).status_code == 204
        for _ in chunks:
            pass
    assert agent.get(QUEUES).status_code == 401
