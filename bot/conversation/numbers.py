"""Case numbers: `FL-` and six characters that nobody confuses when reading them aloud.

The characters are Crockford's base 32 (no I, L, O, U), https://www.crockford.com/base32.html.
"""

from __future__ import annotations

import secrets

from bot.conversation.keys import shard_of

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
PREFIX = "FL-"


def as_number(typed: str) -> str:
    """What somebody typed as a case number: in any case, with or without `FL-`. It need not be one."""
    number = typed.strip().upper()
    return number if number.startswith(PREFIX) else PREFIX + number


def propose_number(conversation: str) -> str:
    """A random case number of the same shard as `conversation`; it may be taken already."""
    shard = shard_of(conversation)
    while True:
        drawn = secrets.token_bytes(LENGTH)  # 32 characters: the remainders of a byte are even
        number = PREFIX + "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn)
        if shard_of(number) == shard:
            return number
