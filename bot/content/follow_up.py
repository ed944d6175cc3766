"""What follows a filed case, read from `data/follow_up.yml` and `data/escalation.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from bot.content.files import read_file
from bot.content.records import Record
from bot.content.slots import check_slots
from bot.errors import ContentError
from bot.settings import ROOT

Positive = Annotated[int, Meta(gt=0)]
NotNegative = Annotated[int, Meta(ge=0)]
Answer = Literal["solved", "partly", "not_solved"]
Trigger = Literal["unanswered", "not_solved", "complaint"]

# What may stand in braces in a notice.
SLOTS = frozenset({
    "number", "problem", "brand", "phone", "agent", "said", "response_time", "promised", "tier",
    "reason", "received", "deadline", "weeks", "scheme", "scheme_contact", "letter", "count",
    "minutes", "proposal",
})  # fmt: skip

SURVEY_SLOTS = frozenset({"number", "problem"})


class Notice(Record, frozen=True):
    """A mail about a case that goes its way. asks: whether it carries the links of the survey."""

    subject: str
    text: str
    asks: bool = False


class Notices(Record, frozen=True):
    """All notices; those called `team_…` go to staff, the others to the customer."""

    assigned: Notice
    waiting_for_you: Notice
    resolved: Notice
    duplicate: Notice
    promise_missed: Notice
    escalated: Notice
    reminder: Notice
    closed: Notice
    resume: Notice
    complaint: Notice
    six_weeks: Notice
    deadlock: Notice
    team_promise_soon: Notice
    team_escalated: Notice
    team_complaint_due: Notice
    team_six_weeks: Notice
    team_by_post: Notice
    team_surge: Notice


class Promises(Record, frozen=True):
    """Whether answers are watched, and how long before the promised time staff are warned."""

    watched: bool
    warn_before_minutes: NotNegative


class News(Record, frozen=True):
    """When changes are told by mail: not at once, and not to somebody who is in the chat."""

    after_minutes: NotNegative
    quiet_minutes: NotNegative


class Unanswered(Record, frozen=True):
    """When a customer who does not answer is reminded, and the case closed; days since our message."""

    remind_after_days: list[Positive]
    close_after_days: Positive


class Complaints(Record, frozen=True):
    """The clock of the dispute rules: weeks from receipt, and who decides afterwards."""

    weeks: Positive
    warn_before_days: NotNegative
    scheme: str
    scheme_contact: str


class SurveyAnswers(Record, frozen=True):
    """A sentence for each answer to the survey."""

    solved: str
    partly: str
    not_solved: str

    def of(self, answer: Answer) -> str:
        """The sentence for this one."""
        return str(getattr(self, answer))


class SurveyWords(Record, frozen=True):
    """All that the survey says, in the chat and on its page."""

    question: str
    answers: SurveyAnswers
    thanks: str
    thanks_for: SurveyAnswers
    opened_again: str
    your_case: str
    your_answer: str
    send: str
    busy: str
    busy_why: str
    gone: str
    gone_why: str


class Survey(Record, frozen=True):
    """For how many days after it is sent a survey can be answered, and its words."""

    open_days: Positive
    words: SurveyWords


class Surges(Record, frozen=True):
    """How many cases with the same problem and place, within so many minutes, staff are told of."""

    reports: Positive
    minutes: Positive


class Tier(Record, frozen=True):
    """Somebody a case rises to. address: empty stands for `FIRSTLINE_CASE_MAILBOX`."""

    title: str
    address: str = ""


class Step(Record, frozen=True):
    """A case rises to the tier `to` so long after `when`. reason: for the customer too."""

    when: Trigger
    to: str
    reason: str
    after_business_hours: NotNegative = 0
    after_days: NotNegative = 0


class Escalation(Record, frozen=True):
    """The tiers in rising order, and what makes a case rise."""

    tiers: dict[str, Tier]
    steps: list[Step]

    def rank(self, tier: str) -> int:
        """How high a tier is, from 1; 0 for none."""
        return list(self.tiers).index(tier) + 1 if tier in self.tiers else 0

    def at_once(self, trigger: Trigger) -> Step | None:
        """The step that follows `trigger` without a delay."""
        return next(
            (step for step in self.steps
             if step.when == trigger and not step.after_business_hours and not step.after_days),
            None,
        )  # fmt: skip


class Words(Record, frozen=True):
    """What stands in notices for an agent, where there is none, and for the problem."""

    nobody: str
    problem: str
    no_problem: str


class _FollowUpFile(Record, frozen=True):
    promises: Promises
    news: News
    unanswered: Unanswered
    complaints: Complaints
    survey: Survey
    surges: Surges
    mails_per_hour: Positive
    words: Words
    notices: Notices


class FollowUp(_FollowUpFile, frozen=True):
    """All that follows a filed case. mails_per_hour: to one customer."""

    escalation: Escalation


def load_follow_up(folder: Path) -> FollowUp:
    """Reads and checks both files under `folder`. Raises `ContentError`, naming file, key and fix."""
    path = folder / "follow_up.yml"
    said = read_file(path, _FollowUpFile)
    for name in Notices.__struct_fields__:
        notice = getattr(said.notices, name)
        check_slots(f"{path}: notices: {name}", f"{notice.subject} {notice.text}", SLOTS)
    check_slots(f"{path}: words: nobody", said.words.nobody, {"brand"})
    check_slots(f"{path}: words: problem", said.words.problem, {"title"})
    check_slots(f"{path}: survey: words: your_case", said.survey.words.your_case, SURVEY_SLOTS)
    escalation = read_file(folder / "escalation.yml", Escalation)
    _check_steps(folder / "escalation.yml", escalation)
    values = {name: getattr(said, name) for name in said.__struct_fields__}
    return FollowUp(**values, escalation=escalation)


def _check_steps(path: Path, escalation: Escalation) -> None:
    for number, step in enumerate(escalation.steps, start=1):
        if step.to not in escalation.tiers:
            raise ContentError(
                f"{path}: step {number}: no tier is called {step.to!r}. Use one of "
                + ", ".join(escalation.tiers)
            )
    if escalation.at_once("unanswered") is None:
        raise ContentError(f"{path}: nobody gets a case when a promise is missed. Add a step with "
                           "`when: unanswered` and no delay")  # fmt: skip


@cache
def follow_up() -> FollowUp:
    """What this checkout says, read once per process."""
    return load_follow_up(ROOT / "data")
