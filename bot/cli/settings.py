"""`firstline settings`: what the environment and .env amount to."""

from __future__ import annotations

import click

from bot.settings import load_settings

# Not for people: the supervisor sets it for the processes.
INTERNAL = {"FIRSTLINE_MAILBOX_PORT"}


@click.command()
def settings() -> None:
    """Print the settings as they are in force, secrets hidden."""
    for name, value in load_settings().shown().items():
        if name not in INTERNAL:
            click.echo(f"{name}={value}")
