from __future__ import annotations

import re
from dataclasses import astuple

from hypothesis import given
from hypothesis import strategies as st
from redis.crc import key_slot

from bot.conversation.keys import (
    SHARD_TAGS,
    conversation_keys,
    filed_key,
    mail_key,
    number_key,
    shard_of,
)
from bot.conversation.numbers import ALPHABET, propose_number
from bot.mail.order import CASE_MAIL, MailOrder

IDS = st.text(
    st.characters(codec="ascii", categories=("L", "N"), include_characters="-_"), min_size=1
)


@given(IDS)
def test_whatever_a_filing_turn_touches_is_in_one_slot(conversation: str) -> None:
    number = propose_number(conversation)
    orders = [
        MailOrder(CASE_MAIL, conversation, number, 1, to) for to in ("a@x.example", "b@x.example")
    ]
    keys = [
        *astuple(conversation_keys(conversation)), number_key(number), filed_key(number, 1),
        filed_key(number, 2), *(mail_key(order.id) for order in orders),
    ]  # fmt: skip
    assert len({key_slot(key.encode()) for key in keys}) == 1
    assert len(set(keys)) == len(keys)


@given(IDS, IDS)
def test_two_conversations_share_nothing_but_queues(one: str, other: str) -> None:
    shared = set(astuple(conversation_keys(one))) & set(astuple(conversation_keys(other)))
    if one != other:
        queues = r"\{s\d\d\}:((ready|timers)(:claims)?|outbox|queue:(waiting|agent|mail))"
        assert all(re.fullmatch(queues, key) for key in shared)


def test_conversations_spread_over_all_shards() -> None:
    assert {shard_of(f"conversation-{n}") for n in range(1000)} == set(SHARD_TAGS)
    assert len({key_slot(tag.encode()) for tag in SHARD_TAGS}) == len(SHARD_TAGS)


@given(IDS)
def test_a_number_is_easy_to_read_aloud(conversation: str) -> None:
    assert re.fullmatch(f"FL-[{ALPHABET}]{{6}}", propose_number(conversation))


def test_the_alphabet_has_nothing_that_is_confused() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)
