"""Mails made to break whoever reads them: they are read or refused, and nothing hangs or falls."""

from __future__ import annotations

import os
import random
from email.message import EmailMessage

import pytest

from bot.mail.inbound.bounce import read_bounce
from bot.mail.inbound.kind import kind_of
from bot.mail.inbound.message import UnreadableMail, read_mail
from tests.files.test_gate import picture
from tests.mail.inbound.mails import bounce, mail

# A long run makes it 5,000.
DAMAGED = int(os.environ.get("FIRSTLINE_TEST_MAILS", "150"))
HEAD = b"From: jo@customer.example\r\nTo: support@meadow.example\r\nMessage-ID: <a@b.example>\r\n"


def nested(depth: int, kind: bytes = b"multipart/mixed") -> bytes:
    """Parts within parts."""
    opened = b"".join(
        b"Content-Type: %b; boundary=b%d\r\n\r\n--b%d\r\n" % (kind, n, n) for n in range(depth)
    )
    return HEAD + opened + b"Content-Type: text/plain\r\n\r\ninnermost\r\n"


def forwarded(depth: int) -> bytes:
    """Mails within mails."""
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: x\r\n\r\ninnermost"


HOSTILE = {
    "nested": nested(3_000),
    "nested a little": nested(90),
    "nested alternatives": nested(500, b"multipart/alternative"),
    "forwarded": forwarded(3_000),
    "many parts": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Disposition: attachment; filename=x\r\n\r\nx\r\n" * 5_000,
    "many headers": HEAD + b"X-A: b\r\n" * 50_000 + b"\r\nx",
    "a long header": HEAD + b"Subject: " + b"x" * 2_000_000 + b"\r\n\r\nx",
    "a header of encoded words": HEAD + b"Subject: " + b"=?utf-8?q?=41?= " * 9_000 + b"\r\n\r\nx",
    "many addresses": b"From: " + b"a@b.example, " * 20_000 + b"\r\n\r\nx",
    "brackets": b"From: " + b"(" * 9_000 + b"<" * 9_000 + b"a@b.example\r\n\r\nx",
    "quotes": b'From: "' + b'\\"' * 9_000 + b" <a@b.example>\r\n\r\nx",
    "references": HEAD + b"References: " + b"<a@b.example> " * 20_000 + b"\r\n\r\nx",
    "a file name that goes on": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment;"
    + b"".join(b" filename*%d*=utf-8''%%2e%%2e%%2f;" % n for n in range(2_000))
    + b"\r\n\r\nx\r\n--b--",
    "no charset": HEAD + b"Content-Type: text/plain; charset=\x00\xff\r\n\r\n\xff\xfe",
    "a codec that is no charset": HEAD + b"Content-Type: text/plain; charset=zlib\r\n\r\nx",
    "utf-7": HEAD + b"Content-Type: text/html; charset=utf-7\r\n\r\n+ADw-script+AD4-alert(1)",
    "idna": HEAD + b"Content-Type: text/plain; charset=idna\r\n\r\n" + b"\xe4" * 9_000,
    "bad base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A\x00=" * 9_000,
    "bad quoted-printable": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=" * 999,
    "deep html": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 30_000 + b"x",
    "deep quotations": HEAD + b"\r\n" + b">" * 50_000 + b" x\r\n" * 90,
    "html entities": HEAD + b"Content-Type: text/html\r\n\r\n" + b"&#x110000;&amp" * 9_000,
    "comments": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 30_000,
    "blank lines": HEAD + b"\r\n" + b" \r\n\t" * 30_000,
    "on one line": HEAD + b"\r\n" + b"On a wrote: " * 9_000,
}


def looked_at(raw: bytes) -> str:
    """All that is done with a mail before it is stored; returns its words."""
    try:
        read = read_mail(raw)
    except UnreadableMail:
        return ""
    kind_of(read)
    read_bounce(read)
    for file in read.files:
        file.name.encode()
    whole = read.subject + read.text + read.quoted + read.sender + read.sender_name
    whole.encode()  # has no lone surrogate
    assert not any(it in read.id + read.sender for it in "\r\n")
    return read.text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mails_are_read_or_refused(name: str) -> None:
    text = looked_at(HOSTILE[name])
    assert "<script" not in text
    assert len(text) <= 200_000


BOMBS = {
    "encoded words": HEAD + b"Subject: " + b"=?utf-8?q?=41?= " * 32_000 + b"\r\n\r\nx",
    "encoded words in a folded header": HEAD + b"X-A: x" + b"\r\n =?utf-8?q?=41?=" * 90_000,
    "addresses": HEAD + b"Cc: " + b"a@b.example, " * 32_000 + b"\r\n\r\nx",
    "many long headers": HEAD + (b"Cc: " + b"a@b.example, " * 4_000 + b"\r\n") * 50 + b"\r\nx",
    "a type": HEAD + b"Content-Type: text/plain" + b"; a=b" * 90_000 + b"\r\n\r\nx",
    "in a mail within": HEAD + b"Content-Type: message/rfc822\r\n\r\n"
    b"Content-Disposition: attachment" + b"; filename*0*=x" * 90_000 + b"\r\n\r\nx",
    "parts": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * 90_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_take_minutes_is_refused_unread(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parsed(*_: object) -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr("bot.mail.inbound.message.BytesParser.parsebytes", parsed)
    with pytest.raises(UnreadableMail, match=r"too (long|many)"):
        read_mail(BOMBS[name])


def test_ordinary_mails_are_no_bombs() -> None:
    many = ", ".join(f"customer-{n}@customer.example" for n in range(500))
    table = "\n".join(["-- " * 20, "key: " + "value " * 300] * 400)
    read = read_mail(mail(table, Cc=many).as_bytes())
    assert len(read.recipients) == 501
    assert read.text.startswith("-- --")


def test_damaged_mails_are_read_or_refused() -> None:
    chance = random.Random(20_261_122)
    samples = [
        whole_mail(),
        bounce("<x@meadow.example>"),
        mail().as_bytes(),
        nested(5),
        forwarded(3),
    ]
    for _ in range(DAMAGED):
        body = bytearray(chance.choice(samples))
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(body))
            match chance.randrange(4):
                case 0:
                    body[at] = chance.randrange(256)
                case 1:
                    del body[at : at + chance.randint(1, 40)]
                case 2:
                    body[at:at] = body[at // 2 : at // 2 + chance.randint(1, 200)]
                case _:
                    body[at:at] = chance.choice(
                        (b"\r\n", b"\r\n\r\n", b"\0", b"=?", b"--", b'"', b"\xff")
                    )
        looked_at(bytes(body))


def whole_mail() -> bytes:
    """A mail with everything that mails have."""
    message: EmailMessage = mail("Words.\n\nOn Friday somebody wrote:\n> before\n")
    message.add_alternative("<p>Words</p><blockquote>before</blockquote>", subtype="html")
    message.add_attachment(picture("PNG"), maintype="image", subtype="png", filename="Störung.png")
    message.add_attachment(mail("inside"))
    return message.as_bytes()
