"""Links that open a filed case's conversation on another device; sent to its own e-mail address.

A link's token is the signed name `<conversation>.<until>` (`bot/signing.py`): `until` (ms since 1970) is
when it stops working.
"""

from __future__ import annotations

from bot.signing import Signer

PURPOSE = b"firstline resumption"
MINUTE = 60_000
LIFE_MINUTES = 30
# The part of an address after `#` is never sent to a server, so the token is in no log of one.
FRAGMENT = "firstline-resume="


class ResumptionLinks:
    """Makes and reads the links. page: the page with the widget on it."""

    def __init__(self, page: str, secret: str) -> None:
        self._page = page
        self._signer = Signer(secret, PURPOSE)

    def link(self, conversation: str, now: int) -> str:
        """The address that opens the conversation from `now` (ms since 1970) for half an hour."""
        token = self._signer.sign(f"{conversation}.{now + LIFE_MINUTES * MINUTE}")
        return f"{self._page}#{FRAGMENT}{token}"

    def conversation(self, token: str, now: int) -> str | None:
        """The conversation that a token of ours opens; None for any other, or when it is too late."""
        named = self._signer.read(token)
        if named is None:
            return None
        conversation, _, until = named.rpartition(".")
        return conversation if now < int(until) else None
