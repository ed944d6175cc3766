"""Who may speak for the operator in a conversation: one owner at a time, one transition table.

           a ask               b accept
    BOT ─────────▶ WAITING ─────────────▶ AGENT
     ▲ ◀─────────     │ ◀──────────────── │ │
     │   c give up    │    d put back     │ │
     │                │ e close           │ │ f close
     │                ▼                   │ │
     │  g reopen    CLOSED ◀──────────────┼─┘
     └────────────────┴───────────────────┘ h return

Besides, BOT ▶ AGENT (taken from the bot), BOT ▶ CLOSED, AGENT ▶ AGENT (passed on to another), and
CLOSED ▶ AGENT (taken up again).

Each change raises the conversation's epoch; whoever writes with an older epoch is refused.
"""

from __future__ import annotations

from enum import Enum

from bot.errors import FirstlineError


class Owner(str, Enum):
    """The party that answers the customer."""

    BOT = "bot"
    WAITING = "waiting"
    AGENT = "agent"
    CLOSED = "closed"


TRANSITIONS: dict[Owner, frozenset[Owner]] = {
    Owner.BOT: frozenset({Owner.WAITING, Owner.AGENT, Owner.CLOSED}),
    Owner.WAITING: frozenset({Owner.AGENT, Owner.BOT, Owner.CLOSED}),
    Owner.AGENT: frozenset(Owner),
    Owner.CLOSED: frozenset({Owner.BOT, Owner.AGENT}),
}


class ForbiddenTransition(FirstlineError):
    """The conversation cannot pass from its present owner to the one asked for."""


def check_transition(now: Owner, to: Owner) -> None:
    """Raises `ForbiddenTransition` unless a conversation owned by `now` may pass to `to`."""
    if to not in TRANSITIONS[now]:
        raise ForbiddenTransition(f"a conversation cannot pass from {now.value} to {to.value}")
