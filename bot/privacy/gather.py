"""Everything that is kept of a conversation, for the person whom it is about (UK GDPR article 15)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from redis.asyncio import Redis

from bot.case.model import encode_case
from bot.conversation.events import Event
from bot.conversation.keys import conversation_keys
from bot.conversation.store import Conversations
from bot.mail.attachments import FOLDER, safe_name
from bot.mail.order import MailOrder, decode_order
from bot.privacy.find import revisions

INDEX = "export.json"
# Opens the conversation, so it goes to nobody.
SECRET = frozenset({"token"})


async def export(redis: Redis, state_dir: Path, conversations: Sequence[str]) -> bytes:
    """A ZIP file with `export.json` and the customer's files. Raises `NotFound`."""
    kept = [await gathered(redis, id) for id in conversations]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(INDEX, msgspec.json.format(msgspec.json.encode(kept), indent=2))
        for id in conversations:
            for name, body in _files(state_dir / FOLDER / id):
                archive.writestr(f"files/{id}/{name}", body)
    return out.getvalue()


async def gathered(redis: Redis, conversation: str) -> dict[str, Any]:
    """What Redis has of the conversation, ready for JSON. Raises `NotFound`."""
    store = Conversations(redis)
    known = await store.read(conversation)
    mails = [order async for _, order in mails_of(redis, {conversation})]
    return {
        "conversation": conversation,
        "about": {name: value for name, value in known.meta.items() if name not in SECRET},
        "case": msgspec.json.decode(encode_case(known.case)),
        "filed": [msgspec.json.decode(it) for _, it in await revisions(redis, conversation)],
        "events": [_event(event) for event in await store.all_events(conversation)],
        "mails": [msgspec.to_builtins(order) for order in mails],
        "timers": await timers_of(redis, conversation),
    }


async def mails_of(redis: Redis, conversations: set[str]) -> AsyncIterator[tuple[str, MailOrder]]:
    """The outbox entries of these conversations, in every state: id and order."""
    shards = {conversation_keys(id).meta.partition(":")[0] for id in conversations}
    for shard in sorted(shards):
        async for key in redis.scan_iter(match=f"{shard}:mail:*", count=500):
            stored: Any = await redis.hget(key, "mail")
            if stored and (order := _order(stored)) and order.conversation in conversations:
                yield key.decode().partition(":mail:")[2], order


async def timers_of(redis: Redis, conversation: str) -> dict[str, int]:
    """The timers set for a conversation: by kind, when it rings (ms since 1970)."""
    found: dict[str, int] = {}
    timers = conversation_keys(conversation).timers
    async for member, due in redis.zscan_iter(timers, match=f"*:{conversation}", count=500):
        found[member.decode().partition(":")[0]] = int(due)
    return found


def _order(stored: bytes) -> MailOrder | None:
    try:
        return decode_order(stored)
    except msgspec.MsgspecError:  # an entry that nobody can read is nobody's
        return None


def _event(event: Event) -> dict[str, Any]:
    return event.public() | ({"private": dict(event.private)} if event.private else {})


def _files(folder: Path) -> list[tuple[str, bytes]]:
    """The files of one conversation under the names that they were sent with."""
    found = []
    for note in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        name = str(msgspec.json.decode(note.read_bytes())["name"])
        body = note.with_suffix("")
        if body.is_file():
            found.append((f"{note.stem[:8]}-{safe_name(name)}", body.read_bytes()))
    return found
