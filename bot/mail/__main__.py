"""The courier process: `python -m bot.mail`."""

from __future__ import annotations

import asyncio
import signal
from datetime import datetime, timezone

import structlog
from redis.asyncio import Redis

from bot.clock.clock import Clock
from bot.clock.handlers import HANDLERS
from bot.clock.parts import Parts
from bot.content import Content, load_content
from bot.content.follow_up import follow_up
from bot.conversation.keys import OUTBOX_CHANNEL
from bot.conversation.store import Conversations
from bot.conversation.work import Wake
from bot.errors import FirstlineError, SettingError
from bot.followup.survey import SurveyLinks
from bot.logs import READY, configure_logging
from bot.mail import headers, smtp
from bot.mail.caps import Caps
from bot.mail.compose import Composer
from bot.mail.destinations import load_destinations
from bot.mail.elsewhere.dispatch import Dispatch, carriers, read_secrets
from bot.mail.inbound.imap import ImapWorker, parse_account
from bot.mail.inbound.parts import make_ingest, make_reply_address
from bot.mail.notice import NoticeWriter
from bot.mail.outbox import Outbox
from bot.mail.sheet import wording
from bot.mail.worker import Courier
from bot.privacy.retention import begin_retention
from bot.redis_link import connect
from bot.settings import ROOT, Settings, ensure_secret, load_settings

log = structlog.get_logger(__name__)


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Runs a courier with these settings until `stop` is set."""
    if not settings.redis_url or not settings.smtp_url:
        raise SettingError("FIRSTLINE_REDIS_URL and FIRSTLINE_SMTP_URL", "the courier needs both",
                           "Start it by bin/firstline up, which sets them")  # fmt: skip
    content = load_content(ROOT / "data")
    redis = connect(settings.redis_url)
    listening = connect(settings.redis_url, answer=None)
    destinations = load_destinations(ROOT / "data" / "destinations.yml", settings.case_mailbox)
    parts = Parts(settings, content, redis, Conversations(redis), destinations)
    clock = Clock(HANDLERS, parts)
    composer, dispatch = _writing(parts)
    courier = Courier(
        Outbox(redis), dispatch.write, dispatch.hand_over, composer.message_id,
        Wake(listening, OUTBOX_CHANNEL), caps=Caps(redis, follow_up().mails_per_hour),
    )  # fmt: skip
    inbox = _inbox(settings, content, redis)
    await begin_retention(parts)
    log.info(READY)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(courier.run(stop))
            group.create_task(clock.run(stop))
            if inbox is not None:
                group.create_task(inbox.run(stop))
    finally:
        await dispatch.close()
        await redis.aclose()
        await listening.aclose()


def _writing(parts: Parts) -> tuple[Composer, Dispatch]:
    """What writes mails, and what hands them and whatever goes elsewhere over."""
    settings, content, destinations = parts.settings, parts.content, parts.destinations
    sender, words = headers.sender(settings.mail_from), wording(content)
    links = SurveyLinks(settings.base_url, ensure_secret(settings))
    notices = NoticeWriter(content, follow_up(), links, f"{settings.base_url}/desk")
    composer = Composer(
        parts.conversations, destinations, words, sender, settings.state_dir,
        lambda: datetime.now(timezone.utc), notices,
        make_reply_address(settings) if settings.reads_mail else None,
    )  # fmt: skip
    secrets = read_secrets(settings.destination_secrets)
    elsewhere = carriers(destinations, secrets, words, sender.addr_spec)
    post = smtp.Post(smtp.parse_server(settings.smtp_url))
    return composer, Dispatch(parts.conversations, composer, post, elsewhere, settings.state_dir)


def _inbox(settings: Settings, content: Content, redis: Redis) -> ImapWorker | None:
    """What reads the mailbox; None where none is named."""
    if not settings.imap_url:
        return None
    ingest = make_ingest(settings, redis, content)
    return ImapWorker(parse_account(settings.imap_url), ingest.take)


async def _main() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(load_settings(), stop)


if __name__ == "__main__":
    configure_logging("courier")
    try:
        asyncio.run(_main())
    except FirstlineError as error:
        log.error("courier_cannot_start", reason=str(error))
        raise SystemExit(1) from error
