"""A Redis that refuses writes, is full, or goes away: said plainly, and nothing half done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.case.filing import filed
from bot.conversation.change import Mail
from bot.conversation.events import CUSTOMER, Choice, case_event, message, owner_event
from bot.conversation.keys import conversation_keys
from bot.conversation.numbers import propose_number
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation, Conversations
from bot.conversation.work import Claim, WorkQueue
from bot.errors import StoreUnavailable
from tests.conversation.support import LONG, answer, claimed, dump, opened, told, with_device
from tests.support.ports import free_port
from tests.support.redis_server import running_redis


@asynccontextmanager
async def full(redis: Redis) -> AsyncIterator[None]:
    """All memory that Redis may use is in use."""
    await redis.config_set("maxmemory", "1")
    yield
    await redis.config_set("maxmemory", "0")


@asynccontextmanager
async def read_only(redis: Redis) -> AsyncIterator[None]:
    """Redis is a replica, as after a fail-over."""
    await redis.config_set("replica-serve-stale-data", "yes")
    await redis.replicaof("127.0.0.1", str(free_port()))
    yield
    await redis.replicaof("NO", "ONE")


@asynccontextmanager
async def without_replicas(redis: Redis) -> AsyncIterator[None]:
    """Redis has fewer replicas than it must have to take writes."""
    await redis.config_set("min-replicas-to-write", "1")
    yield
    await redis.config_set("min-replicas-to-write", "0")


@asynccontextmanager
async def cannot_save(redis: Redis, folder: Path) -> AsyncIterator[None]:
    """The disk does not take what Redis writes (MISCONF)."""
    target = folder / "dump.rdb"
    target.unlink(missing_ok=True)
    target.mkdir()
    await redis.config_set("save", "3600 1")
    await _save(redis, "err")
    yield
    target.rmdir()
    await _save(redis, "ok")
    await redis.config_set("save", "")


async def _save(redis: Redis, outcome: str) -> None:
    """Saves in the background and waits for the end of it."""
    await redis.bgsave()
    async with asyncio.timeout(20):
        while (await redis.info("persistence"))["rdb_last_bgsave_status"] != outcome:
            await asyncio.sleep(0.01)


Write = Callable[[], Awaitable[object]]
TROUBLES = ["full", "read_only", "without_replicas", "cannot_save"]


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[Redis]:
    """A Redis of this file's own, because it is put into states that others would not like."""
    with running_redis(tmp_path, "--appendonly", "no") as url:
        async with Redis.from_url(url) as client:
            yield client


@asynccontextmanager
async def trouble(name: str, redis: Redis, folder: Path) -> AsyncIterator[None]:
    states = {
        "full": lambda: full(redis), "read_only": lambda: read_only(redis),
        "without_replicas": lambda: without_replicas(redis),
        "cannot_save": lambda: cannot_save(redis, folder),
    }  # fmt: skip
    async with states[name]():
        yield


def writes(
    conversations: Conversations, read: Conversation, claim: Claim, queue: WorkQueue
) -> dict[str, Write]:
    """Every way to change something."""
    case = filed(with_device(read.case, "Pixel 8"), propose_number("c1"), "2026-11-22T08:00:00Z")
    shard = conversation_keys("c1").meta[2:4]
    filing = answer(
        read, case=case, filed=b"{}", mails=[Mail(f"{shard}-{case.number}.1.a", b"{}")],
        choices=[Choice("x1", "Yes", "/affirm")],
    )  # fmt: skip
    edit = case_event({}, "customer", {"field": "device", "old": "", "new": "Pixel 8"})
    unfiled = replace(filing, case=None, filed=b"", mails=())
    return {
        "open": lambda: conversations.open("c2", "hash", "en", [owner_event("bot")]),
        "say": lambda: conversations.say("c1", "new", message(CUSTOMER, "hello?")),
        "edit": lambda: conversations.edit_case(read, case, edit, answer=True),
        "owner": lambda: conversations.change_owner(read, Owner.WAITING, owner_event("waiting")),
        "answer": lambda: conversations.commit(read, claim, unfiled),
        "claim": lambda: queue.claim("c3"),
        "file": lambda: conversations.commit(read, claim, filing),
    }


@pytest.mark.parametrize("name", TROUBLES)
async def test_every_write_is_refused_whole_and_works_afterwards(
    redis: Redis, tmp_path: Path, name: str
) -> None:
    await opened(redis)
    await opened(redis, "c3")
    read = await told(redis, "yes")
    await told(redis, "yes", "c3")
    claim = await claimed(redis)
    conversations, queue = Conversations(redis), WorkQueue(redis, "ready", LONG)
    ways = writes(conversations, read, claim, queue)
    async with trouble(name, redis, tmp_path):
        before = await dump(redis)
        for way in ways.values():
            with pytest.raises(StoreUnavailable):
                await way()
        assert await dump(redis) == before
        assert (await conversations.read("c1")).heard == read.heard
    await ways["file"]()
    after = await conversations.read("c1")
    assert (after.case.revision, after.cursor) == (1, read.heard)


async def test_a_redis_that_is_not_there_is_said_to_be_unavailable() -> None:
    async with Redis.from_url(f"redis://127.0.0.1:{free_port()}/0") as nowhere:
        conversations, queue = Conversations(nowhere), WorkQueue(nowhere, "ready", LONG)
        for attempt in (
            conversations.read("c1"), conversations.events("c1", "0-0"), conversations.unread("c1"),
            conversations.say("c1", "m", message(CUSTOMER, "hi")), queue.claim(),
        ):  # fmt: skip
            with pytest.raises(StoreUnavailable):
                await attempt


async def test_scripts_are_known_again_after_redis_has_forgotten_them(redis: Redis) -> None:
    await opened(redis)
    conversations = Conversations(redis)
    await conversations.say("c1", "one", message(CUSTOMER, "one"))
    await redis.script_flush()
    assert (await conversations.say("c1", "two", message(CUSTOMER, "two")))[1]
