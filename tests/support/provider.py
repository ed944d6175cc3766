"""A stand-in OpenID Connect provider on loopback: real HTTP, real keys, and ways to misbehave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID = "firstline"
CLIENT_SECRET = "a secret of the client: with / and +"

Claims = dict[str, Any]


class Provider:
    """The provider at `url`. `claims` are about whoever signs in; the hooks are for misbehaving.

    change: alters the claims before they are signed. sign: signs them instead of the right key.
    answer: alters what the token endpoint answers. describe: alters the description.
    """

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first", "alg": "RS256", "use": "sig"})
        self.claims: Claims = {}
        self.asked: list[dict[str, str]] = []
        self.reset()
        provider = self

        class Handler(_Handler):
            its = provider

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def reset(self) -> None:
        """Behaves well again, about the usual person."""
        self.claims = {"sub": "person-1", "name": "Agent One", "roles": ["agent"]}
        self.change: Callable[[Claims], Claims] = lambda claims: claims
        self.sign: Callable[[Claims], str] = self.signed
        self.answer: Callable[[Claims], Any] = lambda answer: answer
        self.describe: Callable[[Claims], Claims] = lambda described: described
        self.codes: dict[str, dict[str, str]] = {}

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def signed(self, claims: Claims) -> str:
        """The claims signed by the provider's key."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def public_key_as_secret(self, claims: Claims) -> str:
        """The classic forgery: signed by the public key, which anybody has, as if it were a secret."""
        head = _base64(json.dumps({"alg": "HS256", "kid": self.key.kid}).encode())
        text = f"{head}.{_base64(json.dumps(claims).encode())}"
        secret = self.key.as_pem(private=False)
        return f"{text}.{_base64(hmac.digest(secret, text.encode(), 'sha256'))}"

    def authorised(self, asked: dict[str, str]) -> str:
        """Where the browser goes once the person has signed in here."""
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.url}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """The token endpoint: checks client, code, redirect address and PKCE verifier."""
        asked = self.codes.pop(sent.get("code", ""), None)
        if authorization != _basic():
            return 401, {"error": "invalid_client"}
        if asked is None or sent.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if asked["code_challenge_method"] != "S256" or _base64(digest) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        answer = {"access_token": "x", "token_type": "Bearer", "expires_in": 300}
        return 200, self.answer(answer | {"id_token": self.sign(self.change(claims))})

    def description(self) -> Claims:
        return self.describe({
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        })  # fmt: skip

    def keys(self) -> Any:
        return KeySet([self.key]).as_dict(private=False)


class _Handler(BaseHTTPRequestHandler):
    its: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.its.authorised(_flat(parts.query)))
            self.end_headers()
        elif parts.path == "/keys":
            self._json(200, self.its.keys())
        elif parts.path == "/.well-known/openid-configuration":
            self._json(200, self.its.description())
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self._json(*self.its.token(_flat(body), self.headers.get("authorization", "")))

    def _json(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
