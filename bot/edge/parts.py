"""What the modules of the edge are made from: one of each for the process."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bot.content import Content
from bot.content.incidents import Incidents
from bot.conversation.store import Conversations
from bot.edge.guard import Guard
from bot.edge.limits import Limits
from bot.edge.metrics import Metrics
from bot.edge.tail import Tail
from bot.identity.customer import Identities
from bot.mail.destinations import Destinations
from bot.settings import Settings
from bot.staff.accounts import Accounts
from bot.staff.audit import Audit
from bot.staff.sessions import Sessions


@dataclass(frozen=True)
class Parts:
    """The shared parts of one edge process.

    `data` is the folder of the operator's content, `web` that of the built pages. What must run
    beside the requests is appended to `background` by the module that needs it; it runs from the
    start of the server until it is cancelled at its end.
    """

    settings: Settings
    data: Path
    web: Path
    content: Content
    destinations: Destinations
    incidents: Incidents
    redis: Redis
    conversations: Conversations
    tail: Tail
    metrics: Metrics
    limits: Limits
    guard: Guard
    identities: Identities
    accounts: Accounts
    audit: Audit
    sessions: Sessions
    background: list[Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=list)
