"""The worker on a real Redis: everything answered once and in order, whatever happens in between."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.conversation.change import Turn
from bot.conversation.events import case_event, message, owner_event
from bot.conversation.keys import conversation_keys
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation, Conversations
from bot.conversation.work import Claim, WorkQueue
from bot.engine import worker as worker_module
from bot.engine.dialogue import Dialogue, Incoming
from bot.engine.direct import APOLOGY, CHOICES
from bot.errors import StoreUnavailable
from tests.engine.desk import Desk, until
from tests.engine.stubs import Echo, Moody, never
from tests.engine.talk import whole_case

TRY_AGAIN, PASS_ON = (label for label, _ in CHOICES)
PROBLEM = "my mobile data isn't working"


async def put_case(desk: Desk, id: str = "c1", **more: str) -> None:
    """Gives the conversation a case with everything in it."""
    read = await desk.read(id)
    case = whole_case(**more)
    await desk.conversations.edit_case(read, case, case_event({}, "agent"), answer=False)


class TestOrder:
    async def test_messages_are_answered_one_by_one_in_their_order(self, desk: Desk) -> None:
        await desk.open()
        said = [await desk.say(str(n)) for n in range(20)]
        async with desk.working(Echo()):
            await desk.answer_to(said[-1])
        assert await desk.answered() == said
        assert (await desk.words()).split("\n") == [f"echo {n}" for n in range(20)]

    async def test_what_is_said_during_a_turn_is_answered_next(self, desk: Desk) -> None:
        await desk.open()
        said: list[str] = []

        async def interrupt(conversation: str, heard: Incoming) -> None:
            if len(said) < 5:
                said.append(await desk.say(f"and {len(said)}"))

        async with desk.working(Echo(interrupt)):
            await desk.ask("first")
            await until(lambda: _all_answered(desk, 6))
        assert (await desk.answered())[1:] == said

    async def test_several_workers_share_the_work_and_answer_nothing_twice(
        self, desk: Desk
    ) -> None:
        ids = [await desk.open(f"c{n}") for n in range(12)]
        said: dict[str, list[str]] = {id: [] for id in ids}
        async with desk.working(Echo(), Echo(), Echo()):
            for text in ("one", "two", "three"):
                for id in ids:
                    said[id].append(await desk.say(text, id))
            for id in ids:
                await desk.answer_to(said[id][-1], id)
        for id in ids:
            assert await desk.answered(id) == said[id]
            assert (await desk.words(id)).split("\n") == ["echo one", "echo two", "echo three"]
            read = await desk.read(id)
            assert read.cursor == read.heard
        assert await desk.keys("*:ready") == []

    async def test_a_customer_event_far_behind_others_is_found(self, desk: Desk) -> None:
        await desk.open()
        log = conversation_keys("c1").log
        pipe = desk.redis.pipeline()
        for n in range(600):
            pipe.xadd(log, {"t": "message", "d": json.dumps({"from": "agent", "text": str(n)})})
        await pipe.execute()
        async with desk.working(Echo()):
            assert await desk.ask("still there?") == "echo still there?"


async def _all_answered(desk: Desk, count: int) -> bool:
    return len(await desk.answered()) == count


class TestInterference:
    async def test_a_case_changed_during_the_turn_is_read_again(self, desk: Desk) -> None:
        await desk.open()
        seen: list[str] = []

        async def edit(conversation: str, heard: Incoming) -> None:
            seen.append(heard.text)
            if len(seen) == 1:
                await put_case(desk, device="Google Pixel 9")

        async with desk.working(Echo(edit)):
            await desk.ask("file")
        case = (await desk.read()).case
        assert seen == ["file", "file"]
        assert (case.revision, case.field("device").value) == (1, "Google Pixel 9")
        assert len(await desk.keys("*:filed:*")) == 1

    async def test_a_person_who_accepts_during_the_turn_is_not_talked_over(
        self, desk: Desk
    ) -> None:
        await desk.open()
        done = asyncio.Event()

        async def accept(conversation: str, heard: Incoming) -> None:
            if heard.text == "help":
                read = await desk.read()
                await desk.conversations.change_owner(read, Owner.AGENT, owner_event("agent"))
                done.set()

        async with desk.working(Echo(accept)):
            await desk.say("help")
            await done.wait()
            await desk.open("c2")
            await desk.ask("another", "c2")
        assert "echo help" not in await desk.words()
        assert (await desk.log())[-1].type == "owner"

    async def test_a_taken_number_is_replaced(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        proposed = iter(["FL-TAKEN0", "FL-FREE00"])
        monkeypatch.setattr(worker_module, "propose_number", lambda _: next(proposed))
        await desk.open()

        async def take(conversation: str, heard: Incoming) -> None:
            if heard.facts["number"] == "FL-TAKEN0":
                shard = conversation_keys("c1").meta[:5]
                await desk.redis.set(f"{shard}:filed:FL-TAKEN0:1", "theirs")

        monkeypatch.setattr("bot.conversation.change.filed_key", _in_shard_of_c1("filed"))
        monkeypatch.setattr("bot.conversation.change.number_key", _in_shard_of_c1("number"))
        async with desk.working(Echo(take)):
            assert "FL-FREE00" in await desk.ask("file")
        assert (
            await desk.redis.get(f"{conversation_keys('c1').meta[:5]}:filed:FL-TAKEN0:1")
            == b"theirs"
        )

    async def test_work_of_a_worker_that_dies_is_taken_over(self, desk: Desk) -> None:
        await desk.open()
        began = asyncio.Event()

        async def hang(conversation: str, heard: Incoming) -> None:
            began.set()
            await never()

        dying = asyncio.create_task(desk.worker(Echo(hang)).run())
        event = await desk.say("anyone?")
        await began.wait()
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        async with desk.working(Echo()):
            assert await desk.answer_to(event) == "echo anyone?"
        assert await desk.answered() == [event]

    async def test_one_broken_conversation_does_not_stop_the_others(self, desk: Desk) -> None:
        await desk.open("broken")
        await desk.open("sound")
        await desk.redis.set(conversation_keys("broken").case, "not a case")
        await desk.say("hello?", "broken")
        async with desk.working(Echo()):
            assert await desk.ask("hello", "sound") == "echo hello"
            assert await desk.ask("again", "sound") == "echo again"

    async def test_an_erased_conversation_is_forgotten(self, desk: Desk) -> None:
        await desk.open()
        await desk.say("hello?")
        await desk.redis.delete(conversation_keys("c1").meta)
        async with desk.working(Echo()):
            await until(lambda: _nothing_ready(desk))


async def _nothing_ready(desk: Desk) -> bool:
    return not await desk.keys("*:ready")


def _in_shard_of_c1(kind: str) -> Any:
    shard = conversation_keys("c1").meta[:5]
    return lambda *parts: ":".join([shard, kind, *map(str, parts)])


class TestFailures:
    async def test_a_failing_turn_ends_in_an_apology_with_ways_out(
        self, desk: Desk, dialogue: Dialogue
    ) -> None:
        await desk.open()
        await put_case(desk)
        moody = Moody(dialogue)
        async with desk.working(moody):
            await desk.ask("what can you do?")
            before = await desk.read()
            tracker = (await desk.conversations.unread("c1")).tracker
            moody.broken = True
            assert await desk.ask("yes") == APOLOGY
        after = await desk.read()
        assert (after.case, after.case_version) == (before.case, before.case_version)
        assert (await desk.conversations.unread("c1")).tracker == tracker
        assert await desk.keys("*:filed:*") == []

    async def test_trying_again_does_what_was_wanted(self, desk: Desk, dialogue: Dialogue) -> None:
        await desk.open()
        moody = Moody(dialogue)
        async with desk.working(moody):
            moody.broken = True
            event = await desk.say(PROBLEM)
            await desk.answer_to(event)
            assert await desk.answer_to(await desk.click(TRY_AGAIN)) == APOLOGY
            moody.broken = False
            words = await desk.answer_to(await desk.click(TRY_AGAIN))
        assert words != APOLOGY
        description = (await desk.read()).case.field("description")
        assert (description.value, description.events) == (PROBLEM, (event,))

    async def test_passing_it_on_files_what_there_is_once(
        self, desk: Desk, dialogue: Dialogue
    ) -> None:
        await desk.open()
        moody = Moody(dialogue)
        moody.broken = True
        async with desk.working(moody):
            event = await desk.say(PROBLEM)
            assert await desk.answer_to(event) == APOLOGY
            words = await desk.answer_to(await desk.click(PASS_ON))
            case = (await desk.read()).case
            assert case.number
            assert case.number in words
            await desk.answer_to(await desk.click(PASS_ON))
            moody.broken = False
            await desk.ask("thanks")
            await desk.ask("yes")
        case = (await desk.read()).case
        assert (case.revision, case.confirmed_by_customer) == (1, False)
        assert (case.field("description").value, case.field("description").events) == (
            PROBLEM,
            (event,),
        )
        document = json.loads(await desk.conversations.filed_document(case.number or "", 1))
        assert any(line.endswith(f"customer: {PROBLEM}") for line in document["transcript"])
        assert len(await desk.keys("*:mail:*")) == 1

    async def test_a_turn_that_takes_too_long_ends_in_an_apology(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(worker_module, "LONGEST_TURN", 0.05)

        async def hang(conversation: str, heard: Incoming) -> None:
            if heard.text == "slow":
                await never()

        await desk.open()
        async with desk.working(Echo(hang)):
            assert await desk.ask("slow") == APOLOGY
            assert await desk.ask("quick") == "echo quick"

    @pytest.mark.parametrize(
        "name", ["action_continue_case", "action_validate_slot_mappings", "action_file_case"]
    )
    async def test_an_action_that_raises_never_says_that_a_case_was_filed(
        self, desk: Desk, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        await desk.open()
        await put_case(desk)
        async with desk.working(dialogue):
            assert "Shall I send it?" in await desk.ask("thanks")
            before = (await desk.read()).case
            with monkeypatch.context() as patched:
                patched.setitem(_actions(dialogue), name, _raise)
                assert await desk.answer_to(await desk.click("Yes, send it")) == APOLOGY
                assert (await desk.read()).case == before
                assert await desk.keys("*:number:*") == []
            words = await desk.answer_to(await desk.click(TRY_AGAIN))
        case = (await desk.read()).case
        assert case.revision == 1
        assert (case.number or "-") in words


def _actions(dialogue: Dialogue) -> dict[str, Any]:
    actions: dict[str, Any] = dialogue._processor.action_endpoint._executor.actions
    return actions


async def _raise(*_: object) -> None:
    raise ValueError("an action that raises")


class Watched(Conversations):
    """Conversations that say when a commit was refused."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self.refused = asyncio.Event()

    async def commit(self, conversation: Conversation, claim: Claim, turn: Turn) -> bool:
        try:
            return await super().commit(conversation, claim, turn)
        except StoreUnavailable:
            self.refused.set()
            raise


