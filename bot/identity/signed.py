"""Tokens that others have signed (JWT, RFC 7519): trusted only when everything about them fits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from joserfc.jwt import ClaimsOption

from bot.errors import FirstlineError

# Whoever may check these cannot make them. `none` and the secrets of others are never taken.
ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")  # fmt: skip
SECRET = ("HS256",)
# Clocks differ.
LEEWAY = 60
LONGEST_TOKEN = 16_000
ANSWER_SECONDS = 5.0
MOST_BYTES = 512 * 1024
FRESH_SECONDS = 3600.0
# An unknown key is looked for again, but a flood of forged tokens is not passed on.
LOOK_AGAIN_SECONDS = 30.0

Key = OctKey | RSAKey | ECKey | OKPKey | KeySet


class Untrusted(FirstlineError):
    """A signed token does not hold: forged, for somebody else, too old, or no token at all."""


class Unreachable(FirstlineError):
    """What is needed from another server cannot be had now."""


def trusted_claims(
    token: str, key: Key, algorithms: Sequence[str], expected: Mapping[str, str]
) -> dict[str, Any]:
    """The claims of a token that `key` has signed by one of `algorithms`.

    The claims in `expected` must have these values, and `exp` must be there and lie ahead. Raises
    `Untrusted` without saying which it was: that is for the one who makes the tokens to find out.
    """
    wanted: dict[str, ClaimsOption] = {
        name: {"essential": True, "value": value} for name, value in expected.items()
    }
    wanted["exp"] = {"essential": True}
    registry = jwt.JWTClaimsRegistry(None, LEEWAY, **wanted)
    try:
        if len(token) > LONGEST_TOKEN:
            raise ValueError("too long")
        claims = jwt.decode(token, key, algorithms=list(algorithms)).claims
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Untrusted(f"the token does not hold ({type(error).__name__})") from error
    return claims


async def get_json(url: str) -> dict[str, Any]:
    """A JSON object from another server. Raises `Unreachable`."""
    import httpx2  # only who asks another server needs it

    try:
        async with (
            httpx2.AsyncClient(timeout=ANSWER_SECONDS) as client,
            client.stream("GET", url, headers={"Accept": "application/json"}) as answer,
        ):
            answer.raise_for_status()
            body = b""
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise ValueError("too large")
        found = httpx2.Response(200, content=body).json()
    except (httpx2.HTTPError, ValueError, RecursionError) as error:
        raise Unreachable(f"{host_of(url)} does not answer as it should ({error})") from error
    if not isinstance(found, dict):
        raise Unreachable(f"{host_of(url)} does not answer as it should")
    return found


def host_of(url: str) -> str:
    """The server's name in a URL, for people to read."""
    return urlsplit(url).hostname or url


class PublishedKeys:
    """Keys that a server publishes at a URL (JWK Set, RFC 7517), kept for an hour."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: KeySet | None = None
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def trusted_claims(
        self, token: str, algorithms: Sequence[str], expected: Mapping[str, str]
    ) -> dict[str, Any]:
        """As the function of this name; a key that is not known is looked for once more.

        Raises `Untrusted`, or `Unreachable` when the keys cannot be had.
        """
        keys = await self._current(FRESH_SECONDS)
        try:
            return trusted_claims(token, keys, algorithms, expected)
        except Untrusted:
            newer = await self._current(LOOK_AGAIN_SECONDS)
            if newer is keys:
                raise
            return trusted_claims(token, newer, algorithms, expected)

    async def _current(self, fresh: float) -> KeySet:
        async with self._reading:
            now = time.monotonic()
            if self._keys is None or now - self._read_at > fresh:
                found = await get_json(self._url)
                try:
                    self._keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
                except (JoseError, ValueError, TypeError, KeyError) as error:
                    raise Unreachable(f"{host_of(self._url)} publishes no keys") from error
                self._read_at = now
            return self._keys
