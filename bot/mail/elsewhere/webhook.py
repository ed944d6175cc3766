"""A signed webhook, as the Standard Webhooks specification 1.0 has it (https://www.standardwebhooks.com).

The signature covers id, time and body; a receiver checks it, refuses what is older than a few
minutes, and knows by the id what it has had before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable
from datetime import datetime, timezone

import httpx
import msgspec

from bot.mail.elsewhere.parcel import Parcel, answered, client, failed
from bot.mail.smtp import Delivery

PREFIX = "whsec_"
TYPE = "case.filed"


class Webhook:
    """Posts each revision of a case, as JSON, to one address.

    secret: `whsec_` and base64, or any text. now: seconds since 1970.
    """

    def __init__(self, url: str, secret: str, now: Callable[[], float] = time.time) -> None:
        self._url = url
        self._key = key_of(secret)
        self._now = now
        self._client = client({"Content-Type": "application/json"})

    async def carry(self, parcel: Parcel) -> Delivery:
        """Hands one parcel over; failures are outcomes, never exceptions."""
        at = int(self._now())
        body = body_of(parcel, at)
        headers = {
            "webhook-id": parcel.id,
            "webhook-timestamp": str(at),
            "webhook-signature": signature(self._key, parcel.id, at, body),
        }
        try:
            return answered(await self._client.post(self._url, content=body, headers=headers))
        except httpx.HTTPError as error:
            return failed(error)

    async def close(self) -> None:
        """Takes leave."""
        await self._client.aclose()


def body_of(parcel: Parcel, at: int) -> bytes:
    """`{"type", "timestamp", "data": {"case": case document, "files": […]}}`.

    A file that could not be read has `why` instead of `data`, which is base64.
    """
    files = [
        {"name": file.name, "type": file.type}
        | ({"data": base64.b64encode(file.data).decode()} if file.data is not None
           else {"why": file.why})
        for file in parcel.files
    ]  # fmt: skip
    sent = datetime.fromtimestamp(at, timezone.utc).isoformat().replace("+00:00", "Z")
    data = {"case": parcel.document, "files": files}
    return msgspec.json.encode({"type": TYPE, "timestamp": sent, "data": data})


def signature(key: bytes, id: str, at: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `<id>.<seconds>.<body>`."""
    digest = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def key_of(secret: str) -> bytes:
    """The bytes that sign."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret[len(PREFIX) :], validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
