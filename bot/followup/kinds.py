"""The kinds of timers that follow a filed case; `bot/clock/handlers.py` says what each does."""

from __future__ import annotations

FILED = "filed"
PROMISE = "promise"
ESCALATION = "escalation"
COMPLAINT = "complaint"
NEWS = "news"
UNANSWERED = "unanswered"
