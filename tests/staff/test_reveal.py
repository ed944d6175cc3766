"""An account number is shown to whoever is noted for it, and not otherwise."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from bot.case.fields import ACCOUNT_NUMBER
from bot.case.model import Case, Field, State
from bot.errors import NotFound
from bot.staff.audit import Audit
from bot.staff.keys import AUDIT
from bot.staff.reveal import REVEAL, reveal_account_number
from bot.staff.roles import Role, Staff

AGENT = Staff("agent-1", "Agent One", frozenset({Role.AGENT}))
CASE = Case().with_field(ACCOUNT_NUMBER, Field("10482176", State.STATED))


async def test_the_number_is_shown_and_noted_without_it(audit: Audit, redis: Redis) -> None:
    assert await reveal_account_number(audit, AGENT, "c1", CASE) == "10482176"
    (entry,) = await audit.page()
    assert (entry.staff, entry.what, entry.about) == ("agent-1", REVEAL, "c1")
    assert "10482176" not in str(await redis.xrange(AUDIT))


async def test_a_case_without_a_number_leaves_no_entry(audit: Audit) -> None:
    with pytest.raises(NotFound):
        await reveal_account_number(audit, AGENT, "c1", Case())
    assert await audit.page() == []


async def test_what_cannot_be_noted_is_not_shown(audit: Audit, redis: Redis) -> None:
    await redis.set(AUDIT, "not a stream")
    with pytest.raises(Exception, match="WRONGTYPE"):
        await reveal_account_number(audit, AGENT, "c1", CASE)
