"""Signed names: only ours are read, each kind only as itself, and links sent earlier still work."""

from __future__ import annotations

import pytest

from bot.signing import Signer

SIGNER = Signer("secret of the tests", b"one kind")
# RFC 2104 with SHA-256 over "one kind\0c1.1000", first 128 bits in base64url; computed with OpenSSL.
SIGNED = "c1.1000.CwA49-hrKK-qneuKMkSktA"


def test_a_name_is_signed_as_it_always_was() -> None:
    assert SIGNER.sign("c1.1000") == SIGNED


def test_a_signed_name_is_read() -> None:
    assert SIGNER.read(SIGNED) == "c1.1000"


@pytest.mark.parametrize(
    "token",
    ["", ".", "c1.1000", SIGNED[:-1], f"{SIGNED}A", SIGNED.replace("1000", "2000"), f"é{SIGNED}",
     "\udc80.\udc80"],
)  # fmt: skip
def test_anything_else_is_not(token: str) -> None:
    assert SIGNER.read(token) is None


def test_no_kind_of_link_serves_as_another() -> None:
    assert Signer("secret of the tests", b"another kind").read(SIGNED) is None
    assert Signer("another secret", b"one kind").read(SIGNED) is None
