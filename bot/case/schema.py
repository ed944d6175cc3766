"""The JSON Schema of the case document, published as docs/case.schema.json for whoever receives cases.

`python -m bot.case.schema` writes it anew; tests/case/test_document.py says when that is due.
"""

from __future__ import annotations

import json
from inspect import cleandoc
from typing import Any

import msgspec

from bot.case.document import CaseDocument
from bot.settings import ROOT

PUBLISHED = ROOT / "docs" / "case.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def case_schema() -> str:
    """The schema as it is published (JSON Schema 2020-12), indented for people to read."""
    schema: dict[str, Any] = msgspec.json.schema(CaseDocument)
    for part in schema["$defs"].values():
        if "description" in part:
            part["description"] = cleandoc(part["description"])  # as Python 3.13 has it already
    return json.dumps({"$schema": DIALECT, **schema}, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PUBLISHED.write_text(case_schema(), encoding="utf-8")
