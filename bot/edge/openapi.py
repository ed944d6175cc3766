"""The description of the customer API, made from the types that check it (OpenAPI 3.1)."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.case.fields import FIELD_NAMES
from bot.edge.problems import PROBLEM_JSON, ProblemDetails
from bot.edge.schemas import (
    Accepted,
    CaseEdit,
    EventPage,
    NewMessage,
    OpenConversation,
    Opened,
    ResumptionLink,
    ResumptionWish,
)
from bot.edge.status import ServiceStatus
from bot.files.store import StoredFile

BODIES = (OpenConversation, NewMessage, CaseEdit, ResumptionWish, ResumptionLink)
ANSWERS = (Opened, Accepted, EventPage, StoredFile, ServiceStatus, ProblemDetails)

Json = dict[str, Any]

_CONVERSATION = "/api/v1/conversations/{conversation}"
_REFUSALS = {
    400: "Not understood",
    401: "No conversation that this token opens",
    403: "A page of this origin is not allowed",
    409: "Not possible in the present state",
    413: "Too large, or too many",
    415: "Of a kind that is not taken",
    422: "Understood, but not acceptable; the reason is in `detail`",
    429: "Too much at once; see Retry-After",
    503: "Not now; see Retry-After",
}


def describe(base_url: str) -> Json:
    """The OpenAPI document of the edge reached at `base_url`."""
    _, components = msgspec.json.schema_components(
        BODIES + ANSWERS, ref_template="#/components/schemas/{name}"
    )
    components["NewMessage"]["oneOf"] = [{"required": ["text"]}, {"required": ["choice"]}]
    components["CaseEdit"]["properties"]["field"]["enum"] = list(FIELD_NAMES)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Firstline customer API", "version": "1"},
        "servers": [{"url": base_url}],
        "paths": _paths(),
        "components": {
            "schemas": components,
            "securitySchemes": {"conversation": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths() -> Json:
    upload = {"type": "object", "required": ["file"],
              "properties": {"file": {"type": "string", "format": "binary"}}}  # fmt: skip
    return {
        "/api/v1/conversations": {
            "post": _call("openConversation", "Open a conversation", {201: _json(Opened)},
                          (400, 403, 413, 415, 422, 429, 503), body=_json(OpenConversation),
                          public=True),
        },
        f"{_CONVERSATION}/messages": {
            "post": _call("say", "Say something, once per `id`",
                          {202: _json(Accepted), 200: _json(Accepted)},
                          (400, 401, 403, 413, 415, 422, 429, 503), body=_json(NewMessage)),
        },
        f"{_CONVERSATION}/events": {
            "get": _call("events", "The log: a stream, or JSON with long polling",
                         {200: {"text/event-stream": {"schema": {"type": "string"}}}
                          | _json(EventPage)},
                         (400, 401, 403, 429, 503), parameters=_reading()),
        },
        f"{_CONVERSATION}/files": {
            "post": _call("sendFile", "Send one file", {201: _json(StoredFile)},
                          (400, 401, 403, 413, 415, 422, 429, 503),
                          body={"multipart/form-data": {"schema": upload}}),
        },
        f"{_CONVERSATION}/files/{{file}}": {
            "get": _call("file", "A file that was sent",
                         {200: {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
                         (401, 403, 404, 503), parameters=[_in("path", "file")]),
        },
        f"{_CONVERSATION}/case": {
            "patch": _call("editCase", "Correct one field of the case", {200: _case()},
                           (400, 401, 403, 409, 413, 415, 422, 429, 503), body=_json(CaseEdit)),
        },
        "/api/v1/resume": {
            "post": _call("sendLink", "E-mail a link that opens a filed case's conversation",
                          {202: {"application/json": {"schema": {"type": "object"}}}},
                          (400, 403, 413, 415, 422, 429, 503), body=_json(ResumptionWish),
                          public=True),
        },
        "/api/v1/resume/open": {
            "post": _call("openLink", "Open the conversation that such a link names",
                          {201: _json(Opened)}, (400, 403, 413, 415, 422, 429, 503),
                          body=_json(ResumptionLink), public=True),
        },
        "/api/v1/status": {
            "get": _call("status", "Open now, response times, incidents",
                         {200: _json(ServiceStatus)}, (403,), public=True),
        },
    }  # fmt: skip


def _call(
    name: str, summary: str, answers: Json | dict[int, Json], refusals: tuple[int, ...], *,
    body: Json | None = None, parameters: list[Json] | None = None, public: bool = False,
) -> Json:  # fmt: skip
    responses: Json = {
        str(status): {"description": "Done", "content": content}
        for status, content in answers.items()
    }
    for status in refusals:
        responses[str(status)] = {
            "description": _REFUSALS.get(status, "Nothing there"),
            "content": {PROBLEM_JSON: {"schema": _ref(ProblemDetails)}},
        }
    call: Json = {"operationId": name, "summary": summary, "responses": responses}
    if body is not None:
        call["requestBody"] = {"required": True, "content": body}
    if not public:
        call["security"] = [{"conversation": []}]
        call["parameters"] = [_in("path", "conversation"), *(parameters or [])]
    return call


def _reading() -> list[Json]:
    return [
        _in("header", "Last-Event-ID"),
        _in("query", "after"),
        _in("query", "wait", {"type": "number", "minimum": 0, "maximum": 25}),
    ]


def _in(place: str, name: str, schema: Json | None = None) -> Json:
    return {"in": place, "name": name, "required": place == "path",
            "schema": schema or {"type": "string"}}  # fmt: skip


def _case() -> Json:
    return {"application/json": {"schema": {"type": "object", "description": "The case as shown"}}}


def _json(kind: type) -> Json:
    return {"application/json": {"schema": _ref(kind)}}


def _ref(kind: type) -> Json:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