class LostAnswer(WorkQueue):
    """A queue of leases that outlast any test; the answer to the first claim is lost."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis, "ready", 3_600_000, holder="seat-1")
        self.lost: Claim | None = None

    async def claim(self, hint: str | None = None) -> Claim | None:
        claim = await super().claim(hint)
        if claim is not None and self.lost is None:
            self.lost = claim
            raise StoreUnavailable("no answer within 2 s")
        return claim


async def test_a_claim_whose_answer_was_lost_keeps_nobody_waiting_for_its_end(desk: Desk) -> None:
    await desk.open()
    queue = LostAnswer(desk.redis)
    async with desk.working(Echo(), queue=queue):
        assert await desk.ask("hello") == "echo hello"
    assert queue.lost


async def test_a_redis_that_refuses_writes_while_filing(desk: Desk, dialogue: Dialogue) -> None:
    """Nobody is told of a filing; the answers stay; afterwards there is one case and its mails."""
    await desk.open()
    await put_case(desk)
    watched = Watched(desk.redis)

    async def refuse(conversation: str, heard: Incoming) -> None:
        if heard.payload == "/affirm" and not watched.refused.is_set():
            await desk.redis.config_set("min-replicas-to-write", 1)

    class Refusing(Moody):
        async def turn(self, conversation: str, stored: bytes, case: Any, heard: Incoming) -> Any:
            await refuse(conversation, heard)
            return await super().turn(conversation, stored, case, heard)

    try:
        async with desk.working(Refusing(dialogue), conversations=watched):
            assert "Shall I send it?" in await desk.ask("thanks")
            before = await desk.read()
            event = await desk.click("Yes, send it")
            await asyncio.wait_for(watched.refused.wait(), 60)
            now = await desk.read()
            assert (now.case, now.cursor) == (before.case, before.cursor)
            assert "filed" not in await desk.words()
            assert await desk.keys("*:mail:*") == await desk.keys("*:number:*") == []
            await desk.redis.config_set("min-replicas-to-write", 0)
            words = await desk.answer_to(event)
    finally:
        await desk.redis.config_set("min-replicas-to-write", 0)
    case = (await desk.read()).case
    assert (case.number or "-") in words
    assert (await desk.words()).count("is filed") == 1
    assert len(await desk.keys("*:number:*")) == len(await desk.keys("*:filed:*")) == 1
    orders = [
        json.loads((await desk.redis.hgetall(key))[b"mail"]) for key in await desk.keys("*:mail:*")
    ]
    assert sorted((it["kind"], it["revision"]) for it in orders) == [
        ("acknowledgement", 1),
        ("case", 1),
    ]


async def test_a_filing_turn_says_stores_and_orders_everything(
    desk: Desk, dialogue: Dialogue
) -> None:
    await desk.open()
    await put_case(desk)
    async with desk.working(dialogue):
        await desk.ask("thanks")
        await desk.answer_to(await desk.click("Yes, send it"))
    events = await desk.log()
    case = (await desk.read()).case
    assert [event.type for event in events[-3:]] == ["message", "case", "turn"]
    assert events[-2].body["case"]["status"] == "filed"
    document = json.loads(await desk.conversations.filed_document(case.number or "", 1))
    assert document["case"] == case.number
    assert document["fields"]["device"]["value"] == "Google Pixel 8"
    assert any(line.endswith("customer: thanks") for line in document["transcript"])
    assert await desk.conversations.of_number(case.number or "") == "c1"


async def test_choices_are_opaque(desk: Desk, dialogue: Dialogue) -> None:
    await desk.open()
    await put_case(desk)
    async with desk.working(dialogue):
        await desk.ask("thanks")
    log = [event.public() for event in await desk.log()]
    offered = [choice for event in log for choice in event.get("choices", ())]
    assert {"Yes, send it", "Cancel"} <= {choice["label"] for choice in offered}
    assert len({choice["id"] for choice in offered}) == len(offered)
    assert all(set(choice) == {"id", "label"} for choice in offered)
    assert "affirm" not in json.dumps(log)


async def test_an_edit_is_answered(desk: Desk, dialogue: Dialogue) -> None:
    await desk.open()
    async with desk.working(dialogue):
        await desk.ask(PROBLEM)
        read = await desk.read()
        edit = {"field": "device", "old": "", "new": "Google Pixel 9"}
        case = read.case.with_field("device", whole_case(device="Google Pixel 9").field("device"))
        event = await desk.conversations.edit_case(
            read, case, case_event({}, "customer", edit), answer=True
        )
        words = await desk.answer_to(event)
    assert "Google Pixel 9" in words
    assert (await desk.read()).case.field("device").events == (event,)


async def test_a_file_is_acknowledged(desk: Desk, dialogue: Dialogue) -> None:
    await desk.open()
    async with desk.working(dialogue):
        await desk.ask(PROBLEM)
        sent = message("customer", "bill.pdf", file={"file": "f1", "name": "bill.pdf"})
        event, _ = await desk.conversations.say("c1", "file", sent)
        assert "file goes with your case" in await desk.answer_to(event)
    assert (await desk.read()).case.files == ("f1",)
