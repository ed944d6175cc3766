"""Every kind of timer there is, and the function that is called when one rings.

To add a kind: write `async def ring(parts, ring)` in a module of its own, and a line here.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.clock.parts import Handler
from bot.handoff.passing import IDLE, POSITION, WAIT
from bot.handoff.timers import agent_is_silent, place_in_queue, wait_is_over

HANDLERS: Mapping[str, Handler] = {
    WAIT: wait_is_over,
    POSITION: place_in_queue,
    IDLE: agent_is_silent,
}
