"""How many automatic mails one customer gets in an hour; what is more waits and is not lost.

Whoever files cases by the hundred in somebody else's name must not fill that person's mailbox by us.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from redis.asyncio import Redis

from bot.conversation.keys import shard_of
from bot.conversation.scripts import Scripts
from bot.mail.notice import TEAM
from bot.mail.order import ACKNOWLEDGEMENT, NOTICE, MailOrder

HOUR = 3_600_000  # ms
HELD = "the customer has had enough mail from us this hour"


class Caps:
    """Counts mails by address in a sliding hour. per_hour: how many one address gets."""

    def __init__(self, redis: Redis, per_hour: int) -> None:
        self._scripts = Scripts(redis, Path(__file__).parent / "scripts")
        self._per_hour = per_hour

    async def wait(self, order: MailOrder) -> int:
        """Milliseconds until the mail may go, 0 for now; it is then counted, and once only."""
        if not _is_capped(order):
            return 0
        name = hashlib.sha256(order.to.strip().casefold().encode()).hexdigest()[:24]
        key = f"{shard_of(name)}:mailed:{name}"
        return int(await self._scripts.run("cap", [key], order.id, self._per_hour, HOUR))


def _is_capped(order: MailOrder) -> bool:
    """What nobody wrote by hand to a customer; answers to mail have a cap of their own."""
    if order.kind == NOTICE:
        return not order.about.startswith(TEAM)
    return order.kind == ACKNOWLEDGEMENT
