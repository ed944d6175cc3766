"""Any text in the mails that are built, any bytes in those that are read: no more than words comes of it."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.mail.inbound.message import UnreadableMail, read_mail
from bot.mail.inbound.text import from_html, new_and_quoted
from tests.security.bad_texts import FORMULAS, HEADERS, MARKUP, UNSEEN
from tests.security.test_hostile_mails import HEAD, looked_at
from tests.security.test_injection import html_of, mails

# A long run makes it 1,000.
EXAMPLES = int(os.environ.get("FIRSTLINE_TEST_MAIL_FUZZ", "25"))
bounded = settings(
    max_examples=EXAMPLES, derandomize=EXAMPLES < 100, suppress_health_check=list(HealthCheck)
)

words = st.lists(
    st.sampled_from(
        (*MARKUP, *FORMULAS, *HEADERS, *UNSEEN, "=?utf-8?q?=0d=0a?=", "\r", "\x00", "é")
    )
    | st.text(max_size=40),
    max_size=8,
).map("".join)
lines = st.lists(
    st.sampled_from((
        b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: text/html; charset=utf-16",
        b"Content-Type: message/delivery-status", b"Content-Transfer-Encoding: base64", b"--b",
        b"Content-Disposition: attachment; filename*=utf-8''%2e%2e", b"--b--", b"", b" folded",
        b"Subject: =?utf-8?b?/w==?=", b"From: a@b.example, c@d.example", b"Auto-Submitted: auto-replied",
        b"References: <a@b.example>", b"> quoted", b"On a day somebody wrote:", b"-- ", b"<p><!--",
    )) | st.binary(max_size=60),
    max_size=40,
).map(b"\r\n".join)  # fmt: skip


@bounded
@given(value=words)
def test_whatever_a_case_says_its_mails_are_two_mails(value: str) -> None:
    for plain, built in zip(mails("two\nlines"), mails(value), strict=True):
        assert built.keys() == plain.keys()
        assert html_of(built).tags <= html_of(plain).tags
        assert html_of(built).addresses <= html_of(plain).addresses
        assert not any(it in str(built["Subject"]) for it in "\r\n\x00\u202e\u2028")
        assert read_mail(built.as_bytes()).sender == "support@meadow.example"


@bounded
@given(body=lines)
def test_whatever_bytes_come_they_are_read_or_refused(body: bytes) -> None:
    looked_at(HEAD + body)
    looked_at(body)


@bounded
@given(page=words, text=words)
def test_any_page_and_any_text_are_taken_apart(page: str, text: str) -> None:
    plain = from_html(f"<p>{page}</p>")
    assert len(plain) <= 2 * len(page) + 80
    plain.encode()
    new, quoted = new_and_quoted(text)
    assert len(new) + len(quoted) <= len(text) + 2


@bounded
@given(body=st.binary(max_size=2_000))
def test_what_is_no_mail_is_refused(body: bytes) -> None:
    try:
        read = read_mail(body)
    except UnreadableMail:
        return
    assert read.headers
