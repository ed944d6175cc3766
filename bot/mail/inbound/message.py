"""A mail that came in, taken apart: who wrote it, what it answers, what is new in it. Pure.

Hostile bytes are the normal case here: a header that cannot be read is as good as absent, a
character set that nobody knows is read as UTF-8, and what is too much is cut.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses

from bot.errors import FirstlineError
from bot.mail.inbound.text import from_html, new_and_quoted

MAX_BYTES = 30 * 1024 * 1024
MOST_PARTS = 200
MOST_REFERENCES = 50
LONGEST_TEXT = 200_000  # characters of a body that are looked at
# The standard library takes the square of a header's length; no mail server lets longer ones pass.
LONGEST_HEADER = 64 * 1024
LONG = 2 * 1024
MOST_IN_LONG_HEADERS = 256 * 1024
MOST_BOUNDARIES = 5_000
_HEADER = re.compile(rb"^[!-9;=-~]{1,80}:[^\n]*(?:\n[ \t][^\n]*)*", re.MULTILINE)
# Signatures and certificates say nothing to a person and are no evidence.
_NOT_FILES = re.compile(r"application/(?:x-)?(?:pkcs7-signature|pgp-signature|ms-tnef)")
_TRACKING_PIXEL = 1_000  # bytes; a picture smaller than this shows nothing
_SURROGATE = re.compile(r"[\ud800-\udfff]")  # bytes that were no text in a header
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,300}>")
_RECIPIENT_HEADERS = (
    "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To",
)  # fmt: skip


class UnreadableMail(FirstlineError):
    """Bytes that are no mail, or more of them than a mail has."""


@dataclass(frozen=True)
class SentFile:
    """A file as it came with a mail, not looked at yet."""

    name: str
    body: bytes


@dataclass(frozen=True)
class Inbound:
    """A mail that came in.

    id: its Message-ID; one derived from the bytes when it has none. sender: the address in From,
    lower case, empty when there is not exactly one. recipients: every address that it was meant
    for, lower case. references: the Message-IDs it answers, the nearest last. text: what is new in
    it; quoted: what it repeats. headers: by lower-case name, as they came.
    """

    id: str
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    references: tuple[str, ...]
    text: str
    quoted: str
    files: tuple[SentFile, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    parsed: EmailMessage = field(default_factory=EmailMessage, repr=False, compare=False)

    @property
    def key(self) -> str:
        """What stands for the mail where it must be taken in only once."""
        return hashlib.sha256(self.id.encode("utf-8", "replace")).hexdigest()[:32]


def read_mail(raw: bytes) -> Inbound:
    """The mail in `raw`. Raises `UnreadableMail`."""
    if len(raw) > MAX_BYTES:
        raise UnreadableMail(f"the mail is larger than {MAX_BYTES // 1024 // 1024} MB")
    _refuse_bombs(raw)
    try:
        parsed = BytesParser(policy=policy.default).parsebytes(raw)
        assert isinstance(parsed, EmailMessage)
        headers = _headers(parsed)
        if not headers:
            raise UnreadableMail("there are no headers in it")
        return _inbound(raw, parsed, headers)
    except UnreadableMail:
        raise
    except Exception as error:  # the parser raises what broken mail makes it raise
        raise UnreadableMail(f"it cannot be read ({type(error).__name__})") from error


def _refuse_bombs(raw: bytes) -> None:
    """Raises `UnreadableMail` for what would take minutes to be parsed, seen by its bytes alone."""
    if raw.count(b"\n--") > MOST_BOUNDARIES:
        raise UnreadableMail("there are too many parts in it")
    lengths = (match.end() - match.start() for match in _HEADER.finditer(raw))
    long = [length for length in lengths if length > LONG]
    if long and (max(long) > LONGEST_HEADER or sum(long) > MOST_IN_LONG_HEADERS):
        raise UnreadableMail("its headers are too long")


def _inbound(raw: bytes, parsed: EmailMessage, headers: Mapping[str, str]) -> Inbound:
    senders = addresses(headers.get("from", ""))
    text, quoted = new_and_quoted(_body(parsed))
    return Inbound(
        id=first_id(headers.get("message-id", "")) or _made_up_id(raw),
        sender=senders[0][1] if len(senders) == 1 else "",
        sender_name=senders[0][0] if len(senders) == 1 else "",
        recipients=tuple(
            address for name in _RECIPIENT_HEADERS
            for _, address in addresses(headers.get(name.lower(), ""))
        ),
        subject=" ".join(headers.get("subject", "").split())[:300],
        references=_references(headers),
        text=text,
        quoted=quoted,
        files=tuple(_files(parsed)),
        headers=headers,
        parsed=parsed,
    )  # fmt: skip


def addresses(value: str) -> list[tuple[str, str]]:
    """Names and lower-case addresses of an address header; what is no address is left out."""
    found = getaddresses([value])
    return [(name.strip(), address.lower()) for name, address in found if "@" in address]


def first_id(value: str) -> str:
    """The first Message-ID in a header's value; empty when there is none."""
    match = _MESSAGE_ID.search(value)
    return match.group() if match else ""


def _made_up_id(raw: bytes) -> str:
    return f"<{hashlib.sha256(raw).hexdigest()[:32]}@no-message-id.invalid>"


def _references(headers: Mapping[str, str]) -> tuple[str, ...]:
    both = f"{headers.get('references', '')} {headers.get('in-reply-to', '')}"
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(both)))[-MOST_REFERENCES:]


def _headers(parsed: EmailMessage) -> dict[str, str]:
    """Every header that can be read; of several of one name, all in one, by commas."""
    headers: dict[str, str] = {}
    for name in dict.fromkeys(key.lower() for key in parsed.keys()):  # noqa: SIM118 (no mapping)
        try:
            values = [str(value) for value in parsed.get_all(name, [])]
        except Exception:  # a header that the parser chokes on  # noqa: S112
            continue
        headers[name] = _SURROGATE.sub("\ufffd", ", ".join(values))
    return headers


def _body(parsed: EmailMessage) -> str:
    """What a person would read: the plain text, or the HTML as text where there is no other."""
    for kind in ("plain", "html"):
        part = parsed.get_body((kind,))
        text = decoded(part)[:LONGEST_TEXT] if part is not None else ""
        if kind == "html":
            text = from_html(text)
        if text.strip():
            return text
    return ""


def decoded(part: MIMEPart) -> str:
    """The text of a text part, whatever it claims its character set to be."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return _SURROGATE.sub("\ufffd", payload.decode(charset))
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")


def _files(parsed: EmailMessage) -> Iterator[SentFile]:
    bodies = {id(part) for kind in ("plain", "html") if (part := parsed.get_body((kind,)))}
    for number, part in enumerate(_leaves(parsed)):
        if number >= MOST_PARTS:
            return
        kind = part.get_content_type()
        if id(part) in bodies or _NOT_FILES.fullmatch(kind):
            continue
        name = _SURROGATE.sub("_", part.get_filename() or "")
        if kind in ("text/plain", "text/html") and not name:
            continue
        body = _bytes(part)
        if kind.startswith("image/") and len(body) < _TRACKING_PIXEL:
            continue
        yield SentFile(name or f"file-{number + 1}", body)


def _leaves(part: MIMEPart) -> Iterator[MIMEPart]:
    """The parts without parts; an attached mail is one part, with all that is in it."""
    if part.get_content_type() == "message/rfc822" or not part.is_multipart():
        yield part
        return
    for inner in part.iter_parts():
        yield from _leaves(inner)


def _bytes(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, MIMEPart) else b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
