"""The bodies of the customer API: the same types check what comes in and describe it in OpenAPI."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET as UNSET
from msgspec import Meta, UnsetType
from sanic import Request
from sanic.http import Http

from bot.conversation.words import LONGEST_TEXT, kept_text
from bot.edge.problems import Problem

MAX_BODY = 64 * 1024

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

T = TypeVar("T")


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request's body: what is not in it is refused."""


class OpenConversation(Body, frozen=True):
    """Opens a conversation; `identity` is a token of the host site that says who the customer is."""

    identity: Annotated[str, Meta(min_length=1, max_length=8_000)] | UnsetType = UNSET
    locale: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")] | UnsetType = (
        UNSET
    )


class ResumptionWish(Body, frozen=True):
    """A wish for a link, to the case's own e-mail address, that opens its conversation."""

    case: Annotated[str, Meta(min_length=1, max_length=40)]


class ResumptionLink(Body, frozen=True):
    """What stands in such a link, after `#firstline-resume=`."""

    link: Annotated[str, Meta(min_length=1, max_length=300)]


class NewMessage(Body, frozen=True):
    """What the customer says: exactly one of `text` and `choice`.

    `id` is made by the client; the same id again changes nothing and gets the same answer.
    """

    id: UUID
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)] | UnsetType = UNSET
    choice: Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if isinstance(self.text, str) == isinstance(self.choice, str):
            raise ValueError("Give exactly one of `text` and `choice`")


class CaseEdit(Body, frozen=True):
    """A new value for one field of the case."""

    field: Annotated[str, Meta(min_length=1, max_length=60)]
    value: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]


class Opened(msgspec.Struct, frozen=True):
    """A conversation has been opened; `token` is shown only here."""

    conversation: str
    token: str
    cursor: str


class Accepted(msgspec.Struct, frozen=True):
    """A message is in the log as the event with this id."""

    event: str


class EventPage(msgspec.Struct, frozen=True):
    """Events after the cursor that was given, and the cursor to go on from."""

    events: list[dict[str, Any]]
    cursor: str


async def read_body(request: Request, limit: int, seconds: float = 20.0) -> bytes:
    """The request's body. Raises `Problem` 413 when larger than `limit` bytes, 408 when too slow."""
    too_large = Problem(
        413, "too-large", f"That is too large: at most {limit // 1024} KB are taken."
    )
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large
    body = bytearray()
    stream = request.stream
    if not isinstance(stream, Http) or not stream.request_body:
        return b""
    try:
        async with asyncio.timeout(seconds):
            async for chunk in stream:
                body += chunk
                if len(body) > limit:
                    raise too_large
    except TimeoutError as error:
        stream.keep_alive = False
        raise Problem(408, "", "The request took too long to arrive.") from error
    return bytes(body)


async def read_json(request: Request, kind: type[T]) -> T:
    """The request's JSON body as `kind`.

    Raises `Problem`: 413 too large, 415 not JSON by its type, 400 not JSON, 422 another shape.
    """
    media = (
        request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    )
    body = await read_body(request, MAX_BODY)
    if media != "application/json":
        raise Problem(415, "not-json", "Send JSON, with Content-Type: application/json.")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Problem(422, "invalid", f"The request does not fit: {error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "not-json", "The body is not valid JSON.") from error


def clean_text(text: str) -> str:
    """What a customer wrote, as it is kept: NFC, plain newlines, no controls, no card numbers.

    Raises `Problem` 422 when nothing is left, or when it is not text (a lone surrogate).
    """
    if _LONE_SURROGATE.search(text):
        raise Problem(422, "invalid", "The text contains characters that are not text.")
    kept = kept_text(text)
    if not kept.strip():
        raise Problem(422, "invalid", "The text is empty.")
    return kept
