"""Notices: mails, and words in the conversation, that say what became of a case. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock.times import to_ms
from bot.content import Content
from bot.content.follow_up import FollowUp, Notice
from bot.conversation.change import Mail
from bot.conversation.events import SYSTEM, Event, message
from bot.followup.standing import Standing
from bot.mail.order import NOTICE, MailOrder

LETTERS = frozenset({"six_weeks", "deadlock"})  # owed to the customer, by post if need be
# These the customer reads in the conversation too; of the others it already knows.
SHOWN = LETTERS | {"promise_missed", "escalated", "complaint", "closed"}


@dataclass(frozen=True)
class Told:
    """What a change carries to tell somebody something."""

    mails: Sequence[Mail] = ()
    events: Sequence[Event] = ()

    def __add__(self, other: Told) -> Told:
        return Told([*self.mails, *other.mails], [*self.events, *other.events])


class Telling:
    """Makes notices about one case at `now`. mailbox: where staff without an address are written to."""

    def __init__(
        self, stands: Standing, content: Content, said: FollowUp, mailbox: str, now: datetime
    ) -> None:
        self._now = now
        self._stands = stands
        self._content = content
        self._follow_up = said
        self._mailbox = mailbox

    def customer(self, name: str, which: str, **facts: str) -> Told:
        """The notice `name` to the customer. which: tells several of that name apart."""
        facts = self._facts(facts)
        if notice(self._follow_up, name).asks:
            facts["asked"] = str(to_ms(self._now))  # the same survey, however often it is sent
        told = Told(events=self._shown(name, facts))
        if self._stands.email:
            return told + Told([self._order(name, which, self._stands.email, facts)])
        if name in LETTERS:
            return told + self.team("team_by_post", f"{name}:{which}", **facts, letter=name)
        return told

    def team(self, name: str, which: str, address: str = "", **facts: str) -> Told:
        """The notice `name` to staff at `address`."""
        order = self._order(name, which, address or self._mailbox, self._facts(facts))
        return Told([order])

    def _order(self, name: str, which: str, to: str, facts: Mapping[str, str]) -> Mail:
        case = self._stands.case
        return MailOrder(
            NOTICE, self._stands.conversation.id, case.number or "", case.revision, to,
            f"{name}:{which}", dict(facts),
        ).mail()  # fmt: skip

    def _facts(self, more: dict[str, str]) -> dict[str, str]:
        zone = ZoneInfo(self._content.hours.time_zone)
        stands, weeks = self._stands, self._follow_up.complaints.weeks
        facts = {
            "received": day(stands.received, zone),
            "deadline": day(stands.received + timedelta(weeks=weeks), zone),
        }
        if stands.promised is not None:
            facts["promised"] = f"{stands.promised.astimezone(zone):%-d %B %Y, %H:%M}"
        if stands.conversation.agent_name:
            facts["agent"] = stands.conversation.agent_name
        return facts | more

    def _shown(self, name: str, facts: Mapping[str, str]) -> list[Event]:
        if name not in SHOWN:
            return []
        case = self._stands.case
        problem = self._content.problems.get(case.problem or "")
        words = slots(case.number or "", problem.title if problem else "", case.category,
                      facts, self._content, self._follow_up)  # fmt: skip
        return [message(SYSTEM, notice(self._follow_up, name).text.format_map(words))]


def slots(
    number: str, title: str, category: str, facts: Mapping[str, str], content: Content,
    said: FollowUp,
) -> dict[str, str]:  # fmt: skip
    """What stands for the names in braces; nothing for what is not known."""
    response_time = content.response_times.get(category)  # type: ignore[call-overload]
    blank = dict.fromkeys(
        ("agent", "said", "promised", "tier", "reason", "letter", "count", "minutes", "proposal"),
        "",
    )
    return blank | {
        "agent": said.words.nobody.format(brand=content.brand.name),
        "number": number,
        "problem": said.words.problem.format(title=title) if title else said.words.no_problem,
        "brand": content.brand.name,
        "phone": content.brand.support_phone,
        "response_time": response_time.text if response_time else "",
        "weeks": str(said.complaints.weeks),
        "scheme": said.complaints.scheme,
        "scheme_contact": said.complaints.scheme_contact,
        **facts,
    }


def notice(said: FollowUp, name: str) -> Notice:
    """The notice called `name`. Raises `AttributeError` when there is none."""
    found: Notice = getattr(said.notices, name)
    return found


def day(at: datetime, zone: ZoneInfo) -> str:
    """A date as people write it."""
    return f"{at.astimezone(zone):%-d %B %Y}"
