"""Answers as CSV files that a spreadsheet may open."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from sanic import HTTPResponse

from bot.edge.answers import NO_STORE

# What a spreadsheet would compute instead of show (OWASP, "CSV Injection").
_FORMULA = re.compile(r"\A\s*[=+\-@＝＋－＠\t\r]")


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HTTPResponse:
    """A CSV file to download (RFC 4180), in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
    # The mark has spreadsheets read UTF-8.
    body = out.getvalue().encode("utf-8-sig", "replace")
    return HTTPResponse(body, headers=headers, content_type="text/csv; charset=utf-8")


def safe_cell(value: object) -> object:
    """The value as a cell that a spreadsheet shows as it is; numbers stay numbers."""
    if isinstance(value, (int, float)):
        return value
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text
