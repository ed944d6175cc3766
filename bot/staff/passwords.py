"""Passwords of staff: which are good enough, and keeping and checking them with Argon2id (RFC 9106).

The rules are those of OWASP ASVS 5.0, section 6.2: long, of any characters, not among the commonest.
"""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 128
# Beyond what guessing at a sign-in page can reach, however patient.
FEWEST_GUESSES = 10**8
# What the estimate looks at; its time grows with the square of the length.
ESTIMATED = 72
# The least that OWASP's Password Storage Cheat Sheet recommends: some tens of milliseconds. Guessing
# is stopped by the delay; a costlier check would help whoever wants to keep the edge busy.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = 2

T = TypeVar("T")


class Passwords:
    """Makes and checks password hashes beside the event loop."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobody = ""

    async def hashed(self, password: str) -> str:
        """The hash to store for a password that `fault_in_password` finds no fault in."""
        return await self._run(HASHER.hash, normal(password))

    async def fits(self, password: str, hash: str) -> bool:
        """Whether this is the password of the hash; for an empty hash False, in the same time."""
        if not hash and not self._nobody:
            self._nobody = await self._run(HASHER.hash, secrets.token_urlsafe())
        try:
            await self._run(HASHER.verify, hash or self._nobody, normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(hash)

    async def _run(self, work: Callable[..., T], *args: str) -> T:
        async with self._turns:
            return await asyncio.to_thread(work, *args)


def normal(password: str) -> str:
    """The password as it is hashed: the same whichever keyboard composed its letters (RFC 8265)."""
    return unicodedata.normalize("NFC", password)


def fault_in_password(password: str, about: Sequence[str] = ()) -> str | None:
    """Why a password cannot be used, in words; None when it can.

    `about` are words that an attacker would try first: login, name, the operator's.
    """
    # Its lists of words take 12 MB; edge and supervisor would hold them, and seldom need them.
    from zxcvbn import zxcvbn

    length = len(normal(password))
    if length < SHORTEST:
        return f"a password has at least {SHORTEST} characters; this one has {length}"
    if length > LONGEST:
        return f"a password has at most {LONGEST} characters"
    found = zxcvbn(normal(password)[:ESTIMATED], user_inputs=list(about))
    if found["guesses"] < FEWEST_GUESSES:
        why = found["feedback"]["warning"] or "It is too easy to guess."
        return f"attackers would soon try this password. {why}"
    return None
