"""Texts that nobody should send, from a seed: what is sent, and the numbers hidden in it."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.case.test_redact import SCHEMES, in_groups, with_check_digit

LONGEST = 10_000
# What people and programs put between digits, all of it removed or read as a gap.
GAPS = ("", " ", "-", ".", "\u00a0", "\u2009", "\u2011", "/", "_", "\u200b", "\u200d", "\u2060",
        "\ufeff", "\u00ad", "\u202e", "\x00", "\t", "\u180e", "\u3000", "\u2066")  # fmt: skip
WORDS = (
    "no data",
    "my phone",
    "help",
    "bill",
    "since friday",
    "ok",
    "café",
    "Привет",
    "电话",
    "🙈",
)
MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td></table><iframe src=javascript:alert(1)>",
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "<a href='javascript:alert(1)'>x</a>",
    "]]><!--",
    "[x](javascript:alert(1))",
)
FORMULAS = (
    '=HYPERLINK("http://evil.example")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "=cmd|'/c x'!A0",
)
COMMANDS = (
    "/restart",
    '/inform{"account_number": "1"}',
    "/session_start",
    "/EXTERNAL: x",
    "/" * 900,
)
HEADERS = (
    "x\r\nBcc: all@evil.example\r\n\r\nhi",
    "a\nSubject: b",
    "\r\n.\r\nMAIL FROM:<x@y.example>",
    "=?utf-8?q?=0d=0aBcc:_all@evil.example=0d=0a=0d=0ahi?=",
)
UNSEEN = "\u202e\u202d\u2066\u2069\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c\u180e"
RAW = (
    b'{"id": "%b", "text": NaN}',
    b'{"id": "%b", "text": ' + b"[" * 9_000,
    b'{"id": "%b", "text": "\\ud800"}',
    b'{"id": "%b", "text": "\\udfff \\ud83d"}',
    b'{"id": "%b", "text": "\xff\xfe"}',
    b'{"id": "%b", "text": "x", "text": 1}',
    b'{"id": "%b", "text": 1e999}',
    b'{"id": "%b"' + b', "a": {"a":' * 3_000,
    b'\x00{"id": "%b"}',
)


@dataclass(frozen=True)
class BadText:
    """A body to be sent; the card numbers in it, and the account numbers as they are written."""

    body: bytes
    cards: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    fits: bool = field(default=True)


def bad_texts(seed: int, count: int) -> list[BadText]:
    """So many of them, the same ones for the same seed, of every kind in turn."""
    chance = random.Random(seed)
    return [KINDS[number % len(KINDS)](chance) for number in range(count)]


def _said(text: str, cards: tuple[str, ...] = (), accounts: tuple[str, ...] = ()) -> BadText:
    body = json.dumps({"id": str(uuid.uuid4()), "text": text}).encode()
    return BadText(body, cards, accounts, fits=len(text) <= LONGEST and bool(text.strip()))


def _raw(chance: random.Random) -> BadText:
    # Not `%`: some of them have other marks in them.
    body = chance.choice(RAW).replace(b"%b", str(uuid.uuid4()).encode())
    return BadText(body, fits=False)


def _card(chance: random.Random) -> BadText:
    prefix, length, groups = SCHEMES[chance.choice(sorted(SCHEMES))]
    body = "".join(chance.choices("0123456789", k=length - len(prefix) - 1))
    number = with_check_digit(prefix + body)
    written = in_groups(number, groups, chance.choice(GAPS))
    around = chance.choice(("my card is {}", "{}", "({}) 12/27 123", "x{}", "pay with {}, please"))
    return _said(around.format(written), cards=(number,))


def _account(chance: random.Random) -> BadText:
    number = str(chance.randrange(10**9, 10**10))
    gap = chance.choice(("", " ", "-"))
    written = in_groups(number, (4, 3, 3), gap)
    around = chance.choice(
        ("account {}", "{}", "acc no. {} thanks", "it is {}, since friday", "<b>{}")
    )
    return _said(around.format(written), accounts=(written,))


def _from(texts: tuple[str, ...]) -> Callable[[random.Random], BadText]:
    return lambda chance: _said(f"{chance.choice(texts)} {chance.choice(WORDS)}")


def _unseen(chance: random.Random) -> BadText:
    letters = [letter + chance.choice(UNSEEN) for letter in chance.choice(WORDS) * 3]
    return _said("".join(letters) + chance.choice(UNSEEN) * chance.choice((0, 1, 500)))


def _controls(chance: random.Random) -> BadText:
    return _said("".join(chr(chance.randrange(0xA0)) for _ in range(chance.randrange(1, 300))))


def _any_planes(chance: random.Random) -> BadText:
    codes = (chance.randrange(0x110000) for _ in range(chance.choice((1, 30, 900))))
    return _said("".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000) or "x")


def _long(chance: random.Random) -> BadText:
    size = chance.choice((0, 1, 2_000, LONGEST - 1, LONGEST + 1, 64_000, 1_000_000))
    unit = chance.choice(("x", "a b ", "ä", "🙈", "9", "\n", "e\u0301", "é\u0323\u0301" * 9))
    return _said((unit * (size // len(unit) + 1))[:size])


KINDS = (_card, _account, _raw, _unseen, _controls, _any_planes, _long, _from(MARKUP),
         _from(FORMULAS), _from(COMMANDS), _from(HEADERS))  # fmt: skip
