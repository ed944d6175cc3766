"""Sign-in at an OpenID Connect provider: the authorization code flow with PKCE, state and nonce.

https://openid.net/specs/openid-connect-core-1_0.html, RFC 7636 (PKCE), RFC 9207 (issuer)
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
from redis.asyncio import Redis

from bot.errors import SettingError
from bot.identity.signed import (
    ANSWER_SECONDS,
    ASYMMETRIC,
    FRESH_SECONDS,
    PublishedKeys,
    Unreachable,
    Untrusted,
    get_json,
    host_of,
)
from bot.settings import Settings
from bot.staff.keys import sign_in_key

# Authlib and httpx2 are loaded by the first sign-in: most edges start without a provider.
if TYPE_CHECKING:
    from authlib.integrations.httpx_client import AsyncOAuth2Client

SCOPE = "openid profile email"
CALLBACK = "/sign-in/callback"
# How long somebody may take at the provider.
PATIENCE_SECONDS = 600


class Metadata(msgspec.Struct, frozen=True):
    """What is needed of the provider's description of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Begun(msgspec.Struct, frozen=True):
    """A sign-in that has begun: what its end must fit."""

    nonce: str
    verifier: str


class Provider:
    """The provider that the settings name. Raises `SettingError` when they are incomplete."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        if not settings.oidc_client_id:
            raise SettingError("FIRSTLINE_OIDC_CLIENT_ID", "missing, though there is an issuer",
                               "Set it to the id that the provider has given Firstline")  # fmt: skip
        self._issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        self._client_secret = settings.oidc_client_secret
        self._redirect = settings.base_url + CALLBACK
        self._redis = redis
        self._metadata: Metadata | None = None
        self._keys: PublishedKeys | None = None
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    @property
    def name(self) -> str:
        """The provider as people know it: its host."""
        return host_of(self._issuer)

    async def begin(self) -> tuple[str, str]:
        """Where to send the browser, and the state that it must bring back.

        Raises `Unreachable`.
        """
        metadata = await self._described()
        state, begun = (
            secrets.token_urlsafe(32),
            Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(64)),
        )
        await self._redis.set(_key(state), msgspec.json.encode(begun), ex=PATIENCE_SECONDS)
        async with self._client(metadata) as client:
            url, _ = client.create_authorization_url(
                metadata.authorization_endpoint, state=state, nonce=begun.nonce,
                code_verifier=begun.verifier,
            )  # fmt: skip
        return str(url), state

    async def finish(self, state: str, code: str, issuer: str) -> dict[str, Any]:
        """The claims about who has signed in; each state is good for one attempt.

        `issuer` is the `iss` that the browser brought, if any. Raises `Untrusted`, `Unreachable`.
        """
        stored = await self._redis.getdel(_key(state))
        if stored is None:
            raise Untrusted("this sign-in was not begun here, is over, or took too long")
        begun = msgspec.json.decode(stored, type=Begun)
        metadata = await self._described()
        if issuer != self._issuer and (
            issuer or metadata.authorization_response_iss_parameter_supported
        ):
            raise Untrusted("the answer is another provider's")
        assert self._keys is not None
        token = await self._id_token(metadata, code, begun.verifier)
        expected = {"iss": self._issuer, "aud": self._client_id, "nonce": begun.nonce}
        claims = await self._keys.trusted_claims(token, ASYMMETRIC, expected)
        return _about_somebody(claims, self._client_id)

    async def _id_token(self, metadata: Metadata, code: str, verifier: str) -> str:
        from authlib.common.errors import AuthlibBaseError
        from httpx2 import HTTPError

        try:
            async with self._client(metadata) as client:
                answer = await client.fetch_token(
                    metadata.token_endpoint, code=code, code_verifier=verifier,
                    grant_type="authorization_code",
                )  # fmt: skip
        except AuthlibBaseError as error:
            raise Untrusted(f"the provider refuses the code ({error.error})") from error
        except (HTTPError, ValueError) as error:
            raise Unreachable(f"{self.name} does not answer ({type(error).__name__})") from error
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise Untrusted("the provider says nothing about who it is")
        return token

    def _client(self, metadata: Metadata) -> AsyncOAuth2Client:
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        return AsyncOAuth2Client(
            client_id=self._client_id, client_secret=self._client_secret, scope=SCOPE,
            redirect_uri=self._redirect, code_challenge_method="S256", timeout=ANSWER_SECONDS,
            token_endpoint_auth_method=self._method(metadata),
        )  # fmt: skip

    def _method(self, metadata: Metadata) -> str:
        if not self._client_secret:
            return "none"
        known = metadata.token_endpoint_auth_methods_supported
        only_post = "client_secret_post" in known and "client_secret_basic" not in known
        return "client_secret_post" if only_post else "client_secret_basic"

    async def _described(self) -> Metadata:
        async with self._reading:
            if self._metadata is None or time.monotonic() - self._read_at > FRESH_SECONDS:
                url = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
                self._metadata = _metadata(await get_json(url), self._issuer)
                self._keys = PublishedKeys(self._metadata.jwks_uri)
                self._read_at = time.monotonic()
            return self._metadata


def is_safe_url(url: str) -> bool:
    """Whether nobody on the way can read or change what goes there: TLS, or this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https"
        or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))
    )


def _metadata(found: dict[str, Any], issuer: str) -> Metadata:
    try:
        metadata = msgspec.convert(found, Metadata)
    except msgspec.ValidationError as error:
        raise Unreachable(f"{host_of(issuer)} describes itself otherwise: {error}") from error
    urls = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
    if metadata.issuer != issuer or not all(map(is_safe_url, urls)):
        raise Unreachable(f"{host_of(issuer)} describes itself as another, or without TLS")
    return metadata


def _about_somebody(claims: dict[str, Any], client_id: str) -> dict[str, Any]:
    """The claims, if they name a subject and, of several audiences, us as the one they are for."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise Untrusted("the token is for another client")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise Untrusted("the token names nobody")
    return claims


def _key(state: str) -> str:
    digest = hashlib.sha256(state.encode("utf-8", "surrogateescape")).hexdigest()
    return sign_in_key(digest)
