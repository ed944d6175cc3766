"""The customer API: its addresses, and who may call them."""

from __future__ import annotations

from bot.edge.access import API, CONVERSATION, Audience, Route
from bot.edge.conversations import ConversationsApi
from bot.edge.events_api import EventsApi
from bot.edge.files_api import FilesApi
from bot.edge.introduction import Introductions
from bot.edge.parts import Parts
from bot.edge.status import StatusApi


def routes(parts: Parts) -> list[Route]:
    """What the widget calls."""
    introductions = Introductions(parts.identities, parts.conversations, parts.content)
    talk = ConversationsApi(
        parts.conversations, parts.guard, parts.limits, parts.content, introductions
    )
    log = EventsApi(parts.conversations, parts.tail, parts.metrics)
    files = FilesApi(parts.settings, parts.conversations, parts.guard, parts.limits)
    status = StatusApi(parts.content, parts.incidents, parts.settings.file_limits)
    parts.background.append(status.follow)
    customer = Audience.CUSTOMER
    return [
        Route("POST", f"{API}/conversations", talk.open, Audience.SITES),
        Route("POST", f"{CONVERSATION}/messages", talk.say, customer),
        Route("PATCH", f"{CONVERSATION}/case", talk.edit_case, customer),
        Route("GET", f"{CONVERSATION}/events", log.events, customer),
        Route("POST", f"{CONVERSATION}/files", files.upload, customer),
        Route("GET", f"{CONVERSATION}/files/<file:str>", files.download, customer),
        Route("GET", f"{API}/status", status.status, Audience.SITES),
    ]
