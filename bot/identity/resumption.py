"""Links that open a filed case's conversation on another device; sent to its own e-mail address.

A link's token is `<conversation>.<until>.<digest>`: `until` (ms since 1970) is when it stops
working; the digest is keyed (HMAC, RFC 2104) and cut to 128 bits.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

PURPOSE = b"firstline resumption\x00"
DIGEST_BYTES = 16
MINUTE = 60_000
LIFE_MINUTES = 30
# The part of an address after `#` is never sent to a server, so the token is in no log of one.
FRAGMENT = "firstline-resume="


class ResumptionLinks:
    """Makes and reads the links. page: the page with the widget on it."""

    def __init__(self, page: str, secret: str) -> None:
        self._page = page
        self._secret = secret.encode()

    def link(self, conversation: str, now: int) -> str:
        """The address that opens the conversation from `now` (ms since 1970) for half an hour."""
        named = f"{conversation}.{now + LIFE_MINUTES * MINUTE}"
        return f"{self._page}#{FRAGMENT}{named}.{self._digest(named)}"

    def conversation(self, token: str, now: int) -> str | None:
        """The conversation that a token of ours opens; None for any other, or when it is too late."""
        named, _, digest = token.rpartition(".")
        if not hmac.compare_digest(_bytes(digest), self._digest(named).encode()):
            return None
        conversation, _, until = named.rpartition(".")
        return conversation if now < int(until) else None

    def _digest(self, named: str) -> str:
        digest = hmac.new(self._secret, PURPOSE + _bytes(named), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:DIGEST_BYTES]).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
