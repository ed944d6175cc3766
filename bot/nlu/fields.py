"""From Rasa entities to the fields of a case, as `understand` and the actions want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

STEP = "step"
FIELD = "field"
STEPS_TRIED = "steps_tried"
KEPT = ("value", "verbatim", "confidence", "code", "correction", "partial", "replaces")


def fields_of(entities: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The fields that a message states: {name: {"value", "verbatim", "confidence", …}}.

    Steps are gathered into one `steps_tried` in the order said; of several values for another
    field, a correction wins, then the surest, then the last. `field` (which field
    to change) is no field.
    """
    fields: dict[str, dict[str, Any]] = {}
    steps: list[Mapping[str, Any]] = []
    for entity in entities:
        name = entity["entity"]
        if name == FIELD:
            continue
        if name == STEP:
            steps.append(entity)
        elif name not in fields or _rank(entity) >= _rank(fields[name]):
            fields[name] = {key: entity[key] for key in KEPT if key in entity}
    if steps:
        fields[STEPS_TRIED] = {
            "value": [step["value"] for step in steps],
            "verbatim": "; ".join(str(step["verbatim"]) for step in steps),
            "confidence": min(step["confidence"] for step in steps),
        }
    return fields


def _rank(entity: Mapping[str, Any]) -> tuple[bool, float]:
    return bool(entity.get("correction")), float(entity.get("confidence", 0.0))
