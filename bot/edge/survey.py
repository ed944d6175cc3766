"""The page behind a survey link. Looking changes nothing, whatever looks (mail scanners do); sending does.

It needs no script: one question, three answers, a button.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sanic import HTTPResponse, Request

from bot.case.subject import problem_in_words
from bot.content.follow_up import follow_up
from bot.conversation.scripts import CaseChanged
from bot.conversation.store import Conversation
from bot.edge.access import Audience, Route
from bot.edge.parts import Parts
from bot.edge.schemas import read_body
from bot.errors import NotFound, NotOwner
from bot.followup.survey import (
    ANSWERS,
    SURVEY,
    SURVEY_OF,
    Asked,
    SurveyLinks,
    answered,
    open_until,
    survey_words,
)
from bot.settings import ensure_secret

PATH = "/survey/<token:str>"
TEMPLATES = Path(__file__).parent / "templates"
LARGEST = 4_096
ATTEMPTS = 5


def routes(parts: Parts) -> list[Route]:
    """The page, and sending it."""
    page = SurveyPage(parts)
    return [
        Route("GET HEAD", PATH, page.look, Audience.ANYBODY, "survey"),
        Route("POST", PATH, page.send, Audience.OWN_PAGES, "survey_answer"),
    ]


class SurveyPage:
    """Asks, takes the answer once, and says thank you."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._links = SurveyLinks(parts.settings.base_url, ensure_secret(parts.settings))
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined,
            autoescape=select_autoescape(enabled_extensions=("html.j2",)),
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._template = environment.get_template("survey.html.j2")
        self._words = survey_words()
        self._style = _style(parts.content.brand.colours)

    async def look(self, request: Request, token: str) -> HTTPResponse:
        """GET /survey/{token}?answer="""
        asked, conversation = await self._asked(token)
        if asked is None or conversation is None:
            return self._gone()
        if _has_answered(conversation, asked):
            return self._thanks(conversation)
        return self._question(conversation, request.args.get("answer", ""))

    async def send(self, request: Request, token: str) -> HTTPResponse:
        """POST /survey/{token}, a form with `answer`."""
        body = await read_body(request, LARGEST)
        given = parse_qs(body.decode("utf-8", "replace")).get("answer", [""])[0]
        answer = next((one for one in ANSWERS if one == given), None)
        for _ in range(ATTEMPTS):
            asked, conversation = await self._asked(token)
            if asked is None or conversation is None:
                return self._gone()
            if _has_answered(conversation, asked):
                return self._thanks(conversation)
            if answer is None:
                return self._question(conversation, "", 422)
            change = answered(
                conversation, asked, answer, int(time.time() * 1000), self._parts.content
            )
            try:
                await self._parts.conversations.change(conversation, change)
            except (CaseChanged, NotOwner):  # somebody works on it just now
                continue
        return self._page(self._words.busy, [self._words.busy_why], 503)

    async def _asked(self, token: str) -> tuple[Asked | None, Conversation | None]:
        asked = self._links.read(token)
        until = open_until(asked, follow_up().survey.open_days) if asked else 0
        if asked is None or time.time() * 1000 > until:
            return None, None
        try:
            return asked, await self._parts.conversations.read(asked.conversation)
        except NotFound:  # erased
            return None, None

    def _question(self, of: Conversation, chosen: str, status: int = 200) -> HTTPResponse:
        answers = [(value, self._words.answers.of(value)) for value in ANSWERS]
        title = self._words.question
        return self._page(title, [], status, of, answers=answers, chosen=chosen)

    def _thanks(self, of: Conversation) -> HTTPResponse:
        given = of.meta.get(SURVEY, "")
        lines = [self._words.thanks_for.of(one) for one in ANSWERS if one == given]
        return self._page(self._words.thanks, lines, 200, of)

    def _gone(self) -> HTTPResponse:
        return self._page(self._words.gone, [self._words.gone_why], 404)

    def _page(
        self, title: str, lines: Sequence[str], status: int, of: Conversation | None = None,
        **more: Any,
    ) -> HTTPResponse:  # fmt: skip
        content = self._parts.content
        about = ""
        if of is not None and of.case.number:
            problem = problem_in_words(of.case, content)
            about = self._words.your_case.format(number=of.case.number, problem=problem)
        values = {
            "title": title, "lines": lines, "brand": content.brand, "style": self._style,
            "about": about, "words": self._words, "answers": (), "chosen": "",
        }  # fmt: skip
        digest = base64.b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        headers = {
            "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
            # Without any, browsers leave out of the form's Origin where it comes from.
            "Referrer-Policy": "same-origin",
        }
        body = self._template.render(values | more)
        return HTTPResponse(body, status, headers, content_type="text/html; charset=utf-8")


def _has_answered(conversation: Conversation, asked: Asked) -> bool:
    return conversation.meta.get(SURVEY_OF) == str(asked.at)


def _style(colours: dict[str, str]) -> str:
    """The style sheet in the operator's colours."""
    style = (TEMPLATES / "survey.css").read_text(encoding="utf-8")
    brand, on_brand = colours.get("primary", "#1f4f8f"), colours.get("on_primary", "#ffffff")
    return f"{style}:root {{ --brand: {brand}; --on-brand: {on_brand}; }}"
