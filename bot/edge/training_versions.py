"""Versions of the model: which there are, which is live, going live and going back."""

from __future__ import annotations

import asyncio
from typing import Annotated

from msgspec import Meta
from sanic import HTTPResponse, Request

from bot.edge.access import Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.edge.schemas import Body, read_json
from bot.engine.models import MODELS, fingerprint, serving_model
from bot.errors import FirstlineError
from bot.staff.roles import Roles
from bot.training.versions import SUFFIX, Promotion, Versions

SHOWN = 30

Why = Annotated[str, Meta(max_length=500)]


class GoLive(Body, frozen=True):
    """Makes a model live."""

    model: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
    why: Why = ""


class GoBack(Body, frozen=True):
    """Makes the former model live again."""

    why: Why = ""


class VersionsApi:
    """Who trained what and why, and what answers customers."""

    def __init__(self, parts: Parts) -> None:
        self._audit = parts.audit
        self._state_dir = parts.settings.state_dir
        self._versions = Versions(MODELS, parts.settings.state_dir)

    async def versions(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/train/versions"""
        return json_answer(await asyncio.to_thread(self._shown), headers=NO_STORE)

    async def go_live(self, request: Request) -> HTTPResponse:
        """POST /api/v1/staff/train/live"""
        body = await read_json(request, GoLive)
        former = await asyncio.to_thread(self._live)
        if body.model == former:
            raise Problem(409, "live-already", "This model is live already.")
        staff = request.ctx.staff.id
        try:
            done = self._versions.promote(body.model, staff, body.why, former)
        except FirstlineError as error:
            raise Problem(404, "no-model", str(error)) from error
        return await self._answer(staff, "training.go_live", done)

    async def go_back(self, request: Request) -> HTTPResponse:
        """POST /api/v1/staff/train/back"""
        body = await read_json(request, GoBack)
        staff = request.ctx.staff.id
        try:
            done = self._versions.rollback(staff, body.why)
        except FirstlineError as error:
            raise Problem(409, "no-former", str(error)) from error
        return await self._answer(staff, "training.go_back", done)

    async def _answer(self, staff: str, what: str, done: Promotion) -> HTTPResponse:
        await self._audit.record(
            staff, what, f"model:{done.model}", {"former": f"model:{done.former}"}
        )
        return json_answer(done, headers=NO_STORE)

    def _live(self) -> str:
        try:
            return serving_model(MODELS, self._state_dir).name.removesuffix(SUFFIX)
        except FirstlineError:
            return ""

    def _shown(self) -> dict[str, object]:
        live = self._versions.live()
        return {
            "versions": self._versions.all()[:SHOWN],
            "history": self._versions.history()[-SHOWN:],
            "live": self._live(),
            "former": live.former if live else "",
            "present": fingerprint(),
        }

    def routes(self, prefix: str, audience: Roles) -> list[Route]:
        """The addresses of versions."""
        return [
            Route("GET", f"{prefix}/versions", self.versions, audience, "training_versions"),
            Route("POST", f"{prefix}/live", self.go_live, audience, "training_live"),
            Route("POST", f"{prefix}/back", self.go_back, audience, "training_back"),
        ]
