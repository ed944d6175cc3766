"""Pages, scripts, health, figures and the development mailbox: their addresses and audiences."""

from __future__ import annotations

from functools import partial

from sanic import HTTPResponse, Request

from bot.conversation.work import WorkQueue
from bot.desk.queues import waiting
from bot.edge.access import Audience, Route
from bot.edge.answers import json_answer
from bot.edge.health import HealthApi
from bot.edge.mailbox import MailboxApi
from bot.edge.metrics import Depth, MetricsApi
from bot.edge.openapi import describe
from bot.edge.parts import Parts
from bot.edge.static import PAGES, StaticApi

READ = "GET HEAD"


def routes(parts: Parts) -> list[Route]:
    """Everything that is not an API of its own."""
    health = HealthApi(parts.redis)
    # Depths are only counted, so these queues need no lease.
    depths: dict[str, Depth] = {
        name: WorkQueue(parts.redis, name, lease=0).waiting for name in ("ready", "outbox")
    }
    depths["person"] = partial(waiting, parts.redis)
    figures = MetricsApi(parts.metrics, depths)
    description = describe(parts.settings.base_url)

    async def openapi(request: Request) -> HTTPResponse:
        return json_answer(description, headers={"Access-Control-Allow-Origin": "*"})

    return [
        Route(READ, "/healthz", health.healthz, Audience.ANYBODY),
        Route(READ, "/readyz", health.readyz, Audience.ANYBODY),
        Route(READ, "/openapi.json", openapi, Audience.ANYBODY),
        Route(READ, "/metrics", figures.metrics, Audience.THIS_MACHINE),
        *_web(parts),
        *(_mailbox(parts) if parts.settings.mailbox_port else []),
    ]


def _web(parts: Parts) -> list[Route]:
    static = StaticApi(parts.web)
    hidden = () if parts.settings.mailbox_port else ("/mailbox",)
    return [
        Route(READ, "/widget.js", static.launcher, Audience.ANYBODY),
        Route(READ, "/assets/<name:path>", static.asset, Audience.ANYBODY),
        *(
            Route(READ, path, static.page, Audience.ANYBODY, _page_name(path))
            for path in PAGES
            if path not in hidden
        ),
    ]


def _page_name(path: str) -> str:
    return "page_" + (path.strip("/").replace("/", "_") or "shop")


def _mailbox(parts: Parts) -> list[Route]:
    """Shows every customer's mail: in development only, and for this machine only."""
    box = MailboxApi(parts.settings.state_dir / "mailbox", parts.settings.mailbox_port)
    one = "/mailbox/messages/<id:str>"
    here = Audience.THIS_MACHINE
    return [
        Route("GET", "/mailbox/messages", box.messages, here, "mails"),
        Route("GET", one, box.message, here, "mail"),
        Route("GET", f"{one}/raw", box.raw, here, "mail_raw"),
        Route("GET", f"{one}/attachments/<number:int>", box.attachment, here, "mail_part"),
        Route("POST", f"{one}/replies", box.reply, here, "mail_reply"),
    ]
