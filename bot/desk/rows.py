"""The rows of the queues: each a conversation as an agent sees it before opening it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import structlog
from redis.asyncio import Redis

from bot.case.completeness import missing
from bot.case.fields import DEVICE
from bot.case.model import Case, decode_case
from bot.case.priority import priority
from bot.case.subject import problem_in_words, subject_line
from bot.content import Content
from bot.conversation.events import AGENT, CUSTOMER, MESSAGE, Event, decode_event, in_utc
from bot.conversation.keys import conversation_keys
from bot.desk.mask import Mask
from bot.desk.reading import answered
from bot.errors import NotFound

logger = structlog.get_logger(__name__)

LAST_EVENTS = 15  # how far back the last message is looked for
LONGEST_SHOWN = 160


class Agent(msgspec.Struct, frozen=True):
    """Who has a conversation."""

    id: str
    name: str


class Last(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    """The last message of customer or agent; `at` RFC 3339."""

    sender: str
    text: str
    at: str


class Row(msgspec.Struct, frozen=True):
    """One row; `place` is the queue it is in for everybody, empty for none, and `since` RFC 3339.

    problem: in words. reason: why it came to a person. unread: the customer spoke last. tier: how
    far the case has been escalated, empty for not at all.
    """

    conversation: str
    case: str | None
    subject: str
    priority: str
    category: str
    problem: str
    device: str
    since: str
    owner: str
    agent: Agent | None
    missing: int
    last: Last | None
    unread: bool
    channel: str
    reason: str
    scope: tuple[str, ...]
    place: str
    tier: str


class Opened(Row, frozen=True):
    """A row with what whoever changes the conversation must have seen."""

    epoch: int
    case_version: int
    locale: str


async def read_rows(redis: Redis, ids: Sequence[str], content: Content) -> dict[str, Row | None]:
    """The rows of these conversations, None for one that is gone or in no queue; one round trip."""
    pipe = redis.pipeline(transaction=False)
    for id in ids:
        keys = conversation_keys(id)
        pipe.hgetall(keys.meta)
        pipe.get(keys.case)
        pipe.xrevrange(keys.log, count=LAST_EVENTS)
    found = await answered(pipe.execute()) if ids else []
    read = zip(ids, found[0::3], found[1::3], found[2::3])  # noqa: B905
    rows: dict[str, Row | None] = {}
    for id, stored, case, log in read:
        meta = _texts(stored)
        rows[id] = _row_if_any(id, meta, case, log, content)
    return rows


def _row_if_any(
    id: str, meta: Mapping[str, str], case: bytes | None, log: Iterable[Any], content: Content
) -> Row | None:
    if not meta.get("queue"):
        return None
    try:
        return _row(id, meta, case, log, content)
    except Exception as error:  # one that cannot be read must not hide the others
        logger.error("row_unreadable", conversation=id, exc_info=error)
        return None


async def open_row(redis: Redis, id: str, content: Content) -> Opened:
    """The row of one conversation, whether it is in a queue or not. Raises `NotFound`."""
    pipe = redis.pipeline(transaction=False)
    keys = conversation_keys(id)
    pipe.hgetall(keys.meta)
    pipe.get(keys.case)
    pipe.xrevrange(keys.log, count=LAST_EVENTS)
    stored, case, log = await answered(pipe.execute())
    meta = _texts(stored)
    if not meta:
        raise NotFound("no such conversation")
    row = _row(id, meta, case, log, content)
    return Opened(
        **{name: getattr(row, name) for name in Row.__struct_fields__},
        epoch=int(meta["epoch"]), case_version=int(meta["case_version"]), locale=meta["locale"],
    )  # fmt: skip


def _texts(stored: Mapping[bytes, bytes]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in stored.items()}


def _row(
    id: str, meta: Mapping[str, str], case: bytes | None, log: Iterable[Any], content: Content
) -> Row:
    known = decode_case(case) if case else Case(locale=meta["locale"])
    events = [decode_event(event_id, entry) for event_id, entry in log]
    messages = [event for event in events if event.type == MESSAGE]
    last = next((event for event in messages if event.body["from"] in (CUSTOMER, AGENT)), None)
    device = known.field(DEVICE).value
    mask = Mask(known, content.account_number)
    return Row(
        conversation=id, case=known.number, subject=subject_line(known, content),
        priority=priority(known, content).level, category=known.category,
        problem=problem_in_words(known, content), device=device if isinstance(device, str) else "",
        since=_since(meta, known), owner=meta["owner"], agent=_agent(meta),
        missing=len(missing(known, content)), last=_last(last, mask) if last else None,
        unread=bool(messages) and messages[0].body["from"] == CUSTOMER,
        channel=meta.get("channel", "widget"), reason=_reason(meta, known),
        scope=tuple(meta.get("scope", "").split()), place=meta.get("queue", ""),
        tier=meta.get("tier", ""),
    )  # fmt: skip


def _since(meta: Mapping[str, str], case: Case) -> str:
    """Since when the customer waits for a person, or for an answer to the filed case."""
    waited = int(meta.get("waiting_since") or 0)
    if waited or case.received_at is None:
        return in_utc(waited or int(meta["opened"]))
    return case.received_at


def _agent(meta: Mapping[str, str]) -> Agent | None:
    return Agent(meta["agent"], meta.get("agent_name", "")) if meta.get("agent") else None


def _last(event: Event, mask: Mask) -> Last:
    file = event.body.get("file")
    text = mask.text(str(file["name"] if file else event.body["text"]))
    flat = " ".join(text.split())
    shown = flat if len(flat) <= LONGEST_SHOWN else flat[: LONGEST_SHOWN - 1].rstrip() + "…"
    return Last(str(event.body["from"]), shown, event.public()["at"])


def _reason(meta: Mapping[str, str], case: Case) -> str:
    return meta.get("handover_reason") or (case.handover.reason if case.handover else "")
