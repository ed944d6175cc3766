"""The description of the staff API, made from the table of its routes, and served to staff only.

Bodies are the types that check them. Answers are described by their kind alone: the desk's own
pages are their readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from sanic import HTTPResponse, Request

from bot.edge import (
    desk_case,
    desk_moves,
    desk_queues,
    staff_session,
    training_api,
    training_content,
    training_versions,
)
from bot.edge.access import CSRF_HEADER, SAFE, STAFF, Audience, Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.cookies import SESSION_COOKIE
from bot.edge.problems import PROBLEM_JSON, ProblemDetails
from bot.edge.schemas import Body
from bot.staff.roles import ANY_ROLE

Json = dict[str, Any]

# What is sent, by the route's name; nothing is sent to the other unsafe ones.
BODIES: dict[str, type[Body]] = {
    "sign_in": staff_session.SignIn,
    "change_password": staff_session.NewPassword,
    "set_presence": desk_queues.NewStatus,
    "desk_claim": desk_moves.Seen,
    "desk_release": desk_moves.Seen,
    "desk_reopen": desk_moves.Seen,
    "desk_return": desk_moves.Return,
    "desk_transfer": desk_moves.Transfer,
    "desk_resolve": desk_moves.Resolve,
    "desk_messages": desk_moves.NewText,
    "desk_notes": desk_moves.NewText,
    "desk_case": desk_case.StaffEdit,
    "training_nearest": training_api.Sentence,
    "training_label": training_api.NewLabel,
    "training_dismiss": training_api.Settled,
    "training_order": training_api.NewJob,
    "training_write": training_content.ContentEdit,
    "training_live": training_versions.GoLive,
    "training_back": training_versions.GoBack,
}
WITHOUT_BODY = frozenset({"sign_out", "sign_out_everywhere", "replay"})
QUERIES: dict[str, tuple[str, ...]] = {
    "audit": ("before",),
    "figures": ("days",),
    "figures_csv": ("days",),
    "desk_events": ("after", "wait"),
    "training_inbox": ("days",),
    "training_message": ("id",),
    "training_browse": ("q",),
}

_PLACE = re.compile(r"<(\w+):\w+>")


def routes(others: Iterable[Route], base_url: str) -> list[Route]:
    """The address of the description; `others` are all other routes of the edge."""
    description = describe(others, base_url)

    async def staff_openapi(request: Request) -> HTTPResponse:
        return json_answer(description, headers=NO_STORE)

    return [Route("GET", f"{STAFF}/openapi.json", staff_openapi, ANY_ROLE)]


def describe(routes: Iterable[Route], base_url: str) -> Json:
    """The OpenAPI document of those of the routes that are for staff."""
    _, schemas = msgspec.json.schema_components(
        (*BODIES.values(), ProblemDetails), ref_template="#/components/schemas/{name}"
    )
    paths: dict[str, Json] = {}
    for route in routes:
        if route.path.startswith(STAFF):
            path = paths.setdefault(_PLACE.sub(r"{\1}", route.path), {})
            path.update({it.lower(): _call(route, it) for it in route.methods.split()})
    signed_in = {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Firstline staff API", "version": "1"},
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"session": signed_in}},
    }


def _call(route: Route, method: str) -> Json:
    problem = {"content": {PROBLEM_JSON: {"schema": _ref(ProblemDetails)}}}
    call: Json = {
        "operationId": route.label,
        "parameters": _parameters(route, method),
        "responses": {
            "2XX": {"description": "Done"},
            "4XX": {"description": "Refused; the reason is in `detail`", **problem},
            "503": {"description": "Not now; see Retry-After", **problem},
        },
    }
    if not isinstance(route.audience, Audience):
        roles = ", ".join(sorted(role.value for role in route.audience))
        call |= {"description": f"For: {roles}", "security": [{"session": []}]}
    if method not in SAFE and route.label in BODIES:
        body = {"application/json": {"schema": _ref(BODIES[route.label])}}
        call["requestBody"] = {"required": True, "content": body}
    return call


def _parameters(route: Route, method: str) -> list[Json]:
    found = [_in("path", name) for name in _PLACE.findall(route.path)]
    found += [_in("query", name) for name in QUERIES.get(route.label, ())]
    if method not in SAFE and not isinstance(route.audience, Audience):
        found.append(_in("header", CSRF_HEADER) | {"required": True})
    return found


def _in(place: str, name: str) -> Json:
    return {"in": place, "name": name, "required": place == "path", "schema": {"type": "string"}}


def _ref(kind: type) -> Json:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
