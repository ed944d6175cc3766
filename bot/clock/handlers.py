"""Every kind of timer there is, and the function that is called when one rings.

To add a kind: write `async def ring(parts, ring)` in a module of its own, and a line here.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.clock.parts import Handler
from bot.desk.account import account_named
from bot.desk.earlier import ACCOUNT
from bot.followup.complaint import complaint_due
from bot.followup.escalation import escalation_due
from bot.followup.filed import case_filed
from bot.followup.kinds import COMPLAINT, ESCALATION, FILED, NEWS, PROMISE, UNANSWERED
from bot.followup.news import news_due
from bot.followup.promise import promise_due
from bot.followup.unanswered import unanswered_due
from bot.handoff.passing import IDLE, POSITION, WAIT
from bot.handoff.timers import agent_is_silent, place_in_queue, wait_is_over
from bot.privacy.retention import RETENTION, retention_due

HANDLERS: Mapping[str, Handler] = {
    WAIT: wait_is_over,
    POSITION: place_in_queue,
    IDLE: agent_is_silent,
    FILED: case_filed,
    PROMISE: promise_due,
    ESCALATION: escalation_due,
    COMPLAINT: complaint_due,
    NEWS: news_due,
    UNANSWERED: unanswered_due,
    ACCOUNT: account_named,
    RETENTION: retention_due,
}
