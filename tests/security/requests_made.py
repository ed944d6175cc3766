"""Requests made from the description of an API: such as fit it, and such as do not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

# A long run makes it 300.
EXAMPLES = int(os.environ.get("FIRSTLINE_TEST_FUZZ", "2"))
CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

Json = dict[str, Any]
Prepare = Callable[[Case[Any]], dict[str, str]]


def operations(description: Json) -> Iterator[Any]:
    """The calls of the description."""
    for found in schemathesis.openapi.from_dict(description).get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def faults(operation: Any, prepare: Prepare, url: str) -> list[str]:
    """What went wrong in the calls of one operation.

    prepare: fills in what cannot be guessed; returns the headers to send.
    """
    wrong: list[str] = []
    for mode in GenerationMode:
        try:
            _try(operation.as_strategy(generation_mode=mode), prepare, url)
        except Unsatisfiable:
            continue  # nothing about this call can be wrong: it takes nothing
        except Exception as error:  # schemathesis raises groups of failures
            wrong.append(f"{operation.label}: {_told(error)}")
    return wrong


def _try(cases: Any, prepare: Prepare, url: str) -> None:
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=EXAMPLES < 100,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(cases)
    def tried(case: Case[Any]) -> None:
        headers = prepare(case)
        answer = case.call(base_url=url, headers=headers, timeout=30)
        case.validate_response(answer, checks=CHECKED)

    tried()


def _told(error: BaseException) -> str:
    inner = getattr(error, "exceptions", None)
    return " | ".join(map(_told, inner)) if inner else f"{type(error).__name__}: {error}"
