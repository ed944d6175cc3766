"""Customers whose words are in every store there is, and a way to look for any of them."""

from __future__ import annotations

import mailbox
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bot.case.fields import ACCOUNT_NUMBER, CONTACT_EMAIL, DESCRIPTION
from bot.case.filing import filed
from bot.case.model import Case, Field, State
from bot.clock.parts import Parts
from bot.conversation.change import Change, Place
from bot.conversation.events import CUSTOMER, Choice, message, note_event
from bot.conversation.keys import conversation_keys
from bot.conversation.numbers import propose_number
from bot.desk.earlier import Earlier
from bot.files.store import FOLDER, FileStore
from bot.mail.destinations import Destinations
from bot.mail.filing import filing_of
from bot.settings import ensure_secret

MAILBOX = "cases@meadow.example"


@dataclass(frozen=True)
class Customer:
    """One of them, with words that nobody else says."""

    id: str
    number: str
    account: str
    address: str
    words: str
    file: str

    @property
    def secrets(self) -> list[bytes]:
        """What must not be found anywhere afterwards."""
        named = (self.number, self.account, self.address, self.words, self.file)
        return [word.encode() for word in named]


async def customer(parts: Parts, id: str, account: str, filed_twice: bool = True) -> Customer:
    """A customer with a filed case, whose traces are in every store."""
    one = Customer(id, propose_number(id), account, f"{id.lower()}@customer.example",
                   f"words-of-{id}", f"file-of-{id}")  # fmt: skip
    conversations, redis = parts.conversations, parts.redis
    await conversations.open(id, "hash-of-token", "en", [message("bot", "Hello")])
    await conversations.say(id, f"m-{one.words}", message(CUSTOMER, one.words))
    stored = FileStore(parts.settings.state_dir / FOLDER).take(
        id, f"{one.file}.txt", one.file.encode()
    )
    case = _case(one).with_file(stored.file)
    for _ in range(2 if filed_twice else 1):
        case = filed(case, one.number, "2026-11-02T09:00:00Z")
        log = await conversations.all_events(id)
        filing = filing_of(id, case, log, parts.content, Destinations({}, MAILBOX))
        await conversations.change(
            await conversations.read(id),
            Change(
                case=case, filed=filing.document, mails=filing.mails, timers=filing.timers,
                events=[note_event("agent-1", one.words)], place=Place("mail", 5),
                choices=[Choice("x", "Yes", f"/affirm {one.words}")],
            ),
        )  # fmt: skip
    await redis.set(conversation_keys(id).tracker, one.words)
    await redis.zadd(conversation_keys(id).ready, {id: 1})
    await Earlier(redis, ensure_secret(parts.settings), parts.content).note(
        await conversations.read(id)
    )
    _mail(parts.settings.state_dir, one)
    return one


def _case(one: Customer) -> Case:
    stated = {DESCRIPTION: one.words, ACCOUNT_NUMBER: one.account, CONTACT_EMAIL: one.address}
    case = Case(problem="no_mobile_data", category="technical")
    for name, value in stated.items():
        case = case.with_field(name, Field(value, State.STATED, value))
    return case


def _mail(state_dir: Path, one: Customer) -> None:
    """A mail as the development mailbox keeps it."""
    text = f"Delivered-To: {one.address}\nSubject: [{one.number}] received\n\n{one.words}\n"
    mailbox.Maildir(state_dir / "mailbox").add(text.encode())


async def everything(redis: Redis) -> bytes:
    """All keys and values of this Redis, but the audit log."""
    found: list[Any] = []
    async for key in redis.scan_iter(count=1000):
        kind: Any = await redis.type(key)
        if key == b"{staff}:audit":
            continue
        found.append(key)
        found.append(await _value(redis, kind.decode(), key))
    return repr(found).encode()


async def _value(redis: Any, kind: str, key: bytes) -> Any:
    match kind:
        case "string":
            return await redis.get(key)
        case "hash":
            return await redis.hgetall(key)
        case "zset":
            return await redis.zrange(key, 0, -1, withscores=True)
        case "stream":
            return await redis.xrange(key)
        case "set":
            return await redis.smembers(key)
    raise AssertionError(f"{key!r} is a {kind}")


def on_disk(*folders: Path) -> bytes:
    """Every file's path and content under these folders."""
    paths = [path for folder in folders for path in folder.rglob("*")]
    return b"\n".join(
        str(path).encode() + b"\n" + path.read_bytes() for path in paths if path.is_file()
    )


def left(haystack: bytes, words: Sequence[bytes]) -> list[bytes]:
    """Which of `words` can still be found, in any case of letters."""
    lower = haystack.lower()
    return [word for word in words if word.lower() in lower]
