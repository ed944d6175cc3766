"""Opening hours with holidays: open now, and if not, from when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta

from bot.content.records import Record
from bot.errors import ContentError

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
LOOK_AHEAD_DAYS = 60


class Span(Record, frozen=True, kw_only=True):
    """Open from (inclusive) to (exclusive), as HH:MM in the operator's own time."""

    opens: Clock
    closes: Clock

    @property
    def start(self) -> time:
        """`opens` as a time."""
        return time.fromisoformat(self.opens)

    @property
    def end(self) -> time:
        """`closes` as a time."""
        return time.fromisoformat(self.closes)


class Holiday(Record, frozen=True, kw_only=True):
    """A date with other hours than its weekday; no spans means closed."""

    date: date
    name: str
    spans: list[Span] = []


class Hours(Record, frozen=True, kw_only=True):
    """When people answer. `time_zone` is an IANA name such as Europe/London."""

    time_zone: str
    weekly: dict[Day, list[Span]]
    holidays: list[Holiday] = []

    def is_open(self, at: datetime) -> bool:
        """Whether people are there at `at` (an aware time)."""
        local = at.astimezone(self._zone())
        return any(span.start <= local.time() < span.end for span in self.spans(local.date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first opening after `at` in the operator's zone; None when none within 60 days."""
        local = at.astimezone(self._zone())
        for ahead in range(LOOK_AHEAD_DAYS):
            day = local.date() + timedelta(days=ahead)
            for span in sorted(self.spans(day), key=lambda span: span.opens):
                opening = datetime.combine(day, span.start, self._zone())
                if opening > local:
                    return opening
        return None

    def spans(self, day: date) -> list[Span]:
        """The spans of one date: the holiday's when there is one, else the weekday's."""
        for holiday in self.holidays:
            if holiday.date == day:
                return holiday.spans
        return self.weekly.get(DAYS[day.weekday()], [])  # type: ignore[call-overload, no-any-return]

    def due(self, at: datetime, business_hours: int) -> datetime | None:
        """When `business_hours` of opening time will have passed after `at`; None if too far off."""
        left = timedelta(hours=business_hours)
        local = at.astimezone(self._zone())
        for ahead in range(LOOK_AHEAD_DAYS):
            day = local.date() + timedelta(days=ahead)
            for span in sorted(self.spans(day), key=lambda span: span.opens):
                opens = max(datetime.combine(day, span.start, self._zone()), local)
                closes = datetime.combine(day, span.end, self._zone())
                if opens >= closes:
                    continue
                if left <= closes - opens:
                    return opens + left
                left -= closes - opens
        return None

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def check_hours(hours: Hours, where: str) -> None:
    """Raises `ContentError` when the zone is unknown or a span ends before it begins."""
    try:
        ZoneInfo(hours.time_zone)
    except (KeyError, ValueError, OSError) as error:
        raise ContentError(
            f"{where}: time_zone: {hours.time_zone!r} is not a time zone. Use a name such as Europe/London"
        ) from error
    spans = [span for spans in hours.weekly.values() for span in spans]
    for span in spans + [span for holiday in hours.holidays for span in holiday.spans]:
        if span.opens >= span.closes:
            raise ContentError(
                f"{where}: opens {span.opens} is not before closes {span.closes}. Swap or split them"
            )
