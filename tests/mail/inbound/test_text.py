"""What is new in a mail and what it repeats, as mail programs of all sorts write it."""

from __future__ import annotations

import pytest

from bot.mail.inbound.text import from_html, new_and_quoted

OURS = """\
> Thank you for your e-mail.
>
> 1. Device (for example: iPhone 14)
> 2. Account number (for example: 1234567890)
>
> Meadow Mobile"""

ANSWERED = {
    "gmail": f"It is an iPhone 12.\n\nOn Sun, 22 Nov 2026 at 10:00, Meadow Mobile Support\n<support@meadow.example> wrote:\n\n{OURS}\n",
    "apple": f"It is an iPhone 12.\n\nSent from my iPhone\n\n> On 22 Nov 2026, at 10:00, Meadow Mobile wrote:\n> \n{OURS}\n",
    "german": f"It is an iPhone 12.\n\nAm 22.11.2026 um 10:00 schrieb Meadow Mobile <support@meadow.example>:\n{OURS}\n",
    "russian": f"It is an iPhone 12.\n\n22.11.2026, 10:00, Meadow Mobile <support@meadow.example> пишет:\n{OURS}\n",
    "outlook": "It is an iPhone 12.\n\nFrom: Meadow Mobile Support <support@meadow.example>\nSent: 22 November 2026 10:00\nTo: A customer\nSubject: Re: No mobile data\n\nThank you for your e-mail.\n",
    "old outlook": "It is an iPhone 12.\n\n-----Original Message-----\nFrom: Meadow Mobile\nThank you.\n",
    "web outlook": "It is an iPhone 12.\n________________________________\nFrom: Meadow Mobile\nThank you.\n",
    "signature": f"It is an iPhone 12.\n-- \nA. Customer, somewhere\n\n{OURS}\n",
    "crlf": "It is an iPhone 12.\r\n\r\n-----Original Message-----\r\nThank you.\r\n",
}  # fmt: skip


@pytest.mark.parametrize("client", ANSWERED)
def test_only_the_answer_is_new(client: str) -> None:
    new, quoted = new_and_quoted(ANSWERED[client])
    assert new == "It is an iPhone 12."
    assert "Thank you" in quoted or client == "signature"


def test_answers_between_the_questions_get_their_numbers() -> None:
    body = """\
Hello, see below.

> So that our team need not ask you first:
> 1. Device (for example: iPhone 14)
iPhone 12
> 2. Error message (for example: No service)
> 3. Account number (for example: 1234567890)

1234567897
and the second line
"""
    new, _ = new_and_quoted(body)
    assert new == "Hello, see below.\n\n1. iPhone 12\n\n3. 1234567897\nand the second line"


def test_a_mail_that_answers_nothing_is_all_new() -> None:
    text = "My phone is dead.\n\nFrom: where I live I see the mast.\n\n- tried a restart\n\nJo"
    assert new_and_quoted(text) == (text, "")


def test_html_quotations_are_told_apart() -> None:
    html = (
        "<div dir='ltr'>It is an iPhone 12.</div><br><div class='gmail_quote'><div>On Sun, 22 Nov 2026 "
        "at 10:00, Meadow &lt;support@meadow.example&gt; wrote:<br></div><blockquote><p>Thank you.</p>"
        "<ol><li>Device</li></ol></blockquote></div>"
    )
    new, quoted = new_and_quoted(from_html(html))
    assert new == "It is an iPhone 12."
    assert "> Thank you." in quoted


def test_deep_quotations_end_somewhere() -> None:
    new, quoted = new_and_quoted(from_html("<blockquote>" * 300 + "deep" + "</blockquote>" * 300))
    assert new == ""
    assert "deep" in quoted
