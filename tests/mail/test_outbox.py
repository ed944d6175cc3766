"""The outbox: state and queue change together, and only under a valid claim."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.conversation.keys import SHARD_TAGS, filed_key, mail_key, shard_of
from bot.conversation.work import Claim
from bot.errors import ClaimLost, NotFound
from bot.mail.outbox import Outbox, State
from tests.mail.conftest import emptied, until, working_courier
from tests.mail.fault_server import FaultServer
from tests.mail.sample import filed


async def test_the_life_of_a_mail(redis: Redis) -> None:
    outbox, claim = await _claimed(redis)
    assert (await outbox.read(claim.member)).state is State.DUE
    assert await outbox.begin(claim, "<1@x>")
    begun = await outbox.read(claim.member)
    assert (begun.state, begun.attempts, begun.message_id) == (State.SENDING, 1, "<1@x>")

    await outbox.defer(claim, "451 later", 0)
    deferred = await outbox.read(claim.member)
    assert (deferred.state, deferred.last_error) == (State.DEFERRED, "451 later")
    assert deferred.next_at > 0

    again = await _claim(outbox, claim.member)
    assert await outbox.begin(again, "<other@x>")
    await outbox.sent(again)
    sent = await outbox.read(claim.member)
    assert (sent.state, sent.attempts, sent.message_id) == (State.SENT, 2, "<1@x>")
    assert sent.sent_at >= deferred.next_at
    assert await redis.pttl(mail_key(claim.member)) > 0
    assert claim.member not in await _queued(redis)
    condition = await outbox.condition()
    assert condition.settled == {"sent": 1, "deferred": 1, "dead": 0}
    assert (condition.waiting, condition.dead, condition.lag, condition.alive) == (0, 0, 0, False)


async def test_a_deferred_mail_can_be_sent_now(redis: Redis) -> None:
    outbox, claim = await _claimed(redis)
    await outbox.begin(claim, "<1@x>")
    await outbox.defer(claim, "451 later", 3_600_000)
    assert await outbox.queue.claim() is None
    assert await outbox.replay(claim.member)
    entry = await outbox.read(claim.member)
    assert (entry.state, entry.attempts, entry.next_at) == (State.DUE, 0, 0)
    assert await outbox.begin(await _claim(outbox, claim.member), "<2@x>")
    assert not await outbox.replay(claim.member), "it is being sent"


async def test_mails_that_nobody_fetches_are_overdue(redis: Redis) -> None:
    await filed(redis, "conversation")  # due since 1970
    condition = await Outbox(redis).condition()
    assert condition.waiting == 2
    assert condition.lag > 0


async def test_a_courier_at_work_shows(redis: Redis, server: FaultServer, tmp_path: Path) -> None:
    async with working_courier(redis, server, tmp_path) as outbox:
        await until(lambda: _alive(outbox))


async def _alive(outbox: Outbox) -> bool:
    return (await outbox.condition()).alive


async def test_a_dead_letter_waits_for_a_person(redis: Redis) -> None:
    outbox, claim = await _claimed(redis)
    await outbox.begin(claim, "<1@x>")
    await outbox.bury(claim, "550 nobody")
    assert (await outbox.condition()).dead == 1
    assert claim.member not in await _queued(redis)
    assert await redis.pttl(mail_key(claim.member)) == -1

    assert await outbox.replay(claim.member)
    assert not await outbox.replay(claim.member)
    entry = await outbox.read(claim.member)
    assert (entry.state, entry.attempts, entry.message_id) == (State.DUE, 0, "<1@x>")
    assert (await outbox.condition()).dead == 0
    assert claim.member in await _queued(redis)


ENDINGS: dict[str, Callable[[Outbox, Claim], Awaitable[object]]] = {
    "begin": lambda outbox, claim: outbox.begin(claim, "<2@x>"),
    "sent": lambda outbox, claim: outbox.sent(claim),
    "defer": lambda outbox, claim: outbox.defer(claim, "late", 0),
    "bury": lambda outbox, claim: outbox.bury(claim, "late"),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS.keys())
async def test_a_courier_whose_claim_has_run_out_changes_nothing(
    redis: Redis, ending: Callable[[Outbox, Claim], Awaitable[object]]
) -> None:
    outbox, late = await _claimed(redis)
    await outbox.begin(late, "<1@x>")
    await redis.zadd(f"{late.shard}:outbox", {late.member: 0})  # the lease has run out
    current = await _claim(outbox, late.member)
    before = await redis.hgetall(mail_key(late.member))
    with pytest.raises(ClaimLost):
        await ending(outbox, late)
    assert await redis.hgetall(mail_key(late.member)) == before
    assert late.member in await _queued(redis)
    await outbox.sent(current)


async def test_a_mail_that_ends_couriers_is_set_aside(
    redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    outbox, claim = await _claimed(redis)
    for _ in range(11):  # each time as if the courier had ended between begin and settle
        await outbox.begin(claim, "<1@x>")
    await redis.zadd(f"{claim.shard}:outbox", {claim.member: 0})
    async with working_courier(redis, server, tmp_path) as worked:
        await emptied(worked)
    entry = await outbox.read(claim.member)
    assert entry.state is State.DEAD
    assert "10 couriers" in entry.last_error


async def test_broken_entries_do_not_block_the_queue(
    redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    gone, unreadable, undocumented, good = [
        (await filed(redis, f"conversation{n}"))[0] for n in range(4)
    ]
    await redis.delete(mail_key(gone.id))
    await redis.hset(mail_key(unreadable.id), "mail", b'{"kind": ')
    await redis.delete(filed_key(undocumented.number, 1))
    async with working_courier(redis, server, tmp_path) as outbox:
        await emptied(outbox)
        dead = await _members(redis, "dead")
    assert {unreadable.id, undocumented.id} <= dead
    assert gone.id not in dead
    cases = {message["X-Firstline-Case"] for _, message in server.stored}
    assert good.number in cases


async def test_what_is_no_mail_is_not_found(redis: Redis) -> None:
    for id in ("", "nonsense", "99-FL-000000.1.x", "07-FL-000000.1.x"):
        with pytest.raises(NotFound):
            await Outbox(redis).read(id)


async def _claimed(redis: Redis) -> tuple[Outbox, Claim]:
    """An outbox with one mail and a claim on it."""
    order, other = await filed(redis, "conversation")
    await redis.zrem(f"{shard_of('conversation')}:outbox", other.id)
    outbox = Outbox(redis)
    return outbox, await _claim(outbox, order.id)


async def _claim(outbox: Outbox, id: str) -> Claim:
    while claim := await outbox.queue.claim():
        if claim.member == id:
            return claim
    raise AssertionError("there was no such mail to claim")


async def _queued(redis: Redis) -> set[str]:
    return await _members(redis, "outbox")


async def _members(redis: Redis, name: str) -> set[str]:
    ids: list[Any] = [await redis.zrange(f"{tag}:{name}", 0, -1) for tag in SHARD_TAGS]
    return {id.decode() for part in ids for id in part}
