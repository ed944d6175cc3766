"""A value found in a message, with the words it was said in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EXTRACTOR = "CaseExtractor"


@dataclass(frozen=True)
class Found:
    """One value of the entity `entity`, said in text[start:end].

    `extra` goes into the Rasa entity as it is: `code` of an error, `partial`, `replaces` and
    `correction` of a correction.
    """

    entity: str
    start: int
    end: int
    value: Any
    verbatim: str
    confidence: float
    extra: dict[str, Any] = field(default_factory=dict)

    def as_entity(self) -> dict[str, Any]:
        """The value as a Rasa entity."""
        return {
            "entity": self.entity, "start": self.start, "end": self.end, "value": self.value,
            "verbatim": self.verbatim, "confidence": self.confidence, "extractor": EXTRACTOR, **self.extra,
        }  # fmt: skip


def overlaps(one: Found, other: Found) -> bool:
    """Whether two values share a character."""
    return one.start < other.end and other.start < one.end
