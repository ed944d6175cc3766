"""Conversations in Redis: reading them, and the few things that may be done to one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.case.model import Case, decode_case
from bot.conversation.change import Change, Turn, change_keys, encode_change, figures_today
from bot.conversation.events import Choice, Event, decode_event, encode_event, owner_event
from bot.conversation.keys import conversation_keys, filed_key, number_key
from bot.conversation.owner import Owner, check_transition
from bot.conversation.scripts import Scripts, unavailable
from bot.conversation.work import Claim
from bot.errors import NotFound

READ_AT_ONCE = 500


@dataclass(frozen=True)
class Conversation:
    """What is known of a conversation beside its log.

    `cursor` is the last customer event the bot has answered, `heard` the last one there is;
    `token` the SHA-256, as hex, of the token that opens it, `more_tokens` of those that open it on
    other devices; `channel` is `widget` or `mail`.
    `opened`, `changed` and `waiting_since` are milliseconds since 1970, 0 for never. `agent` is the
    member of staff who has it, if any; `scope` the fields that a person has asked the bot to get;
    `queue` where staff find it, see `Place`.
    """

    id: str
    token: str
    locale: str
    owner: Owner
    epoch: int
    cursor: str
    heard: str
    opened: int
    case_version: int
    case: Case
    channel: str = "widget"
    changed: int = 0
    waiting_since: int = 0
    agent: str = ""
    agent_name: str = ""
    scope: tuple[str, ...] = ()
    queue: str = ""
    more_tokens: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unread:
    """A conversation with what the bot has not answered yet.

    tracker: the engine's working copy, empty when there is none. events: up to `READ_AT_ONCE` that
    are later than the cursor, oldest first.
    """

    conversation: Conversation
    tracker: bytes
    events: list[Event]


class Conversations:
    """The conversations kept in one Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._scripts = Scripts(redis)

    async def open(
        self, id: str, token: str, locale: str, events: Sequence[Event], channel: str = "widget"
    ) -> None:
        """Opens a conversation under the hash `token` with its first events, owned by the bot.

        Raises `AlreadyThere` when there is one with this id.
        """
        keys = conversation_keys(id)
        first = msgspec.json.encode([[part.decode() for part in encode_event(it)] for it in events])
        names = [keys.meta, keys.log, figures_today(id)]
        await self._scripts.run("open", names, id, token, locale, channel, first)

    async def read(self, id: str) -> Conversation:
        """The conversation with this id. Raises `NotFound`.

        No transaction, which a full Redis refuses even for reading: a case that changes between
        the two reads is newer than its version, and whatever is written on it is refused.
        """
        keys = conversation_keys(id)
        pipe = self._redis.pipeline(transaction=False)
        pipe.hgetall(keys.meta)
        pipe.get(keys.case)
        meta, case = await self._reading(pipe.execute())
        if not meta:
            raise NotFound("no such conversation")
        return _conversation(id, meta, case)

    async def unread(self, id: str) -> Unread:
        """All that a turn is computed on, read at one moment. Raises `NotFound`."""
        keys = conversation_keys(id)
        names = [keys.meta, keys.case, keys.tracker, keys.log]
        found = await self._scripts.run("unread", names, READ_AT_ONCE)
        if not found:
            raise NotFound("no such conversation")
        meta, case, tracker, entries = found
        events = [decode_event(entry_id, _paired(stored)) for entry_id, stored in entries]
        return Unread(_conversation(id, _paired(meta), case), tracker or b"", events)

    async def tokens_of(self, id: str) -> frozenset[str]:
        """The hashes of the tokens that open this conversation. Raises `NotFound`."""
        meta = conversation_keys(id).meta
        token, more = await self._reading(self._redis.hmget(meta, "token", "more_tokens"))
        if token is None:
            raise NotFound("no such conversation")
        return frozenset((token.decode(), *(more or b"").decode().split()))

    async def say(self, id: str, client_id: str, event: Event) -> tuple[str, bool]:
        """Appends what the customer said, once per `client_id`; what was closed is open again.

        Returns the event's id and whether it was appended now. Raises `NotFound`.
        """
        keys = conversation_keys(id)
        names = [keys.meta, keys.log, keys.seen, keys.ready]
        opened = encode_event(owner_event(Owner.BOT.value))[1]
        event_id, new = await self._scripts.run(
            "say", names, id, client_id, *encode_event(event), opened
        )
        return event_id.decode(), bool(new)

    async def events(self, id: str, after: str, limit: int = READ_AT_ONCE) -> list[Event]:
        """Up to `limit` events later than the event id `after`, oldest first."""
        log = conversation_keys(id).log
        entries = await self._reading(self._redis.xrange(log, f"({after}", "+", count=limit))
        return [decode_event(entry_id, stored) for entry_id, stored in entries]

    async def all_events(self, id: str) -> list[Event]:
        """The whole log."""
        events: list[Event] = []
        while True:
            page = await self.events(id, events[-1].id if events else "0-0")
            events += page
            if len(page) < READ_AT_ONCE:
                return events

    async def choice(self, id: str, choice: str) -> Choice:
        """The choice with this id that the bot has offered here. Raises `NotFound`."""
        stored = await self._reading(self._redis.hget(conversation_keys(id).choices, choice))
        if stored is None:
            raise NotFound("no such choice")
        return msgspec.json.decode(stored, type=Choice)

    async def change(
        self, conversation: Conversation, change: Change, fenced: bool = True
    ) -> list[str]:
        """Makes `change`, whole or not at all; returns the ids of its events.

        Fenced, it is refused when the conversation has had another owner since it was read. Raises
        `ForbiddenTransition`, `NotOwner`, `CaseChanged`, `AlreadyThere` (the revision) or
        `NotFound`, and then nothing has happened.
        """
        if change.owner is not None:
            check_transition(conversation.owner, change.owner)
        ids = await self._scripts.run(
            "change", change_keys(conversation.id, change), conversation.id,
            conversation.epoch if fenced else "",
            conversation.case_version if change.case else "", encode_change(change),
        )  # fmt: skip
        return [id.decode() for id in ids]

    async def edit_case(
        self, conversation: Conversation, case: Case, event: Event, answer: bool
    ) -> str:
        """Stores `case`, changed by hand, and appends `event`; the bot answers if told so.

        Whoever owns the conversation: the customer may correct the case at any time. Returns the
        event's id. Raises `CaseChanged` when the case is not as `conversation` has it.
        """
        once = f"edit:{secrets.token_urlsafe(9)}"  # a command sent again changes nothing more
        change = Change(case=case, events=[event], owed=answer, once=once)
        return (await self.change(conversation, change, fenced=False))[-1]

    async def change_owner(self, conversation: Conversation, to: Owner, event: Event) -> int:
        """Passes the conversation on and appends `event`; returns the new epoch.

        Raises `ForbiddenTransition`, or `NotOwner` when somebody else was quicker.
        """
        await self.change(conversation, Change(owner=to, events=[event]))
        return conversation.epoch + 1

    async def commit(self, conversation: Conversation, claim: Claim, turn: Turn) -> bool:
        """Commits a turn of the bot; returns whether the customer has said more meanwhile.

        If so the claim is kept, else the work is done. Raises `ClaimLost`, `NotOwner`,
        `CaseChanged` or `AlreadyThere` (the case number), and then nothing has happened.
        """
        if turn.owner is not None:
            check_transition(conversation.owner, turn.owner)
        more = await self._scripts.run(
            "commit_turn", change_keys(conversation.id, turn), conversation.id, claim.token,
            conversation.epoch, conversation.case_version, conversation.cursor, turn.answers,
            turn.tracker, encode_change(turn),
        )  # fmt: skip
        return bool(more)

    async def rest(self, conversation: Conversation, claim: Claim) -> bool:
        """Ends the claim on a conversation read without anything unread in it.

        Returns whether the customer has said more meanwhile; then the claim is kept. Raises
        `ClaimLost`.
        """
        keys = conversation_keys(conversation.id)
        names = [keys.meta, keys.ready, keys.ready_claims]
        more = await self._scripts.run(
            "rest", names, conversation.id, claim.token, conversation.heard
        )
        return bool(more)

    async def filed_document(self, number: str, revision: int) -> bytes:
        """The case document of a filed revision. Raises `NotFound`."""
        document = await self._reading(self._redis.get(filed_key(number, revision)))
        if document is None:
            raise NotFound("no such filed case")
        return bytes(document)

    async def of_number(self, number: str) -> str:
        """The id of the conversation a case number belongs to. Raises `NotFound`."""
        id = await self._reading(self._redis.get(number_key(number)))
        if id is None:
            raise NotFound("no such case")
        return str(id.decode())

    async def _reading(self, reading: Any) -> Any:
        try:
            return await reading
        except (ConnectionError, RedisTimeoutError) as error:
            raise unavailable(error) from error


def _paired(flat: Sequence[bytes]) -> dict[bytes, bytes]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _conversation(id: str, stored: Mapping[bytes, bytes], case: bytes | None) -> Conversation:
    meta = {name.decode(): value.decode() for name, value in stored.items()}
    return Conversation(
        id=id,
        token=meta["token"],
        locale=meta["locale"],
        owner=Owner(meta["owner"]),
        epoch=int(meta["epoch"]),
        cursor=meta["cursor"],
        heard=meta["heard"],
        opened=int(meta["opened"]),
        case_version=int(meta["case_version"]),
        case=decode_case(case) if case else Case(locale=meta["locale"]),
        channel=meta.get("channel", "widget"),
        changed=int(meta.get("changed", 0)),
        waiting_since=int(meta.get("waiting_since", 0)),
        agent=meta.get("agent", ""),
        agent_name=meta.get("agent_name", ""),
        scope=tuple(meta.get("scope", "").split()),
        queue=meta.get("queue", ""),
        more_tokens=tuple(meta.get("more_tokens", "").split()),
        meta=meta,
    )
