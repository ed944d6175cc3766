"""The parts that take mail in, put together from the settings."""

from __future__ import annotations

from redis.asyncio import Redis

from bot.content import Content
from bot.conversation.store import Conversations
from bot.files.scan import Scanner
from bot.files.store import FOLDER, FileStore
from bot.mail import headers
from bot.mail.inbound.caps import Caps
from bot.mail.inbound.ingest import Ingest
from bot.mail.inbound.routing import Routing
from bot.mail.reply_address import ReplyAddress
from bot.settings import Settings, ensure_secret


def make_reply_address(settings: Settings) -> ReplyAddress:
    """The reply addresses of these settings, keyed by their secret."""
    base = headers.sender(settings.mail_from)
    if settings.reply_address:
        base = headers.address("Reply-To", settings.reply_address, base.display_name)
    return ReplyAddress(base, ensure_secret(settings).encode())


def make_ingest(settings: Settings, redis: Redis, content: Content) -> Ingest:
    """What takes mail into the conversations of `redis`."""
    conversations = Conversations(redis)
    return Ingest(
        conversations, Routing(conversations, make_reply_address(settings), _domain(settings)),
        Caps(redis), FileStore(settings.state_dir / FOLDER, Scanner(settings.clamd), settings.file_limits), content,
    )  # fmt: skip


def _domain(settings: Settings) -> str:
    """The domain of our Message-IDs."""
    return headers.sender(settings.mail_from).domain
