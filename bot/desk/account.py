"""Timer `account`: a filed case is listed with the other cases of its account.

A timer of its own, since the list of an account is in another shard than the conversation.
"""

from __future__ import annotations

from datetime import datetime

from bot.clock.parts import Parts, Ring
from bot.desk.earlier import Earlier
from bot.settings import ensure_secret


async def account_named(parts: Parts, ring: Ring) -> datetime | None:
    """Lists the conversation under the account that its case is about."""
    earlier = Earlier(parts.redis, ensure_secret(parts.settings), parts.content)
    await earlier.note(await parts.conversations.read(ring.conversation))
    return None
