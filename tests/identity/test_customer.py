"""Whom an identity token is about: every key that can be set, and every token that does not hold."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from bot.errors import SettingError
from bot.identity.customer import LONGEST_LIFE, Customer, Identities
from bot.identity.signed import Untrusted
from bot.settings import Settings

SECRET = "0123456789abcdef0123456789abcdef"
ISSUER, AUDIENCE = "https://shop.example", "firstline"
RSA = RSAKey.generate_key(2048)
STRANGER = RSAKey.generate_key(2048)
CURVE = ECKey.generate_key("P-256")
EDWARDS = OKPKey.generate_key("Ed25519")

Claims = dict[str, Any]


def identities(key: str, **more: Any) -> Identities:
    return Identities(Settings(identity_key=key, **more))


def claims(**more: Any) -> Claims:
    return {"sub": "c-1", "exp": int(time.time()) + 300} | more


def by_secret(claims: Claims, secret: str = SECRET) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))


def pem(key: RSAKey | ECKey | OKPKey) -> str:
    return key.as_pem(private=False).decode()


async def test_what_a_token_says_of_a_customer() -> None:
    token = by_secret(
        claims(name=" Customer One ", email="one@mail.example", phone_number="+44 7700 900123",
               account_number="1234567890", more={"anything": 1})
    )  # fmt: skip
    assert await identities(SECRET).customer(token) == Customer(
        "c-1", "Customer One", "one@mail.example", "+44 7700 900123", "1234567890"
    )
    assert await identities(SECRET).customer(by_secret(claims())) == Customer("c-1")
    odd = by_secret(claims(name=7, email=["a@b.example"], account_number=1234567890))
    assert await identities(SECRET).customer(odd) == Customer("c-1")


async def test_what_the_host_site_has_not_verified_is_left_out() -> None:
    token = by_secret(
        claims(email="one@mail.example", email_verified=False,
               phone_number="+44 7700 900123", phone_number_verified=False)
    )  # fmt: skip
    assert await identities(SECRET).customer(token) == Customer("c-1")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSA, "RS256"), (RSA, "PS256"), (CURVE, "ES256"), (EDWARDS, "Ed25519")],
)
@pytest.mark.parametrize("form", ["pem", "one line", "file", "jwk", "jwk set"])
async def test_public_keys_in_every_form(
    tmp_path: Path, key: RSAKey | ECKey | OKPKey, algorithm: str, form: str
) -> None:
    (tmp_path / "key.pem").write_text(pem(key))
    given = {
        "pem": pem(key),
        "one line": pem(key).replace("\n", "\\n"),
        "file": f"file:{tmp_path / 'key.pem'}",
        "jwk": json.dumps(key.as_dict(private=False)),
        "jwk set": json.dumps(KeySet([key]).as_dict(private=False)),
    }[form]
    token = jwt.encode({"alg": algorithm}, claims(), key, algorithms=[algorithm])
    assert await identities(given).customer(token) == Customer("c-1")
    forged = jwt.encode({"alg": "RS256"}, claims(), STRANGER)
    with pytest.raises(Untrusted):
        await identities(given).customer(forged)


@pytest.mark.parametrize(
    "key",
    ["short", "x" * 31, "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----", "{}", "{",
     '{"keys": []}', "file:/nowhere/key.pem", '{"keys": [{"kty": "oct", "k": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}]}'],
)  # fmt: skip
def test_a_key_that_is_none_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(SettingError, match="FIRSTLINE_IDENTITY_KEY"):
        identities(key)


@pytest.mark.parametrize("form", ["pem", "jwk"])
def test_a_private_key_is_refused_and_not_shown(form: str) -> None:
    private = (
        RSA.as_pem(private=True).decode()
        if form == "pem"
        else json.dumps(RSA.as_dict(private=True))
    )
    with pytest.raises(SettingError, match="private key") as refusal:
        identities(private)
    assert private[40:80] not in str(refusal.value)
    assert private[40:80] not in str(Settings(identity_key=private).shown())
    assert private[40:80] not in repr(Settings(identity_key=private))


def _without(name: str) -> Claims:
    return {its: value for its, value in claims(iss=ISSUER, aud=AUDIENCE).items() if its != name}


WRONG: dict[str, Claims] = {
    "expired": claims(iss=ISSUER, aud=AUDIENCE, exp=time.time() - 3600),
    "without end": _without("exp"),
    "never ending": claims(iss=ISSUER, aud=AUDIENCE, exp=float("inf")),
    "good for too long": claims(iss=ISSUER, aud=AUDIENCE, exp=time.time() + LONGEST_LIFE + 3600),
    "not yet": claims(iss=ISSUER, aud=AUDIENCE, nbf=time.time() + 3600),
    "of the future": claims(iss=ISSUER, aud=AUDIENCE, iat=time.time() + 3600),
    "another issuer": claims(iss="https://evil.example", aud=AUDIENCE),
    "no issuer": _without("iss"),
    "another audience": claims(iss=ISSUER, aud="another"),
    "no audience": _without("aud"),
    "nobody": _without("sub"),
    "an empty subject": claims(iss=ISSUER, aud=AUDIENCE, sub=""),
}


@pytest.mark.parametrize("how", WRONG)
async def test_a_token_with_wrong_claims_is_not_trusted(how: str) -> None:
    reader = identities(SECRET, identity_issuer=ISSUER, identity_audience=AUDIENCE)
    right = by_secret(claims(iss=ISSUER, aud=[AUDIENCE, "another"]))
    assert await reader.customer(right) == Customer("c-1")
    with pytest.raises(Untrusted):
        await reader.customer(by_secret(WRONG[how]))


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _hmac(secret: bytes, head: Claims, body: Claims) -> str:
    text = f"{_part(head)}.{_part(body)}"
    signature = hmac.digest(secret, text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


FORGERIES: dict[str, Callable[[], str]] = {
    "unsigned": lambda: f"{_part({'alg': 'none'})}.{_part(claims())}.",
    "unsigned, in capitals": lambda: f"{_part({'alg': 'NONE'})}.{_part(claims())}.",
    "the public key as secret": lambda: _hmac(
        RSA.as_pem(private=False), {"alg": "HS256"}, claims()
    ),
    "an empty secret": lambda: _hmac(b"", {"alg": "HS256"}, claims()),
    "its own key in the head": lambda: jwt.encode(
        {"alg": "RS256", "jwk": STRANGER.as_dict(private=False)}, claims(), STRANGER
    ),
    "a stranger's key": lambda: jwt.encode({"alg": "RS256"}, claims(), STRANGER),
    "an unknown extension": lambda: _hmac(
        SECRET.encode(), {"alg": "HS256", "crit": ["x"], "x": 1}, claims()
    ),
    "no signature": lambda: by_secret(claims()).rpartition(".")[0] + ".",
    "two parts": lambda: by_secret(claims()).rpartition(".")[0],
    "five parts": lambda: by_secret(claims()) + ".x.y",
    "not JSON": lambda: "eyJhbGciOiJIUzI1NiJ9.eA.eA",
    "a list": lambda: f"{_part([])}.{_part([])}.x",
    "deep": lambda: base64.urlsafe_b64encode(b"[" * 6_000).decode() + ".x.y",
    "not even a token": lambda: "x",
    "no ASCII": lambda: "ä.ö.ü",
    "a lone surrogate": lambda: "\ud800.x.y",
    "huge": lambda: by_secret(claims(x="x" * 20_000)),
}


@pytest.mark.parametrize("how", FORGERIES)
async def test_a_forged_token_is_not_trusted(how: str) -> None:
    for key in (SECRET, pem(RSA), pem(CURVE)):
        with pytest.raises(Untrusted):
            await identities(key).customer(FORGERIES[how]())


async def test_every_changed_byte_of_a_token_is_noticed() -> None:
    token = by_secret(claims(account_number="1234567890"))
    reader = identities(SECRET)
    # The last character carries bits that are not part of the signature.
    for place in range(len(token) - 1):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(Untrusted):
            await reader.customer(token[:place] + other + token[place + 1 :])


async def test_without_a_key_none_is_taken(tmp_path: Path) -> None:
    reader = identities("")
    assert not reader.taken
    with pytest.raises(Untrusted):
        await reader.customer(by_secret(claims()))


async def test_in_development_there_is_a_key_of_our_own(tmp_path: Path) -> None:
    one, other = (
        Identities(Settings(mailbox_port=1, state_dir=tmp_path / name)) for name in ("a", "b")
    )
    assert one.makes_demo_tokens
    token = one.demo_token({"sub": "demo", "name": "Demo Customer"})
    assert await one.customer(token) == Customer("demo", "Demo Customer")
    with pytest.raises(Untrusted):
        await other.customer(token)
    assert not identities(SECRET, mailbox_port=1).makes_demo_tokens
    assert not identities("").makes_demo_tokens
