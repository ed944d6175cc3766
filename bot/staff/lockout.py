"""Slowing down whoever guesses passwords: a delay that grows with each failure.

Failures are counted by login and by address, and for logins that do not exist too, so that the
delay tells nothing. Nobody is locked out for good, for else anybody could lock out anybody
(OWASP ASVS 5.0, section 6.3).
"""

from __future__ import annotations

import hashlib
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

from redis.asyncio import Redis

from bot.conversation.scripts import Scripts
from bot.staff.keys import failures_key

SCRIPTS = Path(__file__).parent / "scripts"

# Attempts before the delay begins, and where it stops growing, in milliseconds.
LOGIN = (5, 300_000)
# More, and shorter: people share addresses, and one may guess behind the same proxy.
ADDRESS = (30, 30_000)
REMEMBERED = 24 * 3600 * 1000


class Lockout:
    """Counts attempts to sign in, for all processes."""

    def __init__(self, redis: Redis) -> None:
        self._scripts = Scripts(redis, SCRIPTS)

    async def attempt(self, login: str, address: str) -> float:
        """Seconds to wait before an attempt may be made; 0 when it may be made now.

        An attempt that may be made counts as failed until `succeeded` is called.
        """
        keys = _keys(login, address)
        wait = await self._scripts.run("attempt", keys, *LOGIN, *ADDRESS, REMEMBERED)
        return int(wait) / 1000

    async def succeeded(self, login: str, address: str) -> None:
        """The attempt just made was right."""
        await self._scripts.run("succeeded", _keys(login, address))


def _keys(login: str, address: str) -> list[str]:
    return [
        failures_key("login", hashlib.sha256(login.encode()).hexdigest()),
        failures_key("address", _network(address)),
    ]


def _network(address: str) -> str:
    """The address; of an IPv6 address its /64, which is one household's."""
    try:
        found = ip_address(address)
    except ValueError:  # a proxy's name for somebody it does not tell (RFC 7239, section 6)
        return address
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False).network_address)
    return str(found)
