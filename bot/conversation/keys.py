"""The names of everything kept in Redis. Each key carries its shard as hash tag, `{s07}:…`, so that
a script that touches one conversation touches one slot (Redis Cluster specification, "Hash tags").
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

SHARDS = 16
SHARD_TAGS = tuple(f"{{s{number:02d}}}" for number in range(SHARDS))

LOG_CHANNEL = "firstline:log"
READY_CHANNEL = "firstline:ready"
OUTBOX_CHANNEL = "firstline:outbox"

# The queues in which staff find conversations.
WAITING = "waiting"
WITH_AGENT = "agent"
BY_MAIL = "mail"
QUEUES = (WAITING, WITH_AGENT, BY_MAIL)


def shard_of(name: str) -> str:
    """The hash tag of the shard that a conversation id or a case number belongs to."""
    return SHARD_TAGS[zlib.crc32(name.encode()) % SHARDS]


@dataclass(frozen=True)
class ConversationKeys:
    """The keys of one conversation and of the queues of its shard."""

    meta: str
    log: str
    case: str
    tracker: str
    seen: str
    choices: str
    ready: str
    ready_claims: str
    outbox: str
    timers: str
    timer_claims: str
    waiting: str
    with_agent: str
    by_mail: str


def conversation_keys(conversation: str) -> ConversationKeys:
    """The keys of the conversation with this id."""
    shard = shard_of(conversation)
    return ConversationKeys(
        meta=f"{shard}:conversation:{conversation}",
        log=f"{shard}:log:{conversation}",
        case=f"{shard}:case:{conversation}",
        tracker=f"{shard}:tracker:{conversation}",
        seen=f"{shard}:seen:{conversation}",
        choices=f"{shard}:choices:{conversation}",
        ready=f"{shard}:ready",
        ready_claims=f"{shard}:ready:claims",
        outbox=f"{shard}:outbox",
        timers=f"{shard}:timers",
        timer_claims=f"{shard}:timers:claims",
        waiting=queue_key(shard, WAITING),
        with_agent=queue_key(shard, WITH_AGENT),
        by_mail=queue_key(shard, BY_MAIL),
    )


def queue_key(shard: str, queue: str) -> str:
    """Where a shard keeps the conversations that staff find in `queue`, by since when they wait."""
    return f"{shard}:queue:{queue}"


def figures_key(shard: str, day: str) -> str:
    """Where a shard counts what managers watch, on one day (YYYY-MM-DD, UTC)."""
    return f"{shard}:figures:{day}"


def number_key(number: str) -> str:
    """Where a case number points to its conversation; a number lives in its conversation's shard."""
    return f"{shard_of(number)}:number:{number}"


def filed_key(number: str, revision: int) -> str:
    """Where the case document of a filed revision is kept, never changed."""
    return f"{shard_of(number)}:filed:{number}:{revision}"


def mail_key(mail: str) -> str:
    """Where one outbox entry is kept; a mail id begins with its shard's two digits: `07-…`."""
    return f"{SHARD_TAGS[int(mail[:2])]}:mail:{mail}"
