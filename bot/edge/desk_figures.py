"""The figures, for those who answer for the desk: live, and as CSV."""

from __future__ import annotations

from msgspec.structs import astuple
from sanic import HTTPResponse, Request

from bot.desk.figures import MOST_DAYS, Day, read_figures
from bot.edge.access import STAFF, Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.csv_answer import csv_answer
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.staff.roles import Role

READERS = frozenset({Role.MANAGER, Role.ADMIN})
USUAL_DAYS = 7


class FiguresApi:
    """Reading the figures."""

    def __init__(self, parts: Parts) -> None:
        self._redis = parts.redis
        self._content = parts.content

    async def figures(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/figures"""
        found = await read_figures(self._redis, self._content, _days(request))
        return json_answer(found, headers=NO_STORE)

    async def export(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/figures.csv, a row a day; what there is none of is an empty cell"""
        found = await read_figures(self._redis, self._content, _days(request))
        rows = (["" if it is None else it for it in astuple(day)] for day in found.days)
        return csv_answer("figures.csv", Day.__struct_fields__, rows)


def routes(parts: Parts) -> list[Route]:
    """For managers and admins."""
    api = FiguresApi(parts)
    return [
        Route("GET", f"{STAFF}/figures", api.figures, READERS),
        Route("GET", f"{STAFF}/figures.csv", api.export, READERS, "figures_csv"),
    ]


def _days(request: Request) -> int:
    given = request.args.get("days") or str(USUAL_DAYS)
    if not given.isdecimal() or not 1 <= int(given) <= MOST_DAYS:
        raise Problem(400, "days", f"`days` is a number from 1 to {MOST_DAYS}.")
    return int(given)
