"""The trainers' workbench: inbox, labelling, jobs, and which model is live."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sanic import HTTPResponse, Request

from bot.edge.access import STAFF, Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.edge.schemas import Body, read_json
from bot.edge.training_content import ContentApi
from bot.edge.training_versions import VersionsApi
from bot.errors import ContentError, NotFound
from bot.settings import ROOT
from bot.staff.roles import Role
from bot.training.collect import log_of, settle
from bot.training.files import Workspace
from bot.training.inbox import REASONS
from bot.training.jobs import COMPARE, FAILED, INBOX, NEAREST, TRAIN, Job, Jobs
from bot.training.label import New, Taught, keep_test, labels, teach, teach_new
from bot.training.masking import anonymous

TRAINERS = frozenset({Role.TRAINER})
TRAINING = f"{STAFF}/train"
# The first look after a start may have to wait until all examples are encoded.
LOOK_SECONDS = 50.0
LOOK_EVERY = 0.05
MOST_DAYS = 90.0

T = TypeVar("T")
Text = Annotated[str, Meta(min_length=1, max_length=2_000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class NewLabel(Body, frozen=True):
    """What a message of the inbox means; `text` are other words for the example.

    `also`: like messages that mean the same; they become examples too where they teach anything.
    `test`: the conversation becomes a test, in which the words of `values` must be found for those
    fields of the case. `new`: makes the label, an intent or `faq/<article>`, which there is not yet.
    """

    message: Name
    label: Name
    text: Text | UnsetType = UNSET
    also: Annotated[list[Name], Meta(max_length=500)] = []
    test: bool = False
    values: Annotated[dict[Name, Name], Meta(max_length=20)] = {}
    new: New | UnsetType = UNSET


class Settled(Body, frozen=True):
    """Messages that teach nothing."""

    messages: Annotated[list[Name], Meta(min_length=1, max_length=500)]


class Sentence(Body, frozen=True):
    """A sentence to be looked at: what is it near to, and would it teach `label` anything?"""

    text: Text
    label: Annotated[str, Meta(max_length=200)] = ""
    thought: dict[str, Any] = {}


class NewJob(Body, frozen=True):
    """A job: train (why?) or compare (model, with the live one unless `against` is given)."""

    kind: Annotated[str, Meta(pattern=f"^({TRAIN}|{COMPARE})$")]
    why: Annotated[str, Meta(max_length=500)] = ""
    model: Annotated[str, Meta(pattern="^[0-9a-f]{0,16}$")] = ""
    against: Annotated[str, Meta(pattern="^[0-9a-f]{0,16}$")] = ""


class TrainingApi:
    """What trainers do with messages, and the work that is done for them."""

    def __init__(self, parts: Parts, workspace: Workspace) -> None:
        self._redis = parts.redis
        self._audit = parts.audit
        self._jobs = Jobs(parts.redis)
        self._fields = {name: field.label for name, field in parts.content.fields.items()}
        self._workspace = workspace
        self._editing = asyncio.Lock()

    async def inbox(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/train/inbox"""
        try:
            days = min(float(request.args.get("days", 7)), MOST_DAYS)
        except ValueError as error:
            raise Problem(422, "invalid", "`days` is a number.") from error
        job = await self._looked(request, INBOX, {"days": days})
        shown = {"reasons": REASONS, "fields": self._fields, **(job.result or {})}
        return json_answer(shown, headers=NO_STORE)

    async def nearest(self, request: Request) -> HTTPResponse:
        """POST /api/v1/staff/train/nearest"""
        body = await read_json(request, Sentence)
        wants = {"text": body.text, "label": body.label, "thought": body.thought}
        return json_answer((await self._looked(request, NEAREST, wants)).result, headers=NO_STORE)

    async def labels(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/train/labels"""
        return json_answer(await asyncio.to_thread(labels, self._workspace), headers=NO_STORE)

    async def words(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/train/message?id=: a message as it would become an example."""
        _, event = await log_of(self._redis, _id_of(request))
        return json_answer({"text": anonymous(str(event.body.get("text", "")))}, headers=NO_STORE)

    async def label(self, request: Request) -> HTTPResponse:
        """POST /api/v1/staff/train/labels"""
        body = await read_json(request, NewLabel)
        events, event = await log_of(self._redis, body.message)
        text = str(event.body.get("text", "")) if isinstance(body.text, UnsetType) else body.text
        others = [(await log_of(self._redis, it))[1].body.get("text", "") for it in body.also]

        def change() -> dict[str, Any]:
            taught = _taught(self._workspace, text, body)
            for other in others:
                with suppress(ContentError):  # the same sentence once more
                    teach(self._workspace, str(other), body.label)
            test = ""
            if body.test:
                test = keep_test(self._workspace, events, event, body.label, body.values)
            return {**msgspec.to_builtins(taught), "test": test}

        done = await self._edit(change)
        staff = request.ctx.staff.id
        await settle(self._redis, [body.message, *body.also], staff, body.label)
        await self._audit.record(
            staff, "training.label", body.message.partition("/")[0], {"label": body.label}
        )
        return json_answer({**done, "written": self._workspace.writable}, headers=NO_STORE)

    async def dismiss(self, request: Request) -> HTTPResponse:
        """POST /api/v1/staff/train/dismissed"""
        body = await read_json(request, Settled)
        await settle(self._redis, body.messages, request.ctx.staff.id, "dismissed")
        return HTTPResponse(status=204, headers=NO_STORE)

    async def order(self, request: Request) -> HTTPResponse:
        """POST /api/v1/staff/train/jobs"""
        body = await read_json(request, NewJob)
        if body.kind == COMPARE and not body.model:
            raise Problem(422, "invalid", "Say which model is to be compared.")
        wants = {"why": body.why, "model": body.model, "against": body.against}
        job = await self._jobs.order(body.kind, request.ctx.staff.id, wants)
        await self._audit.record(request.ctx.staff.id, f"training.{body.kind}", body.model)
        return json_answer(job, 202, headers=NO_STORE)

    async def job(self, request: Request, id: str) -> HTTPResponse:
        """GET /api/v1/staff/train/jobs/{id}"""
        return json_answer(await self._jobs.read(id), headers=NO_STORE)

    async def _edit(self, change: Callable[[], T]) -> T:
        async with self._editing:
            try:
                return await asyncio.to_thread(change)
            except ContentError as error:
                raise Problem(422, "content", str(error)) from error

    async def _looked(self, request: Request, kind: str, wants: dict[str, Any]) -> Job:
        """Has a short job done and waits for it. Raises `Problem` 503 when nobody does it."""
        job = await self._jobs.order(kind, request.ctx.staff.id, wants)
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                while not job.ended:
                    await asyncio.sleep(LOOK_EVERY)
                    job = await self._jobs.read(job.id)
        except TimeoutError as error:
            words = "The trainer process is busy or not running. Please try again in a moment."
            raise Problem(503, "trainer-busy", words, {"Retry-After": "10"}) from error
        if job.state == FAILED:
            raise Problem(503, "trainer-failed", job.fault)
        return job


def _taught(workspace: Workspace, text: str, body: NewLabel) -> Taught:
    if isinstance(body.new, UnsetType):
        return teach(workspace, text, body.label)
    return teach_new(workspace, text, body.label, body.new)


def _id_of(request: Request) -> str:
    id = str(request.args.get("id", ""))
    if "/" not in id:
        raise NotFound("no such message")
    return id


def routes(parts: Parts) -> list[Route]:
    """Everything under /api/v1/staff/train is for trainers."""
    workspace = Workspace(ROOT, parts.settings.state_dir / "training")
    api = TrainingApi(parts, workspace)
    return [
        Route("GET", f"{TRAINING}/inbox", api.inbox, TRAINERS, "training_inbox"),
        Route("GET", f"{TRAINING}/message", api.words, TRAINERS, "training_message"),
        Route("POST", f"{TRAINING}/nearest", api.nearest, TRAINERS, "training_nearest"),
        Route("GET", f"{TRAINING}/labels", api.labels, TRAINERS, "training_labels"),
        Route("POST", f"{TRAINING}/labels", api.label, TRAINERS, "training_label"),
        Route("POST", f"{TRAINING}/dismissed", api.dismiss, TRAINERS, "training_dismiss"),
        Route("POST", f"{TRAINING}/jobs", api.order, TRAINERS, "training_order"),
        Route("GET", f"{TRAINING}/jobs/<id:str>", api.job, TRAINERS, "training_job"),
        *ContentApi(parts, workspace).routes(TRAINING, TRAINERS),
        *VersionsApi(parts).routes(TRAINING, TRAINERS),
    ]
