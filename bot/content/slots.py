"""Texts with names in braces: which names may stand in one."""

from __future__ import annotations

from collections.abc import Collection
from string import Formatter

from bot.errors import ContentError


def check_slots(where: str, text: str, known: Collection[str]) -> None:
    """Raises `ContentError`, beginning with `where`, for a brace or a name that cannot be filled in."""
    try:
        used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ContentError(f"{where}: {error}. Write a brace as {{{{ or }}}}") from error
    for name in sorted(used - set(known)):
        may = ", ".join(f"{{{it}}}" for it in sorted(known))
        raise ContentError(f"{where}: nothing is called {{{name}}} here. Use {may}")
