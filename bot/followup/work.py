"""What every handler of this package begins with: the case as it stands, and the means to tell of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock.parts import Parts, Ring
from bot.content.follow_up import FollowUp, follow_up
from bot.followup.notices import Telling
from bot.followup.standing import Standing, standing

CLOCK = "clock"  # who acts, in the audit log


@dataclass(frozen=True)
class Work:
    """One case in the hands of a handler."""

    stands: Standing
    telling: Telling
    said: FollowUp


async def work_on(parts: Parts, ring: Ring) -> Work | None:
    """The case of the conversation; None when there is none. Raises `NotFound`."""
    conversation = await parts.conversations.read(ring.conversation)
    log = await parts.conversations.all_events(ring.conversation)
    stands = standing(conversation, log, parts.content)
    if stands is None:
        return None
    said = follow_up()
    return Work(
        stands, Telling(stands, parts.content, said, parts.settings.case_mailbox, ring.at), said
    )
