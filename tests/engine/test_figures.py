"""What a turn of the bot adds to the figures, and where it puts a case that it has filed."""

from __future__ import annotations

from redis.asyncio import Redis

from bot.case.model import Case, Field, State
from bot.conversation.keys import BY_MAIL
from bot.desk.figures import read_figures
from bot.desk.queues import listed
from bot.engine.dialogue import Incoming, Outcome, Said
from tests.engine.desk import Desk
from tests.engine.stubs import Echo
from tests.engine.talk import CONTENT


class Solver:
    """Says what the dialogue says when the customer has no problem any more; `left` stays of the case."""

    def __init__(self, left: Case) -> None:
        self._left = left

    async def turn(self, conversation: str, stored: bytes, case: Case, heard: Incoming) -> Outcome:
        thought = {"did": ["action_validate_slot_mappings", "action_solved"]}
        return Outcome([Said("Glad to hear it.")], self._left, b"", thought)


async def test_a_filed_case_is_counted_and_found_in_the_mail_queue(redis: Redis) -> None:
    desk = Desk(redis)
    await desk.open()
    async with desk.working(Echo()):
        await desk.ask("file")
        await desk.ask("file")  # a revision is no new case
    figures = await read_figures(redis, CONTENT, 1)
    assert figures.days[0].filed == 1
    assert figures.completeness == 0
    assert [it.count for it in figures.problems] == [1]
    assert [id for id, _ in await listed(redis, BY_MAIL)] == ["c1"]


async def test_what_the_bot_has_solved_alone_is_counted_once(redis: Redis) -> None:
    desk = Desk(redis)
    await desk.open()
    async with desk.working(Solver(Case())):
        await desk.ask("it works now, thanks")
        await desk.ask("it works now, thanks")
    service = (await read_figures(redis, CONTENT, 1)).self_service
    assert (service.solved, service.all) == (1, 1)


async def test_being_asked_whether_it_is_solved_is_not_solved(redis: Redis) -> None:
    desk = Desk(redis)
    await desk.open()
    begun = Case().with_field("device", Field("Pixel 8", State.STATED))
    async with desk.working(Solver(begun)):
        await desk.ask("ok")
    assert (await read_figures(redis, CONTENT, 1)).self_service.solved == 0
