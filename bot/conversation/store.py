"""Conversations in Redis: reading them, and the few things that may be done to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.case.model import Case, decode_case, encode_case
from bot.conversation.events import Choice, Event, decode_event, encode_event
from bot.conversation.keys import (
    ConversationKeys,
    conversation_keys,
    filed_key,
    mail_key,
    number_key,
)
from bot.conversation.owner import Owner, check_transition
from bot.conversation.scripts import Argument, CaseChanged, Scripts, unavailable
from bot.conversation.work import Claim
from bot.errors import NotFound, NotOwner

READ_AT_ONCE = 500


@dataclass(frozen=True)
class Conversation:
    """What is known of a conversation beside its log.

    `cursor` is the last customer event the bot has answered, `heard` the last one there is;
    `token` the SHA-256, as hex, of the token that opens it; `opened` milliseconds since 1970.
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


@dataclass(frozen=True)
class Mail:
    """An outbox entry to be made: its id (see `mail_key`) and what the courier needs, as JSON."""

    id: str
    body: bytes


@dataclass(frozen=True)
class Turn:
    """All that one bot turn changes, committed whole.

    `case` is None when the turn did not change it; `filed` is the case document of a new revision.
    """

    answers: str
    events: Sequence[Event]
    choices: Sequence[Choice] = ()
    case: Case | None = None
    tracker: bytes = b""
    filed: bytes = b""
    mails: Sequence[Mail] = field(default_factory=tuple)


class Conversations:
    """The conversations kept in one Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._scripts = Scripts(redis)

    async def open(self, id: str, token: str, locale: str, events: Sequence[Event]) -> None:
        """Opens a conversation under the hash `token` with its first events, owned by the bot."""
        keys = conversation_keys(id)
        await self._scripts.run(
            "open", [keys.meta, keys.log], id, token, locale, len(events), *_flat(events)
        )

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
        return _conversation(id, {k.decode(): v.decode() for k, v in meta.items()}, case)

    async def token_of(self, id: str) -> str:
        """The hash of the token that opens this conversation. Raises `NotFound`."""
        token = await self._reading(self._redis.hget(conversation_keys(id).meta, "token"))
        if token is None:
            raise NotFound("no such conversation")
        return str(token.decode())

    async def say(self, id: str, client_id: str, event: Event) -> tuple[str, bool]:
        """Appends what the customer said, once per `client_id`.

        Returns the event's id and whether it was appended now. Raises `NotFound`.
        """
        keys = conversation_keys(id)
        names = [keys.meta, keys.log, keys.seen, keys.ready]
        event_id, new = await self._scripts.run("say", names, id, client_id, *encode_event(event))
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

    async def tracker(self, id: str) -> bytes:
        """The engine's working copy; empty when there is none."""
        return await self._reading(self._redis.get(conversation_keys(id).tracker)) or b""

    async def edit_case(
        self, conversation: Conversation, case: Case, event: Event, answer: bool
    ) -> str:
        """Stores `case`, changed outside a turn, and appends `event`; the bot answers if told so.

        Returns the event's id. Raises `CaseChanged` when the case is not as `conversation` has it.
        """
        keys = conversation_keys(conversation.id)
        event_id = await self._scripts.run(
            "edit", [keys.meta, keys.log, keys.case, keys.ready], conversation.id,
            conversation.case_version, encode_case(case), *encode_event(event), int(answer),
        )  # fmt: skip
        if not event_id:
            raise CaseChanged("the case has changed meanwhile")
        return str(event_id.decode())

    async def change_owner(self, conversation: Conversation, to: Owner, event: Event) -> int:
        """Passes the conversation on and appends `event`; returns the new epoch.

        Raises `ForbiddenTransition`, or `NotOwner` when somebody else was quicker.
        """
        check_transition(conversation.owner, to)
        keys = conversation_keys(conversation.id)
        epoch = await self._scripts.run(
            "change_owner", [keys.meta, keys.log, keys.ready], conversation.id,
            conversation.owner.value, conversation.epoch, to.value, *encode_event(event),
        )  # fmt: skip
        if not epoch:
            raise NotOwner("the conversation has another owner by now")
        return int(epoch)

    async def commit(self, conversation: Conversation, claim: Claim, turn: Turn) -> bool:
        """Commits a turn of the bot; returns whether the customer has said more meanwhile.

        If so the claim is kept, else the work is done. Raises `ClaimLost`, `NotOwner`,
        `CaseChanged` or `AlreadyThere` (the case number), and then nothing has happened.
        """
        more = await self._scripts.run(
            "commit_turn",
            _turn_keys(conversation, turn),
            *_turn_arguments(conversation, claim, turn),
        )
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


def _flat(events: Sequence[Event]) -> list[bytes]:
    return [part for event in events for part in encode_event(event)]


def _conversation(id: str, meta: Mapping[str, str], case: bytes | None) -> Conversation:
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
    )


def _turn_keys(conversation: Conversation, turn: Turn) -> list[str]:
    keys: ConversationKeys = conversation_keys(conversation.id)
    number, revision = keys.meta, 0
    if turn.filed:
        assert turn.case is not None
        assert turn.case.number is not None
        number, revision = turn.case.number, turn.case.revision
    return [
        keys.meta, keys.log, keys.case, keys.tracker, keys.choices, keys.ready, keys.ready_claims,
        keys.outbox, filed_key(number, revision) if turn.filed else keys.meta,
        number_key(number) if turn.filed else keys.meta, *(mail_key(mail.id) for mail in turn.mails),
    ]  # fmt: skip


def _turn_arguments(conversation: Conversation, claim: Claim, turn: Turn) -> list[Argument]:
    arguments: list[Argument] = [
        conversation.id, claim.token, conversation.epoch, conversation.case_version, turn.answers,
        encode_case(turn.case) if turn.case else b"", turn.tracker, turn.filed,
        len(turn.mails), len(turn.choices), len(turn.events), conversation.cursor,
    ]  # fmt: skip
    for mail in turn.mails:
        arguments += [mail.id, mail.body]
    for choice in turn.choices:
        arguments += [choice.id, msgspec.json.encode(choice)]
    return arguments + list(_flat(turn.events))
