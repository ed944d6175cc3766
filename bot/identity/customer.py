"""Customers whom the host site vouches for, by a token that it has signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from bot.errors import SettingError
from bot.identity.signed import (
    ASYMMETRIC,
    LEEWAY,
    SECRET,
    Key,
    PublishedKeys,
    Untrusted,
    trusted_claims,
)
from bot.settings import Settings, ensure_secret

SETTING = "FIRSTLINE_IDENTITY_KEY"
# RFC 7518, section 3.2: a key for HS256 is as long as its hash, or longer.
SHORTEST_SECRET = 32
# A token that is stolen should be of little use.
LONGEST_LIFE = 24 * 3600
DEMO_LIFE = 600


class Customer(msgspec.Struct, frozen=True):
    """Whom a token is about; what it does not say is empty. `id` is the host site's own."""

    id: str
    name: str = ""
    email: str = ""
    phone: str = ""
    account_number: str = ""


class Identities:
    """Reads identity tokens by the key in the settings; without a key it takes none.

    In development without a key there is one of our own, for the demo page. Raises `SettingError`
    when the key is none.
    """

    def __init__(self, settings: Settings) -> None:
        self._expected = {
            name: value
            for name, value in (
                ("iss", settings.identity_issuer), ("aud", settings.identity_audience)
            )
            if value
        }  # fmt: skip
        self._demo_key: OctKey | None = None
        self._key: Key | PublishedKeys | None = None
        if settings.identity_key:
            self._key = _key_of(settings.identity_key)
        elif settings.mailbox_port:
            self._key = self._demo_key = _demo_key(ensure_secret(settings))

    @property
    def taken(self) -> bool:
        """Whether this desk takes identity tokens at all."""
        return self._key is not None

    @property
    def makes_demo_tokens(self) -> bool:
        """Whether `demo_token` makes tokens: in development, without a key of a host site."""
        return self._demo_key is not None

    async def customer(self, token: str) -> Customer:
        """Whom the token is about. Raises `Untrusted`, or `Unreachable` when keys cannot be had."""
        if isinstance(self._key, PublishedKeys):
            claims = await self._key.trusted_claims(token, ASYMMETRIC, self._expected)
        elif self._key is not None:
            algorithms = SECRET if isinstance(self._key, OctKey) else ASYMMETRIC
            claims = trusted_claims(token, self._key, algorithms, self._expected)
        else:
            raise Untrusted("this desk takes no identity tokens")
        if claims["exp"] - time.time() > LONGEST_LIFE + LEEWAY:
            raise Untrusted("the token is good for too long")
        return customer_in(claims)

    def demo_token(self, claims: Mapping[str, Any]) -> str:
        """A token as a host site would make it, about whom `claims` say."""
        assert self._demo_key is not None
        life = {"exp": int(time.time()) + DEMO_LIFE}
        return jwt.encode({"alg": "HS256"}, {**claims, **self._expected, **life}, self._demo_key)


def customer_in(claims: Mapping[str, Any]) -> Customer:
    """The customer in trusted claims (names as in OpenID Connect Core, section 5.1).

    Raises `Untrusted` when they name nobody. An address that is said not to be verified is left out.
    """
    id = claims.get("sub")
    if not isinstance(id, str) or not id:
        raise Untrusted("the token names nobody")
    email = _text(claims, "email") if claims.get("email_verified") is not False else ""
    verified = claims.get("phone_number_verified") is not False
    phone = _text(claims, "phone_number") if verified else ""
    return Customer(id, _text(claims, "name"), email, phone, _text(claims, "account_number"))


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _key_of(text: str) -> Key | PublishedKeys:
    if text.startswith("https://"):
        return PublishedKeys(text)
    if text.startswith("file:"):
        try:
            text = Path(text.removeprefix("file:")).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise _wrong(
                "the file cannot be read", "Name a file that this user may read"
            ) from error
    try:
        if text.startswith("-----BEGIN"):
            return _public_key(text.replace("\\n", "\n"))
        if text.startswith("{"):
            return _key_set(json.loads(text))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _wrong("not a public key", "Give a PEM public key or a JWK Set") from error
    if len(text.encode()) < SHORTEST_SECRET:
        raise _wrong(f"shorter than {SHORTEST_SECRET} bytes", "Use a random secret: openssl rand -hex 32")  # fmt: skip
    return OctKey.import_key(text)


def _public_key(pem: str) -> Key:
    if "PRIVATE" in pem:
        raise _wrong("a private key", "Give the public key; the private one stays at the host site")
    kinds: tuple[type[RSAKey] | type[ECKey] | type[OKPKey], ...] = (RSAKey, ECKey, OKPKey)
    for kind in kinds:
        try:
            return kind.import_key(pem)
        except (JoseError, ValueError, TypeError):
            continue
    raise ValueError("no kind of key that is known")


def _key_set(found: Any) -> KeySet:
    keys = KeySet.import_key_set(found if "keys" in found else {"keys": [found]})
    if any(isinstance(key, OctKey) or key.is_private for key in keys):
        raise _wrong("a private key", "Give public keys; the private ones stay at the host site")
    return keys


def _demo_key(secret: str) -> OctKey:
    return OctKey.import_key(hmac.digest(secret.encode(), b"demo identity", hashlib.sha256))


def _wrong(problem: str, fix: str) -> SettingError:
    return SettingError(SETTING, problem, fix)
