"""The desk's API: its addresses, all for agents and managers unless their module says otherwise."""

from __future__ import annotations

from bot.edge import desk_case, desk_conversations, desk_figures, desk_moves, desk_queues
from bot.edge.access import Route
from bot.edge.parts import Parts


def routes(parts: Parts) -> list[Route]:
    """What the desk calls."""
    tables = (desk_queues, desk_conversations, desk_moves, desk_case, desk_figures)
    return [route for table in tables for route in table.routes(parts)]
