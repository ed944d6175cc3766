"""`firstline doctor`: everything that is needed, checked one by one."""

from __future__ import annotations

import sys

import click

from bot.settings import load_settings
from bot.supervisor.checks import FAILED, NOTE, OK, look_at

MARKS = {OK: ("ok", "green"), NOTE: ("note", "yellow"), FAILED: ("FAILED", "red")}


@click.command()
def doctor() -> None:
    """Check all that Firstline needs, and say how to mend it.

    Exit code 0 when it can start (notes do not count), 1 when it cannot.
    """
    failed = 0
    for finding in look_at(load_settings()):
        mark, colour = MARKS[finding.state]
        click.echo(f"{click.style(f'{mark:<7}', fg=colour)} {finding.name}: {finding}")
        failed += finding.state == FAILED
    if failed:
        click.echo(f"\n{failed} of these keep Firstline from starting.")
        sys.exit(1)
    click.echo("\nFirstline can start.")
