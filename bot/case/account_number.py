"""Account numbers for eyes that need not see them whole."""

from __future__ import annotations

SHOWN = 4


def masked(number: str) -> str:
    """`••` and the last four characters of `number`, where that leaves any hidden."""
    return "••" + (number[-SHOWN:] if len(number) > SHOWN else "")
