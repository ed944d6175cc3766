"""Nothing is left of whoever is erased, in no store; everything is left of everybody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.clock.parts import Parts
from bot.conversation.change import Change
from bot.conversation.events import AGENT, message
from bot.conversation.keys import shard_of
from bot.errors import NotFound
from bot.mail.outbox import Outbox, State
from bot.privacy.erase import erase
from bot.privacy.find import Sought, find
from bot.staff.audit import Audit
from tests.clock.support import parts_of
from tests.privacy.support import Customer, customer, everything, left, on_disk
from tests.support.redis_server import running_redis

ACCOUNT, OTHER = "8847201193", "5512340098"


@pytest.fixture(scope="module")
def aof(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("aof")


@pytest.fixture(scope="module")
def aof_url(aof: Path) -> Iterator[str]:
    """A Redis as in production; uncompressed, so that its files can be searched."""
    with running_redis(aof, "--appendonly", "yes", "--appendfsync", "always",
                       "--rdbcompression", "no") as url:  # fmt: skip
        yield url


@pytest.fixture
async def parts(aof_url: str, tmp_path: Path) -> AsyncIterator[Parts]:
    redis = Redis.from_url(aof_url)
    await redis.flushall()
    yield parts_of(redis, tmp_path)
    await redis.aclose()


async def traces(parts: Parts, aof: Path, whose: Customer) -> list[bytes]:
    """Which of a customer's secrets are still anywhere, Redis' own files included."""
    kept = await everything(parts.redis) + on_disk(parts.settings.state_dir)
    return left(kept + on_disk(aof).replace(b"\r\n", b""), whose.secrets)


async def test_nothing_is_left_in_any_store(parts: Parts, aof: Path) -> None:
    gone = await customer(parts, "Aaa-_1", ACCOUNT)
    stays = await customer(parts, "Bbb-_2", OTHER)
    assert await traces(parts, aof, gone) == gone.secrets
    before = await everything(parts.redis)
    done = await erase(parts.redis, parts.settings, [gone.id], "console")
    assert (done.conversations, done.files, done.mails, done.rewritten) == (1, 1, 1, True)
    # The audit log keeps ids, and no more than that.
    assert await traces(parts, aof, gone) == []
    assert gone.id.encode() not in await everything(parts.redis)
    assert await traces(parts, aof, stays) == stays.secrets
    after = await everything(parts.redis)
    assert left(before, stays.secrets) == left(after, stays.secrets)
    assert (await parts.conversations.read(stays.id)).case.number == stays.number
    [entry] = await Audit(parts.redis).page()
    assert (entry.what, entry.about, entry.staff) == ("conversation.erase", gone.id, "console")


async def test_mails_that_wait_or_are_dead_go_too(parts: Parts, aof: Path) -> None:
    gone = await customer(parts, "Aaa-_1", ACCOUNT)
    outbox = Outbox(parts.redis)
    claim = await outbox.queue.claim(gone.id)
    assert claim
    await outbox.begin(claim, f"<{gone.words}@meadow.example>")
    await outbox.bury(claim, f"550 {gone.address} is unknown")
    assert len([it async for it in outbox.entries(State.DEAD)]) == 1
    await erase(parts.redis, parts.settings, [gone.id], "console")
    assert [it async for it in outbox.entries()] == []
    assert (await outbox.condition()).dead == 0
    assert await outbox.waiting() == 0
    assert await traces(parts, aof, gone) == []


async def test_whoever_still_holds_the_conversation_can_write_nothing_more(parts: Parts) -> None:
    gone = await customer(parts, "Aaa-_1", ACCOUNT)
    held = await parts.conversations.read(gone.id)
    await erase(parts.redis, parts.settings, [gone.id], "console")
    before = await everything(parts.redis)
    with pytest.raises(NotFound):
        await parts.conversations.change(held, Change(events=[message(AGENT, gone.words)]))
    with pytest.raises(NotFound):
        await parts.conversations.say(gone.id, "m9", message("customer", gone.words))
    assert await everything(parts.redis) == before


async def test_erasing_again_what_is_half_erased_ends_it(parts: Parts, aof: Path) -> None:
    gone = await customer(parts, "Aaa-_1", ACCOUNT)
    await parts.redis.delete(f"{shard_of(gone.id)}:log:{gone.id}")
    for _ in range(2):
        await erase(parts.redis, parts.settings, [gone.id], "console")
    assert await traces(parts, aof, gone) == []


@pytest.mark.parametrize("by", ["conversation", "case", "account", "address"])
async def test_conversations_are_found_by_whatever_is_known(parts: Parts, by: str) -> None:
    wanted = [await customer(parts, id, ACCOUNT) for id in ("Aaa-_1", "Ccc-_3")]
    await customer(parts, "Bbb-_2", OTHER)
    one = wanted[0]
    known = {"conversation": one.id, "case": one.number.lower(), "account": "8847 201 193",
             "address": one.address.upper()}  # fmt: skip
    found = await find(parts.redis, Sought(**{by: known[by]}))
    assert sorted(found) == ([it.id for it in wanted] if by == "account" else [one.id])


async def test_an_address_that_was_only_in_an_earlier_revision_is_found(parts: Parts) -> None:
    one = await customer(parts, "Aaa-_1", ACCOUNT)
    now = await parts.conversations.read(one.id)
    field = now.case.field("contact_email")
    case = now.case.with_field("contact_email", replace(field, value="new@customer.example"))
    await parts.conversations.change(now, Change(case=case))
    assert await find(parts.redis, Sought(address=one.address)) == [one.id]
    assert await find(parts.redis, Sought(address="new@customer.example")) == [one.id]


async def test_one_of_the_four_is_asked_for(parts: Parts) -> None:
    with pytest.raises(ValueError, match="one of"):
        Sought()
    with pytest.raises(ValueError, match="one of"):
        Sought(case="FL-AAAAAA", account="1")
    with pytest.raises(NotFound):
        await find(parts.redis, Sought(case="FL-AAAAAA"))
    assert await find(parts.redis, Sought(account="8847201193")) == []
