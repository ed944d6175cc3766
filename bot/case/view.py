"""The case as the customer may see it."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.case.completeness import asked_fields, missing
from bot.case.model import Case
from bot.case.subject import problem_in_words
from bot.content import Content


def customer_view(case: Case, content: Content) -> dict[str, Any]:
    """What `case` events and the answer to a change of a field carry, ready for JSON."""
    wanted = asked_fields(case, content)
    return {
        "case": case.number,
        "revision": case.revision,
        "status": "filed" if case.filed else "draft",
        "category": case.category,
        "problem": case.problem,
        "problem_title": problem_in_words(case, content),
        "fields": {
            name: msgspec.to_builtins(case.field(name)) | {"label": field.label}
            for name, field in content.fields.items()
            if name in case.fields or name in wanted
        },
        "missing": msgspec.to_builtins(missing(case, content)),
        "confirmed_by_customer": case.confirmed_by_customer,
        "response_time": content.response_times[case.category].text if case.filed else None,
    }
