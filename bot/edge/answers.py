"""Answers in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sanic import HTTPResponse

NO_STORE = {"Cache-Control": "no-store"}

_ENCODER = msgspec.json.Encoder()


def json_answer(
    value: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """`value` as a JSON answer."""
    return HTTPResponse(
        _ENCODER.encode(value), status, dict(headers or {}), content_type="application/json"
    )
