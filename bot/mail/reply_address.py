"""The address that a customer's reply goes to: it says which conversation, and nobody can make it up.

`support+<token>@host`: the token is the conversation's id and a keyed digest of it (HMAC,
RFC 2104), in letters and digits that survive every mail server, whatever it does to case.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address

ID_BYTES = 16
DIGEST_BYTES = 10
PURPOSE = b"firstline reply address\x00"
DELIMITER = "+"


@dataclass(frozen=True)
class ReplyAddress:
    """Makes and reads reply addresses under `base`, the address that our mail is read at."""

    base: Address
    secret: bytes

    def of(self, conversation: str) -> Address:
        """The reply address of a conversation; the base itself where its id is not one of ours."""
        id = _id_bytes(conversation)
        if id is None:
            return self.base
        token = base64.b32encode(id + self._digest(id)).decode().rstrip("=").lower()
        local = f"{self.base.username}{DELIMITER}{token}"
        return Address(self.base.display_name, local, self.base.domain)

    def conversation(self, recipients: Iterable[str]) -> str | None:
        """The conversation that one of these lower-case addresses is the reply address of."""
        found = (self._read(token) for token in self._tokens(recipients))
        return next((conversation for conversation in found if conversation), None)

    def receives(self, address: str) -> bool:
        """Whether mail to `address` is mail to us."""
        local, _, domain = address.lower().rpartition("@")
        ours = local.partition(DELIMITER)[0] == self.base.username.lower()
        return ours and domain == self.base.domain.lower()

    def is_forged(self, recipients: Iterable[str]) -> bool:
        """Whether there is a token among these addresses, and none that we have made."""
        tokens = list(self._tokens(recipients))
        return bool(tokens) and not any(self._read(token) for token in tokens)

    def _tokens(self, recipients: Iterable[str]) -> list[str]:
        start = f"{self.base.username}{DELIMITER}".lower()
        end = f"@{self.base.domain}".lower()
        return [
            address[len(start) : -len(end)]
            for address in recipients
            if address.startswith(start) and address.endswith(end)
        ]

    def _read(self, token: str) -> str | None:
        try:
            data = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except (binascii.Error, ValueError):
            return None
        id, digest = data[:ID_BYTES], data[ID_BYTES:]
        if len(id) != ID_BYTES or not hmac.compare_digest(digest, self._digest(id)):
            return None
        return base64.urlsafe_b64encode(id).decode().rstrip("=")

    def _digest(self, id: bytes) -> bytes:
        return hmac.new(self.secret, PURPOSE + id, hashlib.sha256).digest()[:DIGEST_BYTES]


def _id_bytes(conversation: str) -> bytes | None:
    try:
        id = base64.urlsafe_b64decode(conversation + "=" * (-len(conversation) % 4))
    except (binascii.Error, ValueError):
        return None
    return id if len(id) == ID_BYTES else None
