"""The audit log only grows, and holds nothing of a customer."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from redis.asyncio import Redis

from bot.staff.audit import Audit
from bot.staff.keys import AUDIT


async def test_entries_are_read_newest_first_and_page_by_page(audit: Audit) -> None:
    before = datetime.now(timezone.utc)
    ids = [await audit.record("agent-1", "case.edit", f"c{n}") for n in range(25)]
    first = await audit.page(count=10)
    second = await audit.page(first[-1].id, count=10)
    third = await audit.page(second[-1].id, count=10)
    assert [it.id for it in [*first, *second, *third]] == ids[::-1]
    assert [it.about for it in third] == ["c4", "c3", "c2", "c1", "c0"]
    assert await audit.page(third[-1].id) == []
    at = datetime.fromisoformat(first[0].at)
    assert abs((at - before).total_seconds()) < 60
    assert at.tzinfo is not None


async def test_an_entry_says_who_did_what_about_what(audit: Audit) -> None:
    await audit.record("agent-1", "conversation.transfer", "aB3-_x", {"to": "agent-2"})
    (entry,) = await audit.page()
    assert (entry.staff, entry.what, entry.about) == ("agent-1", "conversation.transfer", "aB3-_x")
    assert entry.detail == {"to": "agent-2"}


async def test_numbers_addresses_and_long_texts_do_not_get_in(audit: Audit, redis: Redis) -> None:
    await audit.record(
        "agent-1", "case.edit", "c1",
        {"value": "account 12345678", "mail": "somebody@mail.example", "text": "x" * 1000},
    )  # fmt: skip
    stored = str(await redis.xrange(AUDIT))
    assert "12345678" not in stored
    assert "somebody" not in stored
    assert "x" * 121 not in stored


@pytest.mark.parametrize(
    ("what", "about"),
    [("", ""), ("edit", ""), ("case.edit\n", ""), ("case edit.it", ""), ("case.edit", "12345678"),
     ("case.edit", "the customer said this"), ("case.edit", "x" * 129), ("case.edit", "a\nb")],
)  # fmt: skip
async def test_what_has_no_place_in_it_is_refused(audit: Audit, what: str, about: str) -> None:
    with pytest.raises(ValueError, match="audit log"):
        await audit.record("agent-1", what, about)
    assert await audit.page() == []
