"""Whose conversations are meant: by conversation, case number, account number or e-mail address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from bot.case.document import decode_document
from bot.case.fields import ACCOUNT_NUMBER, CONTACT_EMAIL
from bot.case.model import Field, decode_case
from bot.content.account_number import normalise
from bot.conversation.keys import conversation_keys
from bot.conversation.store import Conversations
from bot.mail.thread import mail_note

AT_ONCE = 500


@dataclass(frozen=True)
class Sought:
    """What to look for: exactly one of these."""

    conversation: str = ""
    case: str = ""
    account: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        given = [it for it in (self.conversation, self.case, self.account, self.address) if it]
        if len(given) != 1:
            raise ValueError("give one of conversation, case, account and address")


async def find(redis: Redis, sought: Sought) -> list[str]:
    """The ids of the conversations meant. Raises `NotFound` for a conversation or case there is not.

    An account or address is looked for in every case, as it is and as it was ever filed, and in
    the mails that came in: reads everything there is.
    """
    conversations = Conversations(redis)
    if sought.conversation:
        return [(await conversations.read(sought.conversation)).id]
    if sought.case:
        return [await conversations.of_number(sought.case.strip().upper())]
    wanted = sought.address.strip().casefold() or normalise(sought.account)
    name = CONTACT_EMAIL if sought.address else ACCOUNT_NUMBER
    return [id async for id in all_conversations(redis) if await _has(redis, id, name, wanted)]


async def all_conversations(redis: Redis) -> AsyncIterator[str]:
    """The id of every conversation, in no particular order."""
    seen: set[str] = set()
    async for key in redis.scan_iter(match="{s*}:conversation:*", count=AT_ONCE):
        id = key.decode().partition(":conversation:")[2]
        if id not in seen:
            seen.add(id)
            yield id


async def revisions(redis: Redis, conversation: str) -> list[tuple[str, bytes]]:
    """The case documents ever filed in a conversation, by their keys."""
    stored: Any = await redis.get(conversation_keys(conversation).case)
    number = decode_case(stored).number if stored else None
    if number is None:
        return []
    shard = conversation_keys(conversation).meta.partition(":")[0]
    keys = [key.decode() async for key in redis.scan_iter(match=f"{shard}:filed:{number}:*")]
    keys.sort(key=lambda key: int(key.rpartition(":")[2]))
    documents: Any = await redis.mget(keys) if keys else []
    return [(key, value) for key, value in zip(keys, documents, strict=True) if value]


async def _has(redis: Redis, id: str, name: str, wanted: str) -> bool:
    stored: Any = await redis.get(conversation_keys(id).case)
    case = decode_case(stored) if stored else None
    if case is not None and _is(case.field(name), wanted):
        return True
    if case is not None and case.revision > 1:
        for _, document in await revisions(redis, id):
            if _is(decode_document(document).fields.get(name, Field()), wanted):
                return True
    if name != CONTACT_EMAIL:
        return False
    log = await Conversations(redis).all_events(id)
    notes = [note for event in log if (note := mail_note(event))]
    return any(note.sender.casefold() == wanted for note in notes)


def _is(field: Field, wanted: str) -> bool:
    value = field.value
    return isinstance(value, str) and wanted in (value.casefold(), normalise(value))
