from __future__ import annotations

import pytest

from bot.redaction import CARD, hide_cards, is_card_number, redact

CARDS = ["4111111111111111", "5555555555554444", "2223003122003222", "378282246310005",
         "30569309025904", "6011111111111117", "3530111333300000", "6200000000000005",
         "4222222222222"]  # fmt: skip


@pytest.mark.parametrize("card", CARDS)
def test_published_test_cards_are_found(card: str) -> None:
    assert is_card_number(card)
    assert hide_cards(f"my card {card}.") == f"my card {CARD}."
    assert not is_card_number(card[:-1] + str((int(card[-1]) + 1) % 10))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("4111 1111 1111 1111", CARD),
        ("4111-1111-1111-1111", CARD),
        ("4111.1111.1111.1111 12/27", f"{CARD} 12/27"),
        ("4111 1111 1111 1111 123", f"{CARD} 123"),
        ("room 12 4111 1111 1111 1111", f"room 12 {CARD}"),
        ("4111111111111111 5555555555554444", f"{CARD} {CARD}"),
        ("4111\u00a01111\u00a01111\u00a01111", CARD),
    ],
)
def test_cards_in_groups(text: str, kept: str) -> None:
    assert hide_cards(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "account 8847201193",
        "IMEI 353918057362456",
        "IMEI 490154203237518",
        "4111 1111 1111 1112",
        "on 2026-11-20 at 18:04, 07700 900123",
        "iOS 17.1.2 build 21B101",
        "1" * 5000,
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert hide_cards(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("account 8847201193 is new", "account ••1193 is new"),
        ("code 482113", "code ••13"),
        ("call +44 7700 900123", "call ••0123"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer [hidden]"),
        ("redis://:pa55word@db.example:6379/0", "redis://[hidden]@db.example:6379/0"),
        ("smtps://ann:pw@mail.example", "smtps://[hidden]@mail.example"),
        ("GET /events?token=abc123&after=1", "GET /events?token=[hidden]&after=1"),
        ("to <ann.b+c@mail.example.com>", "to <••@mail.example.com>"),
        ("eyJhbGciOi.eyJzdWIiOi.c2lnbmF0", "[hidden]"),
    ],
)
def test_log_text_is_redacted(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "entry 1763800000000-12 of FL-7K3M2Q",
        "550e8400-e29b-41d4-a716-446655440000",
        "2026-11-22T08:30:57.123456Z",
        "127.0.0.1:46379",
        "listening on http://127.0.0.1:8080/mailbox",
        "took 12345 ms",
    ],
)
def test_what_operators_need_stays(text: str) -> None:
    assert redact(text) == text
