"""Removing conversations from everywhere they have left anything (UK GDPR article 17).

What is removed: log, case, every filed revision, the engine's working copy, message ids, choices, mails
in every state, timers, places in queues and indexes, files on disk, the development mailbox; then
Redis writes its append-only file anew. What stays: the audit log, which holds ids and case numbers
but nothing that anybody wrote, and backups, which age by the operator's own rules.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.case.model import decode_case
from bot.conversation.keys import conversation_keys, mail_key, number_key
from bot.mail.attachments import FOLDER
from bot.mail.inbound.parts import make_reply_address
from bot.mail.mailbox import FOLDER as MAILBOX
from bot.privacy.find import revisions
from bot.privacy.gather import mails_of
from bot.settings import Settings
from bot.staff.audit import Audit

# The second part of keys that belong to one conversation or one mail, and name it.
OWN = frozenset(
    {"conversation", "log", "case", "tracker", "seen", "choices", "number", "filed", "mail"}
)
REWRITE_SECONDS = 120.0
_SEPARATORS = re.compile(r"[:.\s]|(?<=^\d\d)-")


@dataclass(frozen=True)
class Erased:
    """What an erasure removed. rewritten: whether the append-only file is free of it as well."""

    conversations: int = 0
    keys: int = 0
    entries: int = 0
    files: int = 0
    mails: int = 0
    rewritten: bool = True


async def erase(redis: Redis, settings: Settings, conversations: Sequence[str], by: str) -> Erased:
    """Removes the conversations; `by` and their ids go into the audit log first.

    May be repeated: what a broken attempt left behind is removed by the next one.
    """
    if not conversations:
        return Erased()
    audit = Audit(redis)
    for id in conversations:
        await audit.record(by, "conversation.erase", id)
    numbers = {id: await _number(redis, id) for id in conversations}
    names = {*conversations, *filter(None, numbers.values())}
    # What can be found again only through Redis goes first, so that a broken attempt can be repeated.
    state_dir, addresses = settings.state_dir, make_reply_address(settings)
    files = await asyncio.to_thread(_remove_files, state_dir, conversations)
    replies = {addresses.of(id).addr_spec for id in conversations} - {addresses.base.addr_spec}
    kept = await asyncio.to_thread(_remove_mails, state_dir / MAILBOX, names | replies)
    keys = 0
    for id in conversations:
        keys += await _remove_keys(redis, id, numbers[id])
    entries = await _entries(redis, names)
    return Erased(len(conversations), keys, entries, files, kept, await rewrite(redis))


async def _number(redis: Redis, id: str) -> str:
    stored: Any = await redis.get(conversation_keys(id).case)
    return (decode_case(stored).number if stored else None) or ""


async def _remove_keys(redis: Redis, id: str, number: str) -> int:
    """Removes the keys of one conversation, all at once; nobody can write to it afterwards."""
    keys = conversation_keys(id)
    doomed = [keys.meta, keys.log, keys.case, keys.tracker, keys.seen, keys.choices]
    doomed += [key for key, _ in await revisions(redis, id)]
    doomed += [mail_key(mail) async for mail, _ in mails_of(redis, {id})]
    doomed += [number_key(number)] if number else []
    async with redis.pipeline(transaction=True) as pipe:
        for key in doomed:
            pipe.delete(key)
        return sum(await pipe.execute())


async def _entries(redis: Redis, names: set[str]) -> int:
    """Removes what names any of `names` from queues, timers, indexes; and keys that are called so."""
    removed = 0
    async for raw in redis.scan_iter(match="{s*", count=1000):
        key = raw.decode()
        kind = key.split(":")[1] if ":" in key else ""
        if any(_named(part, names) for part in key.split(":")):
            removed += int(await redis.delete(key))
        elif kind not in OWN:
            removed += await _members(redis, key, names)
    return removed


async def _members(redis: Redis, key: str, names: set[str]) -> int:
    kind: Any = await redis.type(key)
    match kind.decode():
        case "zset":
            found = [member async for member, _ in redis.zscan_iter(key, count=500)]
            drop: Any = redis.zrem
        case "hash":
            found = [field async for field, _ in redis.hscan_iter(key, count=500)]
            drop = redis.hdel
        case "set":
            found = [member async for member in redis.sscan_iter(key, count=500)]
            drop = redis.srem
        case _:
            return 0
    doomed = [member for member in found if _named(member.decode("utf-8", "replace"), names)]
    return int(await drop(key, *doomed)) if doomed else 0


def _named(member: str, names: set[str]) -> bool:
    return member in names or not names.isdisjoint(_SEPARATORS.split(member))


def _remove_files(state_dir: Path, conversations: Sequence[str]) -> int:
    removed = 0
    for id in conversations:
        folder = state_dir / FOLDER / id
        if folder.parent == state_dir / FOLDER and folder.is_dir():
            removed += sum(1 for file in folder.iterdir() if file.suffix != ".json")
            shutil.rmtree(folder)
    return removed


def _remove_mails(maildir: Path, names: set[str]) -> int:
    """Removes the mails of the development mailbox that name one of the cases or conversations."""
    wanted = [name.encode() for name in names]
    removed = 0
    for folder in ("new", "cur", "tmp"):
        for path in (maildir / folder).glob("*"):
            text = path.read_bytes()
            if any(name in text or name.lower() in text for name in wanted):
                path.unlink()
                removed += 1
    return removed


async def rewrite(redis: Redis) -> bool:
    """Has Redis write its append-only file anew and waits for it; False where that cannot be had."""
    info: Any = await redis.info("persistence")
    if not info.get("aof_enabled"):
        return True
    try:
        await redis.bgrewriteaof()
        async with asyncio.timeout(REWRITE_SECONDS):
            while await _rewriting(redis):  # noqa: ASYNC110 - nobody tells when it has ended
                await asyncio.sleep(0.05)
    except (ResponseError, TimeoutError):
        return False
    return True


async def _rewriting(redis: Redis) -> bool:
    info: Any = await redis.info("persistence")
    return bool(info["aof_rewrite_in_progress"] or info.get("aof_rewrite_scheduled"))
