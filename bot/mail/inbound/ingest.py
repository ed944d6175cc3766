"""Takes a mail into a conversation: into the one that it answers, or into a new one.

Everything a mail brings is written in one change under a name made of its Message-ID, so a mail that
is read twice, by two workers or after a crash, is in its conversation once.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

import msgspec
import structlog

from bot.case.fields import CONTACT_EMAIL
from bot.case.view import customer_view
from bot.content import Content
from bot.conversation.change import Change, Place
from bot.conversation.events import (
    CUSTOMER,
    SYSTEM,
    Event,
    case_event,
    message,
    note_event,
    owner_event,
)
from bot.conversation.keys import BY_MAIL
from bot.conversation.owner import Owner
from bot.conversation.scripts import AlreadyThere, CaseChanged
from bot.conversation.store import Conversation, Conversations
from bot.conversation.words import LONGEST_TEXT, kept_text
from bot.errors import NotOwner
from bot.files.gate import RefusedFile
from bot.files.store import FileStore, TooManyFiles, file_event
from bot.mail.inbound.bounce import Bounce, read_bounce
from bot.mail.inbound.caps import Caps
from bot.mail.inbound.kind import Kind, kind_of
from bot.mail.inbound.message import Inbound, SentFile, first_id, read_mail
from bot.mail.inbound.routing import MAIL_FROM, Routing
from bot.mail.thread import MAIL_CHANNEL, MailNote, noting
from bot.mail.thread import RefusedFile as Refused

ATTEMPTS = 5
BY = "mail"  # who wrote a note or changed a case: the courier, about a mail
LONGEST_QUOTE = 20_000
LONGEST_NOTE = 2_000
ID_BYTES = 16
WITHOUT_WORDS = "(no text)"

log = structlog.get_logger(__name__)


class Outcome(str, Enum):
    """What became of a mail.

    JOINED: in the conversation it answers. OPENED: in a new one, which the bot answers. REVIEW: in
    a new one that a person has to look at. NOTED: told to staff in the conversation it is about.
    IGNORED: a machine's, about nothing of ours.
    """

    JOINED = "joined"
    OPENED = "opened"
    REVIEW = "review"
    NOTED = "noted"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Ingested:
    """What became of a mail, in which conversation (empty for none), and why."""

    outcome: Outcome
    conversation: str = ""
    reason: str = ""


class Ingest:
    """Takes mails in. now: milliseconds since 1970."""

    def __init__(
        self, conversations: Conversations, routing: Routing, caps: Caps, files: FileStore,
        content: Content, now: Callable[[], int] = lambda: int(time.time() * 1000),
    ) -> None:  # fmt: skip
        self._conversations = conversations
        self._routing = routing
        self._caps = caps
        self._files = files
        self._content = content
        self._now = now

    async def take(self, raw: bytes) -> Ingested:
        """Takes in one mail as it came. Raises `UnreadableMail`, or `StoreUnavailable` for later."""
        mail = await asyncio.to_thread(read_mail, raw)
        kind = kind_of(mail)
        if kind is Kind.PERSON:
            taken = await self._from_person(mail)
        elif kind is Kind.BOUNCE:
            taken = await self._bounced(mail)
        elif kind is Kind.AUTOMATIC:
            taken = await self._automatic(mail)
        else:
            taken = Ingested(Outcome.IGNORED, reason="it is our own, come back")
        log.info("mail_taken_in", outcome=taken.outcome.value, conversation=taken.conversation,
                 kind=kind.value, reason=taken.reason)  # fmt: skip
        return taken

    async def _from_person(self, mail: Inbound) -> Ingested:
        if self._routing.is_us(mail.sender):
            return Ingested(Outcome.IGNORED, reason="it comes from our own address")
        count = await self._caps.count(mail.sender)
        if count > self._caps.taken:
            return Ingested(Outcome.IGNORED, reason=f"{count} mails of this sender within an hour")
        route = await self._routing.route(mail)
        answered = count <= self._caps.answered
        if route.conversation is not None and not route.doubt:
            await self._join(route.conversation.id, mail, answered)
            return Ingested(Outcome.JOINED, route.conversation.id)
        doubt = route.doubt or ("" if answered else f"{count} mails of this sender within an hour")
        id = await self._open(mail)
        if doubt:
            await self._for_review(id, mail, doubt, route.conversation)
            return Ingested(Outcome.REVIEW, id, doubt)
        await self._join(id, mail, answered=True)
        return Ingested(Outcome.OPENED, id)

    async def _open(self, mail: Inbound) -> str:
        """A conversation for the mail; the same one when the mail is read again."""
        seed = hashlib.sha256(f"{mail.sender}\0{mail.id}".encode("utf-8", "replace")).digest()
        id = base64.urlsafe_b64encode(seed[:ID_BYTES]).decode().rstrip("=")
        with suppress(AlreadyThere):  # whoever writes mail has no widget: no token opens it
            await self._conversations.open(
                id, secrets.token_hex(32), "en", [owner_event(Owner.BOT.value)], MAIL_CHANNEL
            )
        return id

    async def _join(self, id: str, mail: Inbound, answered: bool) -> None:
        """Adds the mail as the customer's message; the bot answers if it has the conversation."""
        for _ in range(ATTEMPTS):
            conversation = await self._conversations.read(id)
            events = await self._said(conversation, mail)
            reopened = Owner.BOT if conversation.owner is Owner.CLOSED else None
            if reopened is not None:
                events = [owner_event(reopened.value), *events]
            change = Change(events=events, owed=True, owner=reopened, once=_once(mail),
                            meta=_sender(conversation, mail))  # fmt: skip
            if not answered and conversation.owner is Owner.BOT:
                note = note_event(BY, "Many mails of one sender within an hour: the bot is silent.")
                change = self._handed_over(conversation, [*events, note], mail)
            try:
                await self._conversations.change(conversation, change)
            except NotOwner:  # somebody took it over meanwhile: look again who has it
                continue
            return
        raise NotOwner(f"conversation {id} changes hands again and again")

    def _handed_over(
        self, conversation: Conversation, events: Sequence[Event], mail: Inbound
    ) -> Change:
        now = self._now()
        return Change(
            events=[*events, owner_event(Owner.WAITING.value)], owner=Owner.WAITING,
            meta={**_sender(conversation, mail), "waiting_since": now}, place=Place(BY_MAIL, now),
            once=_once(mail),
        )  # fmt: skip

    async def _for_review(
        self, id: str, mail: Inbound, doubt: str, about: Conversation | None
    ) -> None:
        """Adds the mail to its own conversation, which waits for a person."""
        conversation = await self._conversations.read(id)
        if conversation.owner is not Owner.BOT:
            return
        case = f" ({about.case.number})" if about is not None and about.case.number else ""
        note = note_event(
            BY, f"To be looked at: {doubt}{case}. From {mail.sender}.",
            **({"about": about.id} if about is not None else {}),
        )  # fmt: skip
        events = [*await self._said(conversation, mail), note]
        try:
            await self._conversations.change(
                conversation, self._handed_over(conversation, events, mail)
            )
        except NotOwner:  # another worker was quicker with the same mail
            return

    async def _said(self, conversation: Conversation, mail: Inbound) -> list[Event]:
        """The mail as events: its files, then its words, which the bot answers."""
        files, refused = [], []
        for sent in _evidence(mail):
            try:
                stored = await asyncio.to_thread(
                    self._files.take, conversation.id, sent.name, sent.body
                )
                files.append(file_event(stored))
            except (RefusedFile, TooManyFiles) as error:
                refused.append(Refused(kept_text(sent.name)[:100], str(error)))
        own_id = first_id(mail.headers.get("message-id", ""))
        note = MailNote(
            own_id, mail.sender, kept_text(mail.subject), mail.references,
            kept_text(mail.quoted)[:LONGEST_QUOTE], tuple(refused),
        )  # fmt: skip
        words = message(CUSTOMER, _words(mail, first=not conversation.case.filed))
        return [noting(event, note) for event in (*files, words)]

    async def _automatic(self, mail: Inbound) -> Ingested:
        """An automatic reply is told to staff where it answers one of our mails, and else ignored."""
        found = (await self._routing.find(mail.recipients, mail.references)).conversation
        if found is None:
            return Ingested(Outcome.IGNORED, reason="a machine wrote it")
        words = kept_text(mail.text)[:LONGEST_NOTE]
        note = note_event(BY, f"Automatic reply from {mail.sender or 'a machine'}: {words}")
        await self._conversations.change(
            found, Change(events=[note], once=_once(mail)), fenced=False
        )
        return Ingested(Outcome.NOTED, found.id, "a machine wrote it")

    async def _bounced(self, mail: Inbound) -> Ingested:
        bounce = read_bounce(mail)
        if bounce is None:
            return Ingested(Outcome.IGNORED, reason="it reports no failure")
        route = await self._routing.find(mail.recipients, (bounce.returned, *mail.references))
        if route.conversation is None:
            return Ingested(Outcome.IGNORED, reason="it is about no mail of ours")
        conversation = route.conversation
        for _ in range(ATTEMPTS):
            try:
                await self._tell_of(bounce, conversation, route.sure, mail)
                break
            except CaseChanged:
                conversation = await self._conversations.read(conversation.id)
        if bounce.final:
            log.error("mail_came_back", conversation=conversation.id, status=bounce.status)
        return Ingested(Outcome.NOTED, conversation.id, f"not delivered: {bounce.status}")

    async def _tell_of(
        self, bounce: Bounce, conversation: Conversation, sure: bool, mail: Inbound
    ) -> None:
        """Notes the failure; an address that is surely wrong is marked so in the case."""
        what = "could not be delivered" if bounce.final else "is late"
        note = note_event(BY, f"Mail to {bounce.address} {what}: {bounce.reason}.")
        change = Change(events=[note], once=_once(mail))
        if bounce.final:
            change = self._with_address_marked(conversation, bounce, sure, mail, note)
        await self._conversations.change(conversation, change, fenced=False)

    def _with_address_marked(
        self, conversation: Conversation, bounce: Bounce, sure: bool, mail: Inbound, note: Event
    ) -> Change:
        place = Place(BY_MAIL, self._now()) if not conversation.queue else None
        stated = conversation.case.field(CONTACT_EMAIL)
        same = isinstance(stated.value, str) and stated.value.lower() == bounce.address
        if not (sure and same):
            return Change(events=[note], place=place, once=_once(mail))
        marked = msgspec.structs.replace(stated, invalid="mail to it comes back")
        case = conversation.case.with_field(CONTACT_EMAIL, marked)
        event = case_event(customer_view(case, self._content), by=SYSTEM)
        return Change(events=[event, note], case=case, place=place, once=_once(mail))


def _once(mail: Inbound) -> str:
    return f"mail:{mail.key}"


def _sender(conversation: Conversation, mail: Inbound) -> dict[str, str | int]:
    """Who writes in the conversation, noted with its first mail."""
    return {} if conversation.meta.get(MAIL_FROM) else {MAIL_FROM: mail.sender}


def _words(mail: Inbound, first: bool) -> str:
    """What the log shows: the subject goes first where the mail begins something."""
    text = mail.text or mail.quoted
    subject = mail.subject if first and mail.subject not in text else ""
    words = kept_text("\n\n".join(part for part in (subject, text) if part.strip()))
    return words[:LONGEST_TEXT] or WITHOUT_WORDS


def _evidence(mail: Inbound) -> list[SentFile]:
    """The files of a mail; a text too long for a message is one of them, whole."""
    files = [file for file in mail.files if file.body]
    if len(mail.text) > LONGEST_TEXT:
        files.insert(0, SentFile("mail.txt", mail.text.encode()))
    return files
