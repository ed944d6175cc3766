"""What may be done to a conversation, on a real Redis: whole, once, in order, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import msgspec
import pytest
from redis.asyncio import Redis

from bot.case.filing import filed
from bot.case.model import Case
from bot.conversation.change import Mail, Turn
from bot.conversation.events import BOT, CUSTOMER, Choice, bot_message, case_event, message
from bot.conversation.keys import conversation_keys, filed_key, mail_key, number_key
from bot.conversation.numbers import propose_number
from bot.conversation.owner import ForbiddenTransition, Owner
from bot.conversation.scripts import AlreadyThere, CaseChanged
from bot.conversation.store import READ_AT_ONCE, Conversation, Conversations
from bot.conversation.work import WorkQueue
from bot.errors import ClaimLost, NotFound, NotOwner
from tests.conversation.support import (
    LONG,
    answer,
    claimed,
    dump,
    is_due,
    opened,
    passed_on,
    texts,
    told,
    with_device,
)


def filing(conversation: Conversation, number: str = "") -> Turn:
    """A turn that files the case with two mails."""
    number = number or propose_number(conversation.id)
    case = filed(conversation.case, number, "2026-11-22T08:16:05Z")
    shard = conversation_keys(conversation.id).meta[2:4]
    mails = [Mail(f"{shard}-{case.number}.{case.revision}.{to}", b"{}") for to in ("a", "b")]
    return answer(conversation, "Filed", case=case, filed=b'{"filed": 1}', mails=mails)


class TestLog:
    async def test_events_are_read_in_order_from_a_cursor(self, redis: Redis) -> None:
        await opened(redis)
        for text in ("one", "two", "three"):
            await told(redis, text)
        conversations = Conversations(redis)
        events = await conversations.all_events("c1")
        assert [e.body["text"] for e in events if e.type == "message"] == [
            "Hello",
            "one",
            "two",
            "three",
        ]
        assert events == sorted(events, key=lambda e: tuple(map(int, e.id.split("-"))))
        later = await conversations.events("c1", events[2].id)
        assert later == events[3:]
        assert await conversations.events("c1", events[-1].id) == []
        assert await conversations.events("c1", "0-0", limit=2) == events[:2]

    async def test_a_log_longer_than_a_page_is_read_whole(self, redis: Redis) -> None:
        await opened(redis)
        log = conversation_keys("c1").log
        pipe = redis.pipeline()
        for number in range(READ_AT_ONCE + 10):
            body = msgspec.json.encode({"from": "agent", "text": str(number)})
            pipe.xadd(log, {"t": "message", "d": body})
        await pipe.execute()
        assert len(await texts(redis, sender="agent")) == READ_AT_ONCE + 10

    async def test_what_does_not_exist_is_not_found(self, redis: Redis) -> None:
        conversations = Conversations(redis)
        for missing in (
            conversations.read("nobody"), conversations.tokens_of("nobody"),
            conversations.say("nobody", "1", message(CUSTOMER, "hi")),
            conversations.choice("nobody", "x"), conversations.filed_document("FL-000000", 1),
            conversations.of_number("FL-000000"),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                await missing
        assert await dump(redis) == {}

    async def test_an_id_is_given_once(self, redis: Redis) -> None:
        await opened(redis)
        before = await dump(redis)
        with pytest.raises(AlreadyThere):
            await Conversations(redis).open("c1", "other", "en", [message(BOT, "Hi")])
        assert await dump(redis) == before


class TestSaying:
    async def test_once_per_client_id(self, redis: Redis) -> None:
        await opened(redis)
        conversations = Conversations(redis)
        first = await conversations.say("c1", "m1", message(CUSTOMER, "hi"))
        before = await dump(redis)
        assert await conversations.say("c1", "m1", message(CUSTOMER, "hi")) == (first[0], False)
        assert first[1]
        assert await dump(redis) == before
        assert await texts(redis, sender="customer") == ["hi"]

    async def test_many_at_once_with_one_id_are_one(self, redis: Redis) -> None:
        await opened(redis)
        conversations = Conversations(redis)
        said = await asyncio.gather(
            *(conversations.say("c1", "m1", message(CUSTOMER, "hi")) for _ in range(50))
        )
        assert len({id for id, _ in said}) == 1
        assert sum(new for _, new in said) == 1

    async def test_the_bot_owes_an_answer_only_while_it_is_the_owner(self, redis: Redis) -> None:
        await opened(redis)
        assert not await is_due(redis)
        said = await told(redis, "hi")
        assert await is_due(redis)
        assert said.heard != said.cursor
        await passed_on(redis, Owner.WAITING)
        assert not await is_due(redis)
        await told(redis, "anyone?")
        assert not await is_due(redis)


class TestTurn:
    async def test_everything_a_turn_changes_is_there_afterwards(self, redis: Redis) -> None:
        await opened(redis)
        conversation = await told(redis, "hi")
        claim = await claimed(redis)
        conversations = Conversations(redis)
        case = with_device(conversation.case, "Pixel 8")
        turn = answer(conversation, case=case, choices=[Choice("x1", "Yes", "/affirm")])
        assert await conversations.commit(conversation, claim, turn) is False
        after = await conversations.read("c1")
        assert (after.case, after.case_version) == (case, 1)
        assert after.cursor == after.heard == conversation.heard
        assert (await conversations.unread("c1")).tracker == b"{}"
        assert await conversations.choice("c1", "x1") == Choice("x1", "Yes", "/affirm")
        assert [e.type for e in await conversations.all_events("c1")][-2:] == ["message", "turn"]
        assert not await is_due(redis)

    async def test_filing_stores_document_number_and_mails_with_the_answer(
        self, redis: Redis
    ) -> None:
        await opened(redis)
        conversation = await told(redis, "yes")
        turn = filing(conversation)
        conversations = Conversations(redis)
        await conversations.commit(conversation, await claimed(redis), turn)
        assert turn.case is not None
        number = turn.case.number or ""
        assert await conversations.filed_document(number, 1) == turn.filed
        assert await conversations.of_number(number) == "c1"
        assert (await conversations.read("c1")).case == turn.case
        assert await WorkQueue(redis, "outbox", LONG).waiting() == 2
        for mail in turn.mails:
            stored = await redis.hgetall(mail_key(mail.id))
            assert stored == {b"mail": mail.body, b"state": b"due", b"attempts": b"0"}

    async def test_more_said_meanwhile_keeps_the_claim(self, redis: Redis) -> None:
        await opened(redis)
        first = await told(redis, "one")
        claim = await claimed(redis)
        await told(redis, "two")
        conversations = Conversations(redis)
        assert await conversations.commit(first, claim, answer(first, "to one")) is True
        second = await conversations.read("c1")
        assert second.cursor == first.heard
        assert await conversations.commit(second, claim, answer(second, "to two")) is False
        assert await texts(redis) == ["Hello", "to one", "to two"]
        assert not await is_due(redis)

    async def test_a_second_case_has_a_number_of_its_own(self, redis: Redis) -> None:
        await opened(redis)
        conversations = Conversations(redis)
        numbers = []
        for text in ("first", "second"):
            conversation = await told(redis, text)
            turn = filing(replace(conversation, case=Case()))
            await conversations.commit(conversation, await claimed(redis), turn)
            assert turn.case is not None
            numbers.append(turn.case.number or "")
        assert len(set(numbers)) == 2
        for number in numbers:
            assert await conversations.filed_document(number, 1)


Disturbance = Callable[[Redis, Conversation], Awaitable[object]]


async def _claim_taken_over(redis: Redis, conversation: Conversation) -> None:
    keys = conversation_keys(conversation.id)
    await redis.zadd(keys.ready, {conversation.id: 0})
    await claimed(redis)


async def _passed_on(redis: Redis, conversation: Conversation) -> None:
    await passed_on(redis, Owner.AGENT)


async def _passed_on_and_back(redis: Redis, conversation: Conversation) -> None:
    await passed_on(redis, Owner.WAITING)
    await passed_on(redis, Owner.BOT)


async def _case_edited(redis: Redis, conversation: Conversation) -> None:
    case = with_device(conversation.case, "Pixel 9")
    edit = {"field": "device", "old": "", "new": "Pixel 9"}
    await Conversations(redis).edit_case(
        conversation, case, case_event({}, "customer", edit), answer=True
    )


async def _answered_already(redis: Redis, conversation: Conversation) -> None:
    await redis.hset(conversation_keys(conversation.id).meta, "cursor", conversation.heard)


async def _revision_filed(redis: Redis, conversation: Conversation) -> None:
    await redis.set(filed_key(_NUMBER, 1), "theirs")
    await redis.set(number_key(_NUMBER), "c2")


async def _conversation_erased(redis: Redis, conversation: Conversation) -> None:
    await redis.delete(conversation_keys(conversation.id).meta)


_NUMBER = propose_number("c1")
_REFUSALS: list[tuple[Disturbance, type[Exception]]] = [
    (_claim_taken_over, ClaimLost),
    (_passed_on, NotOwner),
    (_passed_on_and_back, NotOwner),
    (_case_edited, CaseChanged),
    (_answered_already, CaseChanged),
    (_revision_filed, AlreadyThere),
    (_conversation_erased, NotFound),
]


@pytest.mark.parametrize(
    ("disturb", "error"), _REFUSALS, ids=lambda it: getattr(it, "__name__", it)
)
async def test_a_turn_that_comes_too_late_leaves_nothing_behind(
    redis: Redis, disturb: Disturbance, error: type[Exception]
) -> None:
    await opened(redis)
    conversation = await told(redis, "yes")
    claim = await claimed(redis)
    turn = filing(conversation, _NUMBER)
    turn = replace(turn, choices=[Choice("x1", "Yes", "/affirm")])
    await disturb(redis, conversation)
    before = await dump(redis)
    with pytest.raises(error):
        await Conversations(redis).commit(conversation, claim, turn)
    after = await dump(redis)
    claims = conversation_keys("c1").ready_claims.encode()
    if error is NotOwner:  # a claim that can be of no use any more is given up
        before.pop(claims, None), after.pop(claims, None)
    assert after == before


async def test_the_same_turn_twice_is_said_once(redis: Redis) -> None:
    """As when the answer of Redis is lost and the command sent again."""
    await opened(redis)
    conversation = await told(redis, "one")
    claim = await claimed(redis)
    await told(redis, "two")
    conversations = Conversations(redis)
    turn = answer(conversation, "to one")
    await conversations.commit(conversation, claim, turn)
    with pytest.raises(CaseChanged):
        await conversations.commit(conversation, claim, turn)
    assert await texts(redis) == ["Hello", "to one"]


class TestRest:
    async def test_nothing_unread_ends_the_claim(self, redis: Redis) -> None:
        conversation = await opened(redis)
        await redis.zadd(conversation_keys("c1").ready, {"c1": 0})
        claim = await claimed(redis)
        assert await Conversations(redis).rest(conversation, claim) is False
        assert not await is_due(redis)

    async def test_what_was_said_meanwhile_is_not_forgotten(self, redis: Redis) -> None:
        conversation = await opened(redis)
        await redis.zadd(conversation_keys("c1").ready, {"c1": 0})
        claim = await claimed(redis)
        await told(redis, "hello?")
        assert await Conversations(redis).rest(conversation, claim) is True
        assert await is_due(redis)

    async def test_only_with_the_claim(self, redis: Redis) -> None:
        conversation = await opened(redis)
        await redis.zadd(conversation_keys("c1").ready, {"c1": 0})
        claim = await claimed(redis)
        with pytest.raises(ClaimLost):
            await Conversations(redis).rest(conversation, replace(claim, token="0"))


class TestEdit:
    async def test_an_edit_is_stored_told_and_answered(self, redis: Redis) -> None:
        conversation = await opened(redis)
        await _case_edited(redis, conversation)
        after = await Conversations(redis).read("c1")
        assert after.case.field("device").value == "Pixel 9"
        assert after.heard != conversation.heard
        assert await is_due(redis)

    async def test_of_two_edits_of_one_reading_the_second_is_refused(self, redis: Redis) -> None:
        conversation = await opened(redis)
        await _case_edited(redis, conversation)
        before = await dump(redis)
        with pytest.raises(CaseChanged):
            await _case_edited(redis, conversation)
        assert await dump(redis) == before

    async def test_an_edit_while_a_person_has_the_conversation_is_not_for_the_bot(
        self, redis: Redis
    ) -> None:
        await opened(redis)
        await passed_on(redis, Owner.AGENT)
        await _case_edited(redis, await Conversations(redis).read("c1"))
        assert not await is_due(redis)


class TestOwner:
    async def test_each_change_raises_the_epoch(self, redis: Redis) -> None:
        first = await opened(redis)
        epochs = [await passed_on(redis, to) for to in (Owner.WAITING, Owner.AGENT, Owner.BOT)]
        assert epochs == [first.epoch + 1, first.epoch + 2, first.epoch + 3]
        owners = [
            e.body["owner"]
            for e in await Conversations(redis).all_events("c1")
            if e.type == "owner"
        ]
        assert owners == ["bot", "waiting", "agent", "bot"]

    async def test_of_two_who_accept_at_once_one_does(self, redis: Redis) -> None:
        await opened(redis)
        waiting = await passed_on(redis, Owner.WAITING)
        conversations = Conversations(redis)
        seen = await conversations.read("c1")
        answers = await asyncio.gather(
            *(
                conversations.change_owner(seen, Owner.AGENT, message("system", str(n)))
                for n in range(20)
            ),
            return_exceptions=True,
        )
        assert [it for it in answers if not isinstance(it, NotOwner)] == [waiting + 1]

    async def test_a_forbidden_change_writes_nothing(self, redis: Redis) -> None:
        await opened(redis)
        await passed_on(redis, Owner.CLOSED)
        before = await dump(redis)
        with pytest.raises(ForbiddenTransition):
            await passed_on(redis, Owner.WAITING)
        assert await dump(redis) == before

    async def test_the_bot_does_not_answer_what_was_said_to_a_person(self, redis: Redis) -> None:
        await opened(redis)
        await passed_on(redis, Owner.AGENT)
        await told(redis, "thanks, Sam")
        await passed_on(redis, Owner.BOT)
        after = await Conversations(redis).read("c1")
        assert after.cursor == after.heard
        assert not await is_due(redis)
        await told(redis, "one more thing")
        assert await is_due(redis)


async def test_no_word_of_the_bot_after_a_person_has_accepted(redis: Redis) -> None:
    """Bot turns and acceptances race; whatever the order, the bot is silent afterwards."""
    await opened(redis)
    conversations = Conversations(redis)
    ready = WorkQueue(redis, "ready", LONG)
    rounds = 40

    async def bot() -> int:
        spoken = 0
        while (await conversations.read("c1")).epoch < 2 * rounds:
            claim = await ready.claim("c1")
            if claim is None:
                await asyncio.sleep(0)
                continue
            read = await conversations.read("c1")
            try:
                event = bot_message(f"epoch {read.epoch}")
                await conversations.commit(
                    read, claim, Turn(answers=read.heard, events=[event], tracker=b"{}")
                )
                spoken += 1
            except (NotOwner, ClaimLost, CaseChanged):
                continue
        return spoken

    async def person() -> None:
        for number in range(rounds):
            await conversations.say("c1", f"m{number}", message(CUSTOMER, str(number)))
            for _ in range(number % 10):  # now before, now after the bot's answer
                await redis.ping()
            await passed_on(redis, Owner.AGENT)
            await passed_on(redis, Owner.BOT)

    *spoken, _ = await asyncio.gather(bot(), bot(), bot(), person())
    epoch = 1
    owner = "bot"
    for event in (await conversations.all_events("c1"))[2:]:
        if event.type == "owner":
            owner, epoch = event.body["owner"], epoch + 1
        elif event.body["from"] == "bot":
            assert owner == "bot"
            assert event.body["text"] == f"epoch {epoch}"
    assert len(await texts(redis)) == 1 + sum(spoken)
    assert 0 < sum(spoken) < rounds
