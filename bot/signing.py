"""Names that anybody can read and nobody else can make up: `<name>.<digest>`, for links.

The digest is keyed (HMAC, RFC 2104) and cut to 128 bits; a purpose keeps the one kind of link from
serving as another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

DIGEST_BYTES = 16


class Signer:
    """Signs names for one purpose. secret: the operator's signing secret."""

    def __init__(self, secret: str, purpose: bytes) -> None:
        self._secret = secret.encode()
        self._purpose = purpose + b"\x00"

    def sign(self, name: str) -> str:
        """`name` with its digest."""
        return f"{name}.{self._digest(name)}"

    def read(self, token: str) -> str | None:
        """The name in a token that was signed here; None for any other."""
        name, _, digest = token.rpartition(".")
        is_ours = hmac.compare_digest(_bytes(digest), self._digest(name).encode())
        return name if is_ours else None

    def _digest(self, name: str) -> str:
        digest = hmac.new(self._secret, self._purpose + _bytes(name), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:DIGEST_BYTES]).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
