"""What a mail program sends when somebody presses "Reply": for trying things out in development. Pure."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid


def answer_to(mail: EmailMessage, text: str) -> EmailMessage:
    """The answer of whoever got `mail`: threaded, with the mail quoted below `text`."""
    answer = EmailMessage(policy=SMTP)
    answer["From"] = str(mail["To"])
    answer["To"] = str(mail["Reply-To"] or mail["From"])
    subject = str(mail["Subject"] or "")
    answer["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    answer["Date"] = localtime()
    answer["Message-ID"] = make_msgid(domain="customer.invalid")
    if mail["Message-ID"]:
        answer["In-Reply-To"] = str(mail["Message-ID"])
        answer["References"] = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
    answer.set_content(f"{text}\n\n{_quoted(mail)}\n")
    return answer


def _quoted(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    said = str(body.get_content()).replace("\r\n", "\n").rstrip() if body is not None else ""
    lines = "\n".join(f"> {line}" for line in said.split("\n"))
    return f"On {mail['Date']}, {mail['From']} wrote:\n{lines}"
