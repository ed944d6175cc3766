"""Every way an SMTP server can fail: nothing acknowledged is lost, each mail has one Message-ID."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.mail.order import MailOrder
from bot.mail.outbox import Entry, Outbox, State
from bot.mail.smtp import Timeouts
from tests.mail import fault_server as at
from tests.mail.conftest import (
    PATIENT,
    REPEATS,
    STALLED,
    STALLED_AT_DATA,
    composer,
    emptied,
    until,
    working_courier,
)
from tests.mail.fault_server import DROP, NONSENSE, STALL, FaultServer
from tests.mail.sample import filed

TEMPORARY = [
    (at.GREETING, "421 4.3.2 Not now"),
    (at.GREETING, "554 5.3.2 No service here"),
    (at.EHLO, "421 4.3.2 Closing"),
    (at.MAIL, "451 4.3.0 Try later"),
    (at.MAIL, "550 5.7.1 Not from you"),
    (at.RCPT, "421 4.3.2 Closing"),
    (at.RCPT, "451 4.7.1 Greylisted"),
    (at.RCPT, "530 5.7.0 Sign in first"),
    (at.DATA, "451 4.3.0 Try later"),
    (at.DOT, "452 4.2.2 Over quota"),
    *((stage, DROP) for stage in (at.GREETING, at.EHLO, at.MAIL, at.RCPT, at.DATA, at.TEXT)),
    *((stage, STALL) for stage in (at.GREETING, at.EHLO, at.MAIL, at.RCPT, at.DATA)),
]
AFTER_THE_DOT = [(at.DOT, DROP), (at.DOT, STALL)]
FINAL = [
    (at.RCPT, "550 5.1.1 Nobody here"),
    (at.DATA, "554 5.6.0 Not this"),
    (at.DOT, "550 5.7.1 Spam"),
    (at.MAIL, "552 5.3.4 Too large"),
]


@pytest.mark.parametrize("fault", TEMPORARY, ids=" ".join)
async def test_a_passing_fault_delays_mails_and_doubles_none(
    fault: tuple[str, str], redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    server.faults.planned = [fault] * REPEATS
    ordered = await _filed(redis)
    timeouts = _short(fault)
    async with working_courier(redis, server, tmp_path, timeouts=timeouts) as outbox:
        await emptied(outbox)
        await _check_ledger(ordered, server, outbox, redis, tmp_path)
        assert max(Counter(server.message_ids).values()) == 1
        assert (await outbox.condition()).dead == 0
    assert not server.faults.planned


@pytest.mark.parametrize("fault", AFTER_THE_DOT, ids=" ".join)
async def test_a_fault_after_the_final_dot_repeats_under_the_same_message_id(
    fault: tuple[str, str], redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    server.faults.planned = [fault] * REPEATS
    ordered = await _filed(redis)
    timeouts = _short(fault)
    async with working_courier(redis, server, tmp_path, timeouts=timeouts) as outbox:
        await emptied(outbox)
        await _check_ledger(ordered, server, outbox, redis, tmp_path)
        assert sum(Counter(server.message_ids).values()) >= len(ordered) + REPEATS
        assert (await outbox.condition()).dead == 0


@pytest.mark.parametrize("fault", FINAL, ids=" ".join)
async def test_a_refusal_for_good_makes_a_dead_letter_that_can_be_replayed(
    fault: tuple[str, str], redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    server.faults.planned = [fault] * REPEATS
    ordered = await _filed(redis)
    async with working_courier(redis, server, tmp_path) as outbox:
        await emptied(outbox)
        await _check_ledger(ordered, server, outbox, redis, tmp_path)
        dead = [entry async for entry in outbox.entries(State.DEAD)]
        assert len(dead) == (await outbox.condition()).dead == REPEATS
        assert all(entry.attempts == 1 and fault[1][:3] in entry.last_error for entry in dead)
        for entry in dead:
            assert await outbox.replay(entry.id)
        await emptied(outbox)
        assert (await outbox.condition()).dead == 0
    assert Counter(server.message_ids) == Counter(entry.message_id for entry in await _sent(redis))


async def test_a_server_that_is_away_gets_everything_when_it_is_back(
    redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    await server.stop()
    ordered = await _filed(redis)
    async with working_courier(redis, server, tmp_path) as outbox:
        await until(lambda: _all_failed_once(outbox, len(ordered)))
        await server.start()
        await emptied(outbox)
        await _check_ledger(ordered, server, outbox, redis, tmp_path)
    assert max(Counter(server.message_ids).values()) == 1


async def test_after_so_many_attempts_a_mail_is_a_dead_letter(
    redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    await server.stop()
    ordered = await _filed(redis)
    async with working_courier(redis, server, tmp_path, attempts=3) as outbox:
        await emptied(outbox)
        dead = [entry async for entry in outbox.entries(State.DEAD)]
    assert {entry.id for entry in dead} == {order.id for order in ordered}
    assert all(entry.attempts == 3 and "given up" in entry.last_error for entry in dead)


async def test_a_server_that_fails_to_encrypt_never_gets_clear_text(
    redis: Redis, server: FaultServer, tls: object, tmp_path: Path
) -> None:
    server.tls = tls  # type: ignore[assignment]
    server.faults.planned = [(at.STARTTLS, NONSENSE), (at.STARTTLS, DROP), (at.STARTTLS, STALL),
                             (at.STARTTLS, "454 4.7.0 Not now")]  # fmt: skip
    ordered = await _filed(redis)
    async with working_courier(redis, server, tmp_path, timeouts=STALLED) as outbox:
        await emptied(outbox)
        await _check_ledger(ordered, server, outbox, redis, tmp_path)
    assert all(server.encrypted)
    assert max(Counter(server.message_ids).values()) == 1


async def test_two_couriers_share_the_work(
    redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    async with (
        working_courier(redis, server, tmp_path) as outbox,
        working_courier(redis, server, tmp_path),
    ):
        ordered = [order for n in range(10 * REPEATS) for order in await filed(redis, f"c{n}")]
        await emptied(outbox)
        await _check_ledger(ordered, server, outbox, redis, tmp_path)
    assert max(Counter(server.message_ids).values()) == 1


async def test_connections_are_used_again(
    redis: Redis, server: FaultServer, tmp_path: Path
) -> None:
    async with working_courier(redis, server, tmp_path) as outbox:
        ordered = [order for n in range(10 * REPEATS) for order in await filed(redis, f"c{n}")]
        await emptied(outbox)
    assert len(server.stored) == len(ordered)
    assert server.connections <= 4


def _short(fault: tuple[str, str]) -> Timeouts:
    if fault[1] != STALL:
        return PATIENT
    return STALLED_AT_DATA if fault[0] in (at.DATA, at.DOT) else STALLED


async def _filed(redis: Redis) -> list[MailOrder]:
    return [order for n in range(REPEATS) for order in await filed(redis, f"conversation{n}")]


async def _all_failed_once(outbox: Outbox, count: int) -> bool:
    return len([entry async for entry in outbox.entries() if entry.last_error]) == count


async def _sent(redis: Redis) -> list[Entry]:
    return [entry async for entry in Outbox(redis).entries(State.SENT)]


async def _check_ledger(
    ordered: list[MailOrder], server: FaultServer, outbox: Outbox, redis: Redis, tmp_path: Path
) -> None:
    """acknowledged − (delivered ∪ queued ∪ dead) = ∅, one Message-ID per (case, revision, to)."""
    message_id = composer(redis, tmp_path).message_id
    expected = {order.id: message_id(order) for order in ordered}
    assert len(set(expected.values())) == len(ordered)
    kept = {entry.id async for entry in outbox.entries() if entry.state is not State.SENT}
    delivered = set(server.message_ids)
    assert {id for id, mail in expected.items() if mail not in delivered} <= kept
    by_case: dict[tuple[str, str, str], set[str]] = {}
    for to, message in server.stored:
        about = (message["X-Firstline-Case"], message["X-Firstline-Revision"], to)
        by_case.setdefault(about, set()).add(message["Message-ID"])
    assert all(len(ids) == 1 for ids in by_case.values())
    assert delivered <= set(expected.values())
