"""Mails as they come in, to be taken apart by tests."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from bot.mail.reply_address import ReplyAddress

SUPPORT = "support@meadow.example"
CUSTOMER = "jo@customer.example"
STRANGER = "stranger@elsewhere.example"
REPLY = ReplyAddress(Address("Meadow Mobile Support", addr_spec=SUPPORT), b"a secret of the tests")


def mail(
    text: str = "My mobile data does not work.", sender: str = CUSTOMER, to: str = SUPPORT,
    subject: str = "No mobile data", id: str = "<one@customer.example>", **headers: str,
) -> EmailMessage:  # fmt: skip
    """A mail of a person; further headers with `_` for `-`."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def raw(*args: str, **kwargs: str) -> bytes:
    """The same as bytes."""
    return mail(*args, **kwargs).as_bytes()


def bounce(
    returned: str, address: str = CUSTOMER, action: str = "failed", status: str = "5.1.1",
    to: str = SUPPORT, id: str = "<bounce@mx.example>",
) -> bytes:  # fmt: skip
    """A delivery status notification as Postfix writes it (RFC 3464)."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: {id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Sun, 22 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: Recipient address rejected:
    User unknown

--b
Content-Type: message/rfc822

From: {SUPPORT}
To: {address}
Message-ID: {returned}
Subject: [FL-7K3M2Q] We have received your case

Thank you.
--b--
""".replace("\n", "\r\n").encode()
