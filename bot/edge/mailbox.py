"""The development mailbox: what the courier has sent, for a person to look at and to answer."""

from __future__ import annotations

import asyncio
import smtplib
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from msgspec import Meta
from sanic import HTTPResponse, Request

from bot.conversation.words import LONGEST_TEXT
from bot.edge.answers import json_answer
from bot.edge.problems import Problem
from bot.edge.schemas import read_json
from bot.mail.answering import answer_to

NEWEST = 200
SEND_SECONDS = 10.0
CASE_HEADER = "X-Firstline-Case"


class MailReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody answers to a mail."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]


class MailboxApi:
    """Messages of a Maildir: every customer's mail."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port

    async def messages(self, request: Request) -> HTTPResponse:
        """GET /mailbox/messages"""
        return json_answer({"messages": await asyncio.to_thread(self._newest)})

    async def message(self, request: Request, id: str) -> HTTPResponse:
        """GET /mailbox/messages/{id}"""
        return json_answer(await asyncio.to_thread(lambda: whole(id, self._parsed(id))))

    async def attachment(self, request: Request, id: str, number: int) -> HTTPResponse:
        """GET /mailbox/messages/{id}/attachments/{number}"""
        parts = await asyncio.to_thread(lambda: list(self._parsed(id).iter_attachments()))
        if number >= len(parts):
            raise _missing()
        part = parts[number]
        name = quote(part.get_filename() or f"part-{number}")
        return _inert(_bytes(part), part.get_content_type(), f"attachment; filename*=UTF-8''{name}")

    async def raw(self, request: Request, id: str) -> HTTPResponse:
        """GET /mailbox/messages/{id}/raw"""
        body = await asyncio.to_thread(lambda: self._bytes_of(id))
        return _inert(body, "text/plain; charset=utf-8", "inline")

    async def reply(self, request: Request, id: str) -> HTTPResponse:
        """POST /mailbox/messages/{id}/replies"""
        body = await read_json(request, MailReply)
        answer = answer_to(await asyncio.to_thread(self._parsed, id), str(body.text))
        await asyncio.to_thread(self._send, answer)
        return json_answer({"to": str(answer["To"])}, 202)

    def _send(self, answer: EmailMessage) -> None:
        """Hands it to the mailbox itself, as any mail. Raises `Problem` 503."""
        try:
            with smtplib.SMTP("127.0.0.1", self._port, timeout=SEND_SECONDS) as server:
                server.send_message(answer)
        except (OSError, smtplib.SMTPException) as error:
            raise Problem(
                503, "mailbox", "The mail could not be sent. Please try again."
            ) from error

    def _newest(self) -> list[dict[str, Any]]:
        files = self._files()
        newest = sorted(files, key=lambda id: files[id].stat().st_mtime_ns, reverse=True)
        return [summary(id, _parse(files[id].read_bytes())) for id in newest[:NEWEST]]

    def _parsed(self, id: str) -> EmailMessage:
        return _parse(self._bytes_of(id))

    def _bytes_of(self, id: str) -> bytes:
        file = self._files().get(id)
        if file is None:
            raise _missing()
        return file.read_bytes()

    def _files(self) -> dict[str, Path]:
        """Mails by their unique names; what follows a colon are flags (maildir(5))."""
        folders = (self._folder / "new", self._folder / "cur")
        return {
            file.name.partition(":")[0]: file
            for folder in folders if folder.is_dir()
            for file in folder.iterdir()
        }  # fmt: skip


def summary(id: str, mail: EmailMessage) -> dict[str, Any]:
    """What a list of mails shows of one; `at` is RFC 3339 or null, `case` its number or null."""
    return {
        "id": id,
        "from": str(mail["From"] or ""),
        "to": str(mail["To"] or ""),
        "subject": str(mail["Subject"] or ""),
        "at": _date(mail),
        "case": str(mail[CASE_HEADER]) if mail[CASE_HEADER] else None,
        "attachments": [
            {
                "name": part.get_filename() or f"part-{number}",
                "type": part.get_content_type(),
                "bytes": len(_bytes(part)),
            }
            for number, part in enumerate(mail.iter_attachments())
        ],
    }


def whole(id: str, mail: EmailMessage) -> dict[str, Any]:
    """A mail with its headers and both bodies; an absent body is an empty string."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return {
        **summary(id, mail),
        "headers": {name: ", ".join(map(str, mail.get_all(name, []))) for name in set(mail.keys())},
        "text": str(text.get_content()) if text else "",
        "html": str(html.get_content()) if html else "",
    }


def _parse(data: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(data)


def _bytes(part: Any) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else part.as_bytes()


def _date(mail: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(str(mail["Date"])).isoformat()
    except (TypeError, ValueError):
        return None


def _inert(body: bytes, kind: str, disposition: str) -> HTTPResponse:
    headers = {
        "Content-Disposition": disposition,
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HTTPResponse(body, headers=headers, content_type=kind)


def _missing() -> Problem:
    return Problem(404, "", "There is no such mail.")
