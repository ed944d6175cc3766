"""Reply addresses name a conversation, and nobody but us can make one."""

from __future__ import annotations

import secrets
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.mail.inbound.mails import REPLY, SUPPORT

CONVERSATION = secrets.token_urlsafe(16)
ADDRESS = REPLY.of(CONVERSATION).addr_spec


def test_there_and_back() -> None:
    for _ in range(200):
        id = secrets.token_urlsafe(16)
        address = REPLY.of(id).addr_spec
        assert len(address.partition("@")[0]) <= 64  # RFC 5321 section 4.5.3.1.1
        assert REPLY.conversation(["x@y.example", address]) == id
        assert not REPLY.is_forged([address])


def test_the_case_of_letters_does_not_matter_on_the_way() -> None:
    assert ADDRESS.lower() == ADDRESS


def test_another_secret_opens_nothing() -> None:
    other = replace(REPLY, secret=b"another")
    assert other.conversation([ADDRESS]) is None
    assert other.is_forged([ADDRESS])


def test_every_changed_character_is_noticed() -> None:
    local, _, domain = ADDRESS.partition("@")
    token = local.partition("+")[2]
    for place in range(len(token) - 1):  # the last one has two bits that mean nothing
        changed = token[:place] + ("a" if token[place] != "a" else "b") + token[place + 1 :]
        assert REPLY.conversation([f"support+{changed}@{domain}"]) is None


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", max_size=60))
def test_guesses_open_nothing(token: str) -> None:
    assert REPLY.conversation([f"support+{token}@meadow.example"]) is None


def test_without_a_token_nothing_is_forged() -> None:
    assert not REPLY.is_forged([SUPPORT, "support@other.example", "support+x@other.example"])
    assert REPLY.conversation([SUPPORT]) is None
