"""Mails taken into conversations on a real Redis: the right one, once, and never silently the wrong one."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from redis.asyncio import Redis

from bot.case.fields import CONTACT_EMAIL, DESCRIPTION
from bot.case.model import Case, Field, State
from bot.content import Content, load_content
from bot.conversation.change import Change
from bot.conversation.events import CUSTOMER, MESSAGE, NOTE, Event, case_event, owner_event
from bot.conversation.keys import conversation_keys
from bot.conversation.numbers import propose_number
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation, Conversations
from bot.files.limits import FileLimits
from bot.files.store import FileStore
from bot.mail.headers import message_id
from bot.mail.inbound.caps import Caps
from bot.mail.inbound.ingest import Ingest, Outcome
from bot.mail.inbound.message import UnreadableMail
from bot.mail.inbound.routing import Routing
from bot.mail.order import ACKNOWLEDGEMENT, MailOrder
from bot.mail.thread import mail_note
from bot.settings import ROOT
from tests.mail.inbound.mails import CUSTOMER as JO
from tests.mail.inbound.mails import REPLY, STRANGER, SUPPORT, bounce, mail, raw

FROM_WIDGET = "AAECAwQFBgcICQoLDA0ODw"


@dataclass(frozen=True)
class Desk:
    """What the tests act on."""

    ingest: Ingest
    conversations: Conversations
    redis: Redis

    async def log(self, id: str) -> list[Event]:
        return await self.conversations.all_events(id)

    async def said(self, id: str) -> list[str]:
        """What the customer has said in words."""
        return [
            event.body["text"] for event in await self.log(id)
            if event.type == MESSAGE and event.body["from"] == CUSTOMER and "file" not in event.body
        ]  # fmt: skip

    async def notes(self, id: str) -> list[str]:
        return [e.private["text"] for e in await self.log(id) if e.type == NOTE]

    async def in_queue(self, id: str) -> bool:
        score = await self.redis.zscore(conversation_keys(id).by_mail, id)
        return score is not None

    async def conversation_count(self) -> int:
        return len([key async for key in self.redis.scan_iter(match="*:conversation:*")])


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(ROOT / "data")


@pytest.fixture
def desk(redis: Redis, tmp_path: Path, content: Content) -> Desk:
    conversations = Conversations(redis)
    routing = Routing(conversations, REPLY, "meadow.example")
    ingest = Ingest(
        conversations, routing, Caps(redis, answered=3, taken=6), FileStore(tmp_path), content
    )
    return Desk(ingest, conversations, redis)


@pytest.fixture
async def filed(desk: Desk) -> Conversation:
    """A conversation of the widget with a filed case of the customer."""
    await desk.conversations.open(FROM_WIDGET, "0" * 64, "en", [owner_event("bot")])
    number = propose_number(FROM_WIDGET)
    case = Case(
        number=number, revision=1, received_at="2026-11-22T10:00:00Z",
        fields={
            DESCRIPTION: Field("no data", State.STATED, "no data", ("1-0",)),
            CONTACT_EMAIL: Field("Jo@Customer.example", State.STATED, JO, ("1-0",)),
        },
    )  # fmt: skip
    opened = await desk.conversations.read(FROM_WIDGET)
    await desk.conversations.change(
        opened, Change(case=case, filed=b"{}", events=[case_event({}, "bot")])
    )
    return await desk.conversations.read(FROM_WIDGET)


def acknowledgement(conversation: Conversation) -> str:
    """The Message-ID of the acknowledgement that was sent about its case."""
    assert conversation.case.number is not None
    order = MailOrder(ACKNOWLEDGEMENT, conversation.id, conversation.case.number, 1, JO)
    return message_id(order, "meadow.example")


class TestNew:
    async def test_a_mail_that_answers_nothing_opens_a_conversation(self, desk: Desk) -> None:
        taken = await desk.ingest.take(raw("It stopped on Friday."))
        assert taken.outcome is Outcome.OPENED
        read = await desk.conversations.read(taken.conversation)
        assert (read.channel, read.owner) == ("mail", Owner.BOT)
        assert await desk.said(taken.conversation) == ["No mobile data\n\nIt stopped on Friday."]
        assert await desk.redis.zscore(conversation_keys(read.id).ready, read.id) is not None
        note = mail_note((await desk.log(read.id))[-1])
        assert note is not None
        assert (note.id, note.sender, note.subject) == (
            "<one@customer.example>", JO, "No mobile data",
        )  # fmt: skip

    async def test_read_twice_it_is_there_once(self, desk: Desk) -> None:
        first = await desk.ingest.take(raw())
        again = await desk.ingest.take(raw())
        assert first.conversation == again.conversation
        assert len(await desk.said(first.conversation)) == 1
        assert await desk.conversation_count() == 1

    async def test_read_by_several_at_once_it_is_there_once(self, desk: Desk) -> None:
        taken = await asyncio.gather(*(desk.ingest.take(raw()) for _ in range(5)))
        assert len({one.conversation for one in taken}) == 1
        assert len(await desk.said(taken[0].conversation)) == 1

    async def test_card_numbers_are_not_kept(self, desk: Desk) -> None:
        card = "4111 1111 1111 1111"
        sent = raw(f"my card is {card}\n\n> and {card}", subject=f"Card {card}")
        taken = await desk.ingest.take(sent)
        for event in await desk.log(taken.conversation):
            assert "1111 1111" not in str((event.body, event.private))

    async def test_files_come_before_the_words_and_bad_ones_are_told(self, desk: Desk) -> None:
        out = io.BytesIO()
        Image.effect_noise((80, 80), 60).save(out, "PNG")
        sent = mail()
        sent.add_attachment(out.getvalue(), maintype="image", subtype="png", filename="shot.png")
        sent.add_attachment(b"PK\x03\x04" + bytes(2000), maintype="application", subtype="zip",
                            filename="all.zip")  # fmt: skip
        taken = await desk.ingest.take(sent.as_bytes())
        picture, words = [e for e in await desk.log(taken.conversation) if e.type == MESSAGE]
        assert picture.body["file"]["name"] == "shot.png"
        note = mail_note(words)
        assert note is not None
        assert [one.name for one in note.refused] == ["all.zip"]
        read = await desk.conversations.read(taken.conversation)
        assert read.heard == words.id

    async def test_a_file_too_large_is_told_with_its_reason(self, desk: Desk) -> None:
        sent = mail()
        text = b"log line\n" * (FileLimits().bytes // 9 + 1)
        sent.add_attachment(text, maintype="text", subtype="plain", filename="all.log")
        taken = await desk.ingest.take(sent.as_bytes())
        [words] = [event for event in await desk.log(taken.conversation) if event.type == MESSAGE]
        note = mail_note(words)
        assert note is not None
        [refused] = note.refused
        assert (refused.name, refused.reason) == ("all.log", "A file may have 10 MB at most.")

    async def test_a_text_too_long_for_a_message_is_kept_whole_as_a_file(self, desk: Desk) -> None:
        text = "It does not work. " * 1000
        taken = await desk.ingest.take(raw(text))
        log = await desk.log(taken.conversation)
        assert [e.body["file"]["name"] for e in log if "file" in e.body] == ["mail.txt"]
        assert len((await desk.said(taken.conversation))[0]) == 10_000


class TestReplies:
    async def test_by_reply_address(self, desk: Desk, filed: Conversation) -> None:
        taken = await desk.ingest.take(
            raw("It is an iPhone 12.", to=str(REPLY.of(filed.id)), subject="whatever")
        )
        assert (taken.outcome, taken.conversation) == (Outcome.JOINED, filed.id)
        assert await desk.said(filed.id) == ["It is an iPhone 12."]

    async def test_by_reference(self, desk: Desk, filed: Conversation) -> None:
        taken = await desk.ingest.take(raw("Here.", In_Reply_To=acknowledgement(filed)))
        assert (taken.outcome, taken.conversation) == (Outcome.JOINED, filed.id)

    async def test_a_conversation_begun_by_mail_goes_on_with_its_sender(self, desk: Desk) -> None:
        first = await desk.ingest.take(raw())
        address = str(REPLY.of(first.conversation))
        second = await desk.ingest.take(raw("More.", to=address, id="<two@customer.example>"))
        assert (second.outcome, second.conversation) == (Outcome.JOINED, first.conversation)
        assert (await desk.said(first.conversation))[1:] == ["No mobile data\n\nMore."]

    @pytest.mark.parametrize("way", ["address", "reference", "number"])
    async def test_a_stranger_is_never_merged(
        self, desk: Desk, filed: Conversation, way: str
    ) -> None:
        assert filed.case.number
        sent = {
            "address": raw("Hi", STRANGER, str(REPLY.of(filed.id))),
            "reference": raw("Hi", STRANGER, In_Reply_To=acknowledgement(filed)),
            "number": raw("Hi", STRANGER, subject=f"Re: [{filed.case.number}] We have received it"),
        }[way]
        taken = await desk.ingest.take(sent)
        assert taken.outcome is Outcome.REVIEW
        assert taken.conversation != filed.id
        assert await desk.said(filed.id) == []
        assert await desk.in_queue(taken.conversation)
        assert (await desk.conversations.read(taken.conversation)).owner is Owner.WAITING
        (note,) = await desk.notes(taken.conversation)
        assert filed.case.number in note
        assert STRANGER in note

    async def test_a_number_alone_proves_nothing_even_of_the_right_sender(
        self, desk: Desk, filed: Conversation
    ) -> None:
        taken = await desk.ingest.take(raw("Hi", subject=f"About {filed.case.number}"))
        assert taken.outcome is Outcome.REVIEW

    async def test_a_forged_reply_address_goes_to_a_person(self, desk: Desk) -> None:
        forged = f"support+{'a' * 42}@meadow.example"
        assert (await desk.ingest.take(raw("Hi", to=forged))).outcome is Outcome.REVIEW

    async def test_a_review_read_twice_is_one(self, desk: Desk, filed: Conversation) -> None:
        sent = raw("Hi", STRANGER, str(REPLY.of(filed.id)))
        first, again = await desk.ingest.take(sent), await desk.ingest.take(sent)
        assert first.conversation == again.conversation
        assert len(await desk.said(first.conversation)) == 1
        assert len(await desk.notes(first.conversation)) == 1

    async def test_a_reply_opens_a_closed_conversation_again(
        self, desk: Desk, filed: Conversation
    ) -> None:
        await desk.conversations.change_owner(filed, Owner.CLOSED, owner_event("closed"))
        await desk.ingest.take(raw("It is back.", to=str(REPLY.of(filed.id))))
        read = await desk.conversations.read(filed.id)
        assert read.owner is Owner.BOT
        assert read.heard != read.cursor

    async def test_an_agent_who_has_the_conversation_keeps_it(
        self, desk: Desk, filed: Conversation
    ) -> None:
        await desk.conversations.change_owner(filed, Owner.AGENT, owner_event("agent"))
        taken = await desk.ingest.take(raw("And?", to=str(REPLY.of(filed.id))))
        assert taken.outcome is Outcome.JOINED
        assert (await desk.conversations.read(filed.id)).owner is Owner.AGENT


class TestMachines:
    async def test_an_automatic_reply_is_noted_and_not_answered(
        self, desk: Desk, filed: Conversation
    ) -> None:
        sent = raw("I am away.", to=str(REPLY.of(filed.id)), Auto_Submitted="auto-replied")
        taken = await desk.ingest.take(sent)
        assert taken.outcome is Outcome.NOTED
        assert await desk.said(filed.id) == []
        assert await desk.notes(filed.id) == [f"Automatic reply from {JO}: I am away."]
        assert await desk.redis.zcard(conversation_keys(filed.id).ready) == 0

    async def test_what_machines_say_of_nothing_is_left_alone(self, desk: Desk) -> None:
        taken = await desk.ingest.take(raw("Buy now", List_Id="<a.b>"))
        assert taken.outcome is Outcome.IGNORED
        assert await desk.conversation_count() == 0

    async def test_our_own_mail_come_back_ends_there(self, desk: Desk) -> None:
        taken = await desk.ingest.take(raw(X_Firstline_Case="FL-7K3M2Q"))
        assert taken.outcome is Outcome.IGNORED
        assert await desk.conversation_count() == 0

    @pytest.mark.parametrize("sender", [SUPPORT, "Support+abc@meadow.example"])
    async def test_we_do_not_write_to_ourselves(self, desk: Desk, sender: str) -> None:
        assert (await desk.ingest.take(raw(sender=sender))).outcome is Outcome.IGNORED
        assert await desk.conversation_count() == 0

    async def test_two_machines_do_not_talk_all_night(self, desk: Desk) -> None:
        first = await desk.ingest.take(raw())
        to = str(REPLY.of(first.conversation))
        outcomes = [
            (await desk.ingest.take(raw("again", to=to, id=f"<{n}@customer.example>"))).outcome
            for n in range(8)
        ]
        # Three are answered in all, the next ones are for people, from the seventh on none is taken.
        assert outcomes == [Outcome.JOINED] * 5 + [Outcome.IGNORED] * 3
        read = await desk.conversations.read(first.conversation)
        assert read.owner is Owner.WAITING
        assert await desk.in_queue(first.conversation)
        assert len(await desk.said(first.conversation)) == 6

    async def test_nonsense_is_refused(self, desk: Desk) -> None:
        with pytest.raises(UnreadableMail):
            await desk.ingest.take(b"\x00\x01")


class TestBounces:
    async def test_an_address_that_surely_fails_is_marked_and_told(
        self, desk: Desk, filed: Conversation
    ) -> None:
        taken = await desk.ingest.take(bounce(acknowledgement(filed), to=str(REPLY.of(filed.id))))
        assert (taken.outcome, taken.conversation) == (Outcome.NOTED, filed.id)
        read = await desk.conversations.read(filed.id)
        assert read.case.field(CONTACT_EMAIL).invalid == "mail to it comes back"
        assert await desk.in_queue(filed.id)
        assert "could not be delivered" in (await desk.notes(filed.id))[0]

    async def test_without_our_address_it_is_told_but_changes_nothing(
        self, desk: Desk, filed: Conversation
    ) -> None:
        await desk.ingest.take(bounce(acknowledgement(filed)))
        read = await desk.conversations.read(filed.id)
        assert read.case == filed.case
        assert len(await desk.notes(filed.id)) == 1

    async def test_a_delay_is_only_told(self, desk: Desk, filed: Conversation) -> None:
        await desk.ingest.take(
            bounce(acknowledgement(filed), action="delayed", status="4.4.1",
                   to=str(REPLY.of(filed.id)))
        )  # fmt: skip
        assert not await desk.in_queue(filed.id)
        assert "is late" in (await desk.notes(filed.id))[0]

    async def test_told_twice_it_is_noted_once(self, desk: Desk, filed: Conversation) -> None:
        report = bounce(acknowledgement(filed), to=str(REPLY.of(filed.id)))
        await desk.ingest.take(report)
        await desk.ingest.take(report)
        assert len(await desk.notes(filed.id)) == 1

    async def test_about_nothing_of_ours(self, desk: Desk) -> None:
        taken = await desk.ingest.take(bounce("<x@y.example>"))
        assert taken.outcome is Outcome.IGNORED
