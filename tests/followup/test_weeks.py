"""What follows a filed case while weeks go by: on a real Redis, with mail through a real server."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.case.filing import filed
from bot.case.model import Resolution
from bot.clock.parts import Ring
from bot.clock.times import to_ms
from bot.content.follow_up import Promises, follow_up
from bot.conversation.events import CUSTOMER, SYSTEM, message, owner_event
from bot.conversation.owner import Owner
from bot.followup.escalation import TIER
from bot.followup.kinds import COMPLAINT, ESCALATION, FILED, NEWS, PROMISE, UNANSWERED
from bot.followup.news import news_at
from bot.followup.promise import promise_due
from bot.followup.survey import SurveyLinks, answered
from bot.mail.destinations import Destinations
from bot.mail.filing import filing_of
from bot.staff.audit import Audit
from tests.conversation.support import texts
from tests.followup.support import EMAIL, MAILBOX, Desk, desk

LATE = f"{EMAIL}: We are late with our answer"


async def promised(desk: Desk) -> datetime:
    case = await desk.case()
    assert case.received_at
    received = datetime.fromisoformat(case.received_at.replace("Z", "+00:00"))
    due = desk.parts.content.hours.due(
        received, desk.parts.content.response_times[case.category].business_hours
    )
    assert due is not None
    return due


async def resolve(desk: Desk, outcome: str) -> None:
    """As the desk does it."""
    case = await desk.case()
    at = desk.now.at.isoformat(timespec="seconds")
    resolved = Resolution(outcome, at)  # type: ignore[arg-type]
    await desk.change(
        owner=Owner.CLOSED, case=replace(case, resolution=resolved),
        events=[owner_event("closed")], timers=news_at(to_ms(desk.now.at)),
    )  # fmt: skip


async def test_a_promise_is_warned_of_then_missed_then_the_case_rises_tier_by_tier(
    redis: Redis, tmp_path: Path
) -> None:
    async with desk(redis, tmp_path) as case:
        due = await promised(case)
        assert await case.at(due - timedelta(minutes=61)) == []
        [warning] = await case.at(due - timedelta(minutes=1))
        assert warning.startswith(f"{MAILBOX}: Answer due ")
        late = await case.at(due)
        assert sorted(late) == [f"{MAILBOX}: Escalated to the team lead", LATE]
        [said] = await texts(redis, sender=SYSTEM)
        assert "We have not kept that promise" in said
        hours = case.parts.content.hours
        manager = hours.due(due, 12)
        director = hours.due(due, 36)
        assert manager
        assert director
        assert await case.at(manager - timedelta(minutes=1)) == []
        risen = "Your case has been passed on to our"
        assert sorted(await case.at(manager)) == [
            f"{MAILBOX}: Escalated to the customer relations manager",
            f"{EMAIL}: {risen} customer relations manager",
        ]
        assert sorted(await case.at(director)) == [
            f"{MAILBOX}: Escalated to the head of customer service",
            f"{EMAIL}: {risen} head of customer service",
        ]
        assert await case.at(director + timedelta(weeks=4)) == []
        assert (await case.conversation()).meta["tier"] == "director"
        steps = [entry for entry in await Audit(redis).page() if entry.what == "case.escalate"]
        assert [step.detail["to"] for step in reversed(steps)] == [
            "team_lead",
            "manager",
            "director",
        ]


async def test_an_answer_in_time_keeps_the_promise(redis: Redis, tmp_path: Path) -> None:
    async with desk(redis, tmp_path) as case:
        due = await promised(case)
        await case.answer("Please switch it off and on.")
        assert await case.at(due + timedelta(days=1)) == []


async def test_what_an_agent_says_reaches_a_customer_who_is_not_there_in_one_mail(
    redis: Redis, tmp_path: Path
) -> None:
    async with desk(redis, tmp_path) as case:
        await case.answer("Hello.", timers=news_at(to_ms(case.now.at)))
        await case.answer("Which tariff is it?", timers=news_at(to_ms(case.now.at)))
        quiet = timedelta(minutes=follow_up().news.quiet_minutes)
        case.now.at += quiet - timedelta(minutes=1)
        assert await case.mails() == []
        case.now.turn(minutes=2)
        [mail] = await case.mails()
        body = mail.get_body(("plain",))
        assert body is not None
        assert "Agent One has answered you" in body.get_content()
        assert body.get_content().count("Hello.") == body.get_content().count("tariff is it?") == 1
        assert mail["In-Reply-To"]
        assert mail["Auto-Submitted"] == "auto-generated"


async def test_a_customer_who_does_not_answer_is_reminded_twice_and_the_case_is_closed(
    redis: Redis, tmp_path: Path
) -> None:
    async with desk(redis, tmp_path) as case:
        began = case.now.at
        await case.answer("Which tariff is it?", timers=news_at(to_ms(case.now.at)))
        assert await case.at(began + timedelta(hours=1)) == [f"{EMAIL}: We have answered you"]
        assert await case.at(began + timedelta(days=2, hours=23)) == []
        assert await case.at(began + timedelta(days=3, hours=1)) == [
            f"{EMAIL}: Do you still need us?"
        ]
        assert await case.at(began + timedelta(days=7, hours=1)) == [
            f"{EMAIL}: Do you still need us?"
        ]
        assert await case.at(began + timedelta(days=14, hours=1)) == [
            f"{EMAIL}: We have closed your case"
        ]
        after = await case.conversation()
        assert after.owner is Owner.CLOSED
        assert after.case.resolution
        assert after.case.resolution.outcome == "no_reply"
        assert await case.at(began + timedelta(days=60)) == []


async def test_whoever_answers_is_not_reminded(redis: Redis, tmp_path: Path) -> None:
    async with desk(redis, tmp_path) as case:
        await case.answer("Which tariff is it?", timers=news_at(to_ms(case.now.at)))
        await case.parts.conversations.say("c1", "m2", message(CUSTOMER, "the small one"))
        assert await case.at(case.now.at + timedelta(days=20)) == []


async def test_a_complaint_that_is_not_settled_goes_to_the_scheme_after_six_weeks(
    redis: Redis, tmp_path: Path
) -> None:
    async with desk(redis, tmp_path, category="complaint") as case:
        received = (await case.case()).received_at
        began = case.now.at
        await case.answer("We look into it.")
        await case.parts.conversations.say("c1", "m2", message(CUSTOMER, "please do"))
        early = await case.at(began + timedelta(weeks=6) - timedelta(days=8))
        assert [mail for mail in early if mail.startswith(EMAIL)] == [
            f"{EMAIL}: Your case has been passed on to our team lead",
            f"{EMAIL}: Your case has been passed on to our customer relations manager",
        ]
        warned = await case.at(began + timedelta(weeks=6, hours=-2))
        assert any(mail.startswith(f"{MAILBOX}: Complaint to be settled by ") for mail in warned)
        assert sorted(await case.at(began + timedelta(weeks=6, hours=1))) == [
            f"{MAILBOX}: Complaint older than 6 weeks",
            f"{EMAIL}: You can now take your complaint to the Communications Ombudsman",
        ]
        letter = (await texts(redis, sender=SYSTEM))[-1]
        assert follow_up().complaints.scheme_contact in letter
        assert f"your case number, {(await case.case()).number}." in letter
        assert (await case.case()).received_at == received
        assert await case.at(began + timedelta(weeks=12)) == []


async def test_a_complaint_that_we_refuse_ends_in_a_deadlock_letter(
    redis: Redis, tmp_path: Path
) -> None:
    async with desk(redis, tmp_path, category="complaint") as case:
        await case.answer("We cannot pay that back.")
        await resolve(case, "not_solved")
        told = await case.at(case.now.at + timedelta(hours=1))
        assert told == [f"{EMAIL}: Our final answer to your complaint – deadlock letter"]
        assert await case.at(case.now.at + timedelta(weeks=8)) == []
        [entry] = [it for it in await Audit(redis).page() if it.what == "complaint.letter"]
        assert entry.detail["letter"] == "deadlock"


async def test_a_letter_to_somebody_without_an_address_goes_by_post(
    redis: Redis, tmp_path: Path
) -> None:
    async with desk(redis, tmp_path, email="", category="complaint") as case:
        await case.answer("We cannot pay that back.")
        await resolve(case, "not_solved")
        case.now.turn(hours=1)
        [mail] = await case.mails()
        assert mail["To"] == MAILBOX
        assert "Letter to be sent by post" in mail["Subject"]
        body = mail.get_body(("plain",))
        assert body is not None
        assert "This e-mail is your deadlock" in body.get_content()


@pytest.mark.parametrize(
    ("outcome", "subject"),
    [("solved", "Your case is done"), ("duplicate", "We deal with this in your other case"),
     ("no_reply", "We have closed your case")],
)  # fmt: skip
async def test_the_end_is_told_once(
    redis: Redis, tmp_path: Path, outcome: str, subject: str
) -> None:
    async with desk(redis, tmp_path) as case:
        await case.answer("Done.")
        await resolve(case, outcome)
        case.now.turn(hours=1)
        assert await case.mailed() == [f"{EMAIL}: {subject}"]
        await case.change(timers=news_at(to_ms(case.now.at)))
        assert await case.at(case.now.at + timedelta(weeks=8)) == []


async def test_a_case_that_is_not_solved_after_all_is_opened_again_and_rises(
    redis: Redis, tmp_path: Path
) -> None:
    async with desk(redis, tmp_path) as case:
        await case.answer("Done.")
        await resolve(case, "solved")
        case.now.turn(hours=1)
        [mail] = await case.mails()
        body = mail.get_body(("plain",))
        assert body is not None
        links = SurveyLinks("https://support.meadow.example", "secret of the tests")
        [token] = {part.partition("?")[0] for part in body.get_content().split("/survey/")[1:]}
        asked = links.read(token)
        assert asked is not None
        now = to_ms(case.now.at)
        change = answered(await case.conversation(), asked, "not_solved", now, case.parts.content)
        await case.parts.conversations.change(await case.conversation(), change)
        assert sorted(await case.mailed()) == [
            f"{MAILBOX}: Escalated to the team lead",
            f"{EMAIL}: Your case has been passed on to our team lead",
        ]
        after = await case.conversation()
        assert (after.owner, after.queue, after.case.resolution) == (Owner.BOT, "mail", None)


async def test_a_reply_after_the_end_opens_the_case_and_promises_an_answer_anew(
    redis: Redis, tmp_path: Path
) -> None:
    async with desk(redis, tmp_path) as case:
        await case.answer("Done.")
        await resolve(case, "solved")
        case.now.turn(hours=1)
        assert await case.mailed() == [f"{EMAIL}: Your case is done"]
        again = filed(replace(await case.case(), resolution=None), None, None)
        log = await case.parts.conversations.all_events("c1")
        filing = filing_of("c1", again, log, case.parts.content, Destinations({}, MAILBOX))
        await case.change(
            owner=Owner.BOT, events=[owner_event("bot"), message(CUSTOMER, "it is back")],
            case=again, filed=filing.document, timers=filing.timers,
        )  # fmt: skip
        assert await case.mailed() == []
        after = await case.conversation()
        assert after.queue == "mail"
        due = case.parts.content.hours.due(case.now.at, 12)
        assert due is not None
        assert len(await case.at(due - timedelta(minutes=1))) == 1  # staff are warned
        assert sorted(await case.at(due)) == [f"{MAILBOX}: Escalated to the team lead", LATE]


async def test_a_case_never_sinks(redis: Redis, tmp_path: Path) -> None:
    async with desk(redis, tmp_path) as case:
        await case.change(meta={TIER: "director"})
        assert (await case.at(await promised(case)))[1:] == [LATE]
        assert "head of customer service" in (await texts(redis, sender=SYSTEM))[-1]
        assert (await case.conversation()).meta[TIER] == "director"


@pytest.mark.parametrize("weeks", [0, 1, 6, 7])
async def test_a_timer_that_rings_once_more_tells_nobody_anything(
    redis: Redis, tmp_path: Path, weeks: int
) -> None:
    kinds = (FILED, PROMISE, ESCALATION, COMPLAINT, NEWS, UNANSWERED)
    async with desk(redis, tmp_path, category="complaint") as case:
        await case.at(case.now.at + timedelta(weeks=weeks))
        seen = len(case.server.stored)
        log = await case.parts.conversations.all_events("c1")
        for _ in range(3):
            await case.change(timers=dict.fromkeys(kinds, to_ms(case.now.at)))
            assert await case.mailed() == []
        assert len(case.server.stored) == seen
        assert await case.parts.conversations.all_events("c1") == log


async def test_two_clocks_tell_a_customer_once(redis: Redis, tmp_path: Path) -> None:
    async with desk(redis, tmp_path) as case:
        case.now.at = await promised(case)
        stands = await case.conversation()
        ring = Ring(PROMISE, "c1", case.now.at)
        await asyncio.gather(*(promise_due(case.parts, ring) for _ in range(4)))
        assert (await case.mailed()).count(LATE) == 1
        assert (await case.conversation()).meta["tier"] == "team_lead"
        assert stands.meta.get("tier") is None


async def test_promises_that_are_not_watched_are_not_missed(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unwatched = replace(follow_up(), promises=Promises(watched=False, warn_before_minutes=60))
    monkeypatch.setattr("bot.followup.work.follow_up", lambda: unwatched)
    async with desk(redis, tmp_path) as case:
        assert await case.at(case.now.at + timedelta(weeks=4)) == []
